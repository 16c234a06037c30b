"""The playground's ComfyUI, and Kinora's client of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image

from bot.models import Picture, VideoModel, VideoRequest
from bot.providers.base import ProviderEvent, TaskHandle
from bot.providers.comfyui.client import ComfyClient
from bot.providers.comfyui.server import ComfyServer
from bot.providers.comfyui.workflow import load_workflow
from bot.providers.patience import Patience
from playground.bot_process import WORKFLOW
from playground.fake_video_service.generation import FilmPlan
from playground.fake_video_service.server import VideoService
from playground.pictures.art import encode

KEY = "front-door"
PICTURE = encode(Image.new("RGB", (64, 48), "teal"), "PNG")
TINY = FilmPlan(seconds=0.3, size=(64, 48), work_seconds=1.0)


class World:
    """A service, and clients of it."""

    def __init__(self, service: VideoService, session: aiohttp.ClientSession, folder: Path) -> None:
        self.service = service
        self.comfy = service.comfy
        self.session = session
        self.path = folder / "film.mp4"
        self._picture = folder / "cat.png"
        self._picture.write_bytes(PICTURE)

    def client(self, key: str = KEY, patience: Patience | None = None) -> ComfyClient:
        workflows = {"wan": load_workflow(str(WORKFLOW))}
        return ComfyClient(ComfyServer(self.session, self.service.url, key), workflows, patience)

    def request(self, prompt: str, **changes: Any) -> VideoRequest:
        picture = Picture(self._picture, "image/png", len(PICTURE))
        return VideoRequest(1, 2, 3, 4, VideoModel("wan", "Wan"), prompt, (picture,), **changes)

    async def generate(
        self, prompt: str, client: ComfyClient | None = None, on: Callable[[ProviderEvent], Any] = lambda event: None
    ) -> list[ProviderEvent]:
        """Run a prompt to its end; ``on`` hears of each event, and may return something to await."""
        events = []
        async with asyncio.timeout(30), aclosing((client or self.client()).generate(self.request(prompt))) as stream:
            async for event in stream:
                events.append(event)
                if told := on(event):
                    await told
        return events

    async def follow(self, task: TaskHandle) -> list[ProviderEvent]:
        async with asyncio.timeout(30), aclosing(self.client().follow(self.request(""), task)) as stream:
            return [event async for event in stream]

    async def until_queued(self, count: int) -> None:
        """Wait until that many prompts are in the queue, the running one included."""
        machine = self.comfy.machine
        async with asyncio.timeout(10):
            while len(machine.waiting) + bool(machine.running) < count:  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.02)

    def bodies(self, path: str) -> list[Any]:
        """What was posted to a path so far."""
        return [request.body for request in self.service.requests if request.path == path and request.method == "POST"]

    def calls(self, *words: str) -> list[str]:
        """The requests so far that begin with one of ``words``."""
        asked = [f"{request.method} {request.path}" for request in self.service.requests]
        return [call for call in asked if any(call.startswith(word) for word in words)]


@asynccontextmanager
async def world(folder: Path, *, key: str = KEY, pace: float = 0.1, plan: FilmPlan = TINY) -> AsyncIterator[World]:
    service = VideoService(key, folder / "films", pace=pace, plan=plan)
    await service.start()
    try:
        async with aiohttp.ClientSession() as session:
            yield World(service, session, folder)
    finally:
        await service.stop()
