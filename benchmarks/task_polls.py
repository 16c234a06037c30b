"""How often the clients of a task service ask for a task of two minutes, and how soon they notice its end."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from statistics import mean

import aiohttp
from aiohttp import web
from openai import AsyncOpenAI

from benchmarks.clients import KEY, MODEL, PROMPT
from benchmarks.table import Row
from bot.media.fetcher import Fetcher
from bot.models import Picture, VideoModel, VideoRequest
from bot.providers.base import FinishedVideo
from bot.providers.patience import Patience
from bot.providers.tasks.client import TaskClient
from bot.providers.tasks.descriptions.file import load_description

LASTS = 120.0  # seconds
TASKS = 20
MOST_POLLS, NOTICED_WITHIN = 40, 8.0  # seconds
_FILM = b"\0\0\0\x18ftypmp42" + bytes(4096)

Ask = Callable[["_Service"], Awaitable[None]]


def measure() -> list[Row]:
    """Return the polls of a task and the seconds to its end, of Kinora's client and of the ``openai`` package's."""
    return asyncio.run(_measure())


class _Service:
    """A service of one task at a time, whose seconds pass only while its client sleeps."""

    def __init__(self) -> None:
        self.url = ""
        self.now = 0.0
        self.polls = 0
        self._made_at = 0.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    @property
    def since_the_end(self) -> float:
        """The seconds since the task was made."""
        return self.now - self._made_at

    async def create(self, request: web.Request) -> web.Response:
        await request.read()
        self.polls, self._made_at = 0, self.now + LASTS
        return self._task("queued")

    async def poll(self, request: web.Request) -> web.Response:
        self.polls += 1
        return self._task("completed" if self.since_the_end >= 0 else "in_progress")

    async def content(self, request: web.Request) -> web.Response:
        return web.Response(body=_FILM, content_type="video/mp4")

    def _task(self, status: str) -> web.Response:
        return web.json_response({"id": "video_1", "object": "video", "model": MODEL, "status": status, "progress": 0})


@asynccontextmanager
async def _listening() -> AsyncIterator[_Service]:
    service, app = _Service(), web.Application(client_max_size=2**24)
    app.router.add_post("/v1/videos", service.create)
    app.router.add_get("/v1/videos/video_1", service.poll)
    app.router.add_get("/v1/videos/video_1/content", service.content)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        service.url = "http://{}:{}".format(*runner.addresses[0][:2])
        yield service
    finally:
        await runner.cleanup()


async def _measure() -> list[Row]:
    async with _listening() as service, aiohttp.ClientSession() as session, Fetcher(["localhost"]) as fetcher:
        with tempfile.TemporaryDirectory() as folder:
            picture = Path(folder) / "picture.png"
            await asyncio.to_thread(picture.write_bytes, b"\x89PNG" + bytes(200_000))
            ours = [await _asked(service, partial(_kinora, session, fetcher, picture)) for _ in range(TASKS)]
        sdk = [await _asked(service, _sdk)]
        polls, late = (max(values) for values in zip(*ours, strict=True))
        first = f"{mean(count for count, _ in ours):.0f}, at most {polls}"
    return [
        Row(
            f"task of {LASTS:g} s: polls",
            first,
            str(sdk[0][0]),
            f"{polls / sdk[0][0]:.2f} x",
            f"<= {MOST_POLLS}",
            polls <= MOST_POLLS,
        ),
        Row(
            f"task of {LASTS:g} s: its end is noticed after",
            f"at most {late:.1f} s",
            f"{sdk[0][1]:.1f} s",
            "–",
            f"<= {NOTICED_WITHIN:g} s",
            late <= NOTICED_WITHIN,
        ),
    ]


async def _asked(service: _Service, ask: Ask) -> tuple[int, float]:
    """Let a client make one video; return its polls, and the seconds from the end of the task until it knew."""
    await ask(service)
    return service.polls, service.since_the_end


async def _kinora(session: aiohttp.ClientSession, fetcher: Fetcher, picture: Path, service: _Service) -> None:
    client = TaskClient(
        session,
        describe=partial(load_description, "videos"),
        url=service.url,
        key=KEY,
        fetch=fetcher.fetch,
        patience=Patience(clock=lambda: service.now, sleep=service.sleep),
        now=lambda: service.now,
    )
    safe = Picture(picture, "image/png", (await asyncio.to_thread(picture.stat)).st_size)
    request = VideoRequest(1, 2, 3, 4, VideoModel(MODEL, MODEL), PROMPT, (safe,))
    events = [event async for event in client.generate(request)]
    if not isinstance(events[-1], FinishedVideo):
        raise RuntimeError(f"Kinora's client found no video: {events[-1]}")


async def _sdk(service: _Service) -> None:
    async with AsyncOpenAI(base_url=f"{service.url}/v1", api_key=KEY, max_retries=0) as client:
        client.videos._sleep = service.sleep  # type: ignore[method-assign]  # its pauses, in our seconds
        video = await client.videos.create_and_poll(model="sora-2", prompt=PROMPT)
        if video.status != "completed":
            raise RuntimeError(f"the openai package found no video: {video.status}")
