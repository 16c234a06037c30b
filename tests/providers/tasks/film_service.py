"""A task service on a real socket that answers as a test wrote it down, and a time that passes only while one waits."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bot.media.fetcher import Fetcher
from bot.media.pictures.fitter import PictureFitter
from bot.media.pictures.process import PictureProcess
from bot.models import Picture, VideoModel, VideoRequest
from bot.providers.base import ProviderEvent, TaskHandle
from bot.providers.patience import Patience
from bot.providers.tasks.client import TaskClient
from bot.providers.tasks.descriptions.file import load_description
from playground.fake_video_service.film import make_film, pad_film


def _film() -> bytes:
    """Return half a second that plays, of a size that comes in several pieces."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "film.mp4"
        make_film(None, "a cat", path, seconds=0.5, size=(96, 64))
        pad_film(path, 512_000)
        return path.read_bytes()


KEY = "hunter2-the-key-of-the-operator"
FILM = _film()
CREATED = {"id": "video_1", "object": "video", "status": "queued", "progress": 0}
WORKS = {"id": "video_1", "status": "in_progress", "progress": 40}
DONE = {"id": "video_1", "status": "completed", "progress": 100}

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Time:
    """Seconds that pass only in ``sleep``."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class FilmService:
    """Answers each path with what is in its list, in turn, and then with the last of it again."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: dict[str, list[Any]] = {"POST /v1/videos": [CREATED]}
        self.asked: list[tuple[str, dict[str, str], bytes]] = []

    def paths(self, method: str = "") -> list[str]:
        return [line for line, _, _ in self.asked if line.startswith(method)]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        line = f"{request.method} {request.raw_path}"
        self.asked.append((line, dict(request.headers), await request.read()))
        answers = self.answers.get(line, [(404, {"error": {"message": "Video not found"}})])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if callable(answer):
            return await answer(request)
        return response_of(answer)


def response_of(answer: Any) -> web.Response:
    """Return a body, or a status with it, or both with headers, as a response."""
    status, body, headers = (200, answer, {}) if not isinstance(answer, tuple) else (*answer, {})[:3]
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "application/json" if not isinstance(body, bytes) else "video/mp4"
    return web.Response(status=status, body=raw, headers={"Content-Type": kind, **headers})


async def cut(request: web.Request) -> web.StreamResponse:
    """Answer nothing: the connection ends."""
    assert request.transport
    request.transport.abort()
    return web.Response()


def broken_after(size: int) -> Answer:
    """Return an answer that ends after ``size`` bytes of the film, though it promised them all."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "video/mp4", "Content-Length": str(len(FILM))})
        await response.prepare(request)
        await response.write(FILM[:size])
        await asyncio.sleep(0.05)  # it must have left before the connection goes
        assert request.transport
        request.transport.close()
        return response

    return answer


async def from_where_it_was_asked(request: web.Request) -> web.StreamResponse:
    """Answer with the part of the film that Range asks for."""
    start = request.http_range.start or 0
    head = {"Content-Type": "video/mp4", "Content-Range": f"bytes {start}-{len(FILM) - 1}/{len(FILM)}"}
    return web.Response(status=206, body=FILM[start:], headers=head)


class World:
    """The service, clients of it, and a time of their own."""

    def __init__(self, session: aiohttp.ClientSession, fetcher: Fetcher, service: FilmService, folder: Path) -> None:
        self.service = service
        self.time = Time()
        self.folder = folder
        self._session = session
        self._fetcher = fetcher
        picture = folder / "cat.png"
        picture.write_bytes(b"\x89PNG" + bytes(200_000))
        link = "https://cdn.discordapp.example/cat.png"
        safe = Picture(picture, "image/png", picture.stat().st_size, link)
        self.request = VideoRequest(1, 2, 3, 4, VideoModel("wan2.7-i2v", "Wan"), "a cat", (safe,))

    def client(self, service: str = "videos", **options: Any) -> TaskClient:
        limits = {name: options.pop(name) for name in ("stall", "whole") if name in options}
        return TaskClient(
            self._session,
            describe=partial(load_description, service),
            url=self.service.url,
            fit=PictureFitter(self.folder, PictureProcess()).fitted,
            fetch=self._fetcher.fetch,
            patience=Patience(**limits, clock=self.time.clock, sleep=self.time.sleep),
            now=lambda: self.time.now,
            **{"key": KEY, **options},
        )

    async def generate(self, client: TaskClient | None = None) -> list[ProviderEvent]:
        async with asyncio.timeout(20), aclosing((client or self.client()).generate(self.request)) as events:
            return [event async for event in events]

    async def follow(self, task: TaskHandle, **options: Any) -> list[ProviderEvent]:
        async with asyncio.timeout(20), aclosing(self.client(**options).follow(self.request, task)) as events:
            return [event async for event in events]


@contextlib.asynccontextmanager
async def listening() -> AsyncIterator[FilmService]:
    """Give a service that listens."""
    service = FilmService()
    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/{path:.*}", service.handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        service.url = "http://{}:{}".format(*runner.addresses[0][:2])
        yield service
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def opened_world(folder: Path) -> AsyncIterator[World]:
    """Give a service that listens, and clients of it; the loopback may be fetched from."""
    async with listening() as service, aiohttp.ClientSession() as session, Fetcher(["localhost"]) as fetcher:
        yield World(session, fetcher, service, folder)
