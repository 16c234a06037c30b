"""A large video made smaller for Discord: time, memory, likeness, and many at once."""

from __future__ import annotations

import asyncio
import math
import re
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import av
import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own
from aiohttp import web
from av.filter import Graph

from benchmarks.table import Row
from bot.media.fetcher import Fetcher
from bot.media.videos.fitter import VideoFitter
from playground.fake_video_service.film import KINDS, make_film

MB = 1_000_000
LIMIT = 10 * 1024 * 1024  # bytes, the least that Discord takes
SIZE, SECONDS = (1920, 1080), 10.0
RATE = 32_000_000  # bits a second: 40 MB in ten seconds
MOST_SECONDS, MOST_MEMORY = 30.0, 30 * MB
MANY = 20
LATE = 0.5  # seconds that the event loop may be late; an acknowledgement waits as long
_TICK = 0.02


def measure() -> list[Row]:
    """Return the figures of one video by itself, and of ``MANY`` at once."""
    with tempfile.TemporaryDirectory(prefix="kinora-bench-") as directory:
        folder = Path(directory)
        source = folder / "source.mp4"
        options = (("preset", "ultrafast"), ("b", str(RATE)), ("maxrate", str(RATE)), ("bufsize", str(RATE)))
        kind = replace(KINDS["grainy"], options=options)
        make_film(None, "waves", source, seconds=SECONDS, size=SIZE, kind=kind)
        one, many = folder / "one.mp4", [folder / f"{number}.mp4" for number in range(MANY)]
        found = asyncio.run(_fitted(source, one, many))
        return _rows(found, source, one, [path for path in many if path.stat().st_size <= LIMIT])


class _Found(NamedTuple):
    seconds: float  # for one
    processor: float  # seconds of it, for one
    all_seconds: float  # for many
    memory: int  # bytes above idle, of the bot's own process
    encoder: int  # bytes
    late: float  # seconds


@asynccontextmanager
async def _served(folder: Path) -> AsyncIterator[str]:
    """Serve the files of ``folder`` to this machine; the address."""
    app = web.Application()
    app.router.add_static("/", folder)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield "http://{}:{}".format(*runner.addresses[0][:2])
    finally:
        await runner.cleanup()


async def _fitted(source: Path, one: Path, many: list[Path]) -> _Found:
    async with _served(source.parent) as address, Fetcher(["127.0.0.1"]) as fetcher:
        return await _measured(VideoFitter(fetcher.fetch, enabled=True), f"{address}/{source.name}", one, many)


async def _measured(fitter: VideoFitter, link: str, one: Path, many: list[Path]) -> _Found:
    own = psutil.Process()
    idle, begun, spent = own.memory_info().rss, time.monotonic(), _children_time(own)
    watch = asyncio.create_task(_watch(own))
    await fitter.fetch(link, one, limit=LIMIT, within=60)
    seconds, spent = time.monotonic() - begun, _children_time(own) - spent
    begun = time.monotonic()
    await asyncio.gather(*(fitter.fetch(link, path, limit=LIMIT, within=3600) for path in many))
    all_seconds = time.monotonic() - begun
    watch.cancel()
    peak, encoder, late = await watch
    return _Found(seconds, spent, all_seconds, peak - idle, encoder, late)


def _rows(found: _Found, source: Path, one: Path, arrived: list[Path]) -> list[Row]:
    before, after = source.stat().st_size / MB, one.stat().st_size / MB
    what = f"a video of {before:.0f} MB, 1080p, {SECONDS:.0f} s"
    return [
        Row(f"{what}: size", f"{after:.1f} MB", "–", "–", "<= 10 MiB", one.stat().st_size <= LIMIT),
        Row(
            f"{what}: time",
            f"{found.seconds:.1f} s",
            "–",
            "–",
            f"<= {MOST_SECONDS:.0f} s",
            found.seconds <= MOST_SECONDS,
        ),
        Row(f"{what}: of the processor", f"{found.processor:.1f} s", "–", "–"),
        Row(f"{what}: memory of the process that encodes", f"{found.encoder / MB:.0f} MB", "–", "–"),
        Row(f"{what}: likeness (SSIM)", f"{_ssim(source, one):.3f}", "–", "–"),
        Row(f"{MANY} of them at once: arrived", str(len(arrived)), "–", "–", str(MANY), len(arrived) == MANY),
        Row(f"{MANY} of them at once: time", f"{found.all_seconds:.0f} s", "–", "–"),
        Row(
            f"{MANY} of them at once: memory of the bot above idle",
            f"{found.memory / MB:.1f} MB",
            "–",
            "–",
            f"<= {MOST_MEMORY // MB} MB",
            found.memory <= MOST_MEMORY,
        ),
        Row(
            f"{MANY} of them at once: event loop late, p99",
            f"{found.late:.3f} s",
            "–",
            "–",
            f"< {LATE:g} s",
            found.late < LATE,
        ),
    ]


def _children_time(own: psutil.Process) -> float:
    times = own.cpu_times()
    return float(times.children_user + times.children_system)


def _children_memory(own: psutil.Process) -> list[int]:
    """Return the bytes of each process that this one has started, 0 for one that is gone."""
    found = [0]
    for child in own.children():
        with suppress(psutil.NoSuchProcess):
            found.append(child.memory_info().rss)
    return found


async def _watch(own: psutil.Process) -> tuple[int, int, float]:
    """
    Return, once it is cancelled, the peaks of the memory of this process and of the one that encodes, and how late the
    loop was in 99 of 100 ticks.
    """
    peak, encoder, late = 0, 0, []
    try:
        while True:
            due = time.monotonic() + _TICK
            await asyncio.sleep(_TICK)
            late.append(time.monotonic() - due)
            peak = max(peak, own.memory_info().rss)
            encoder = max(encoder, *await asyncio.to_thread(_children_memory, own))
    except asyncio.CancelledError:
        return peak, encoder, sorted(late)[math.ceil(0.99 * len(late)) - 1]


def _ssim(source: Path, fitted: Path) -> float:
    """Return the mean of the structural similarity of all pictures, 1 for the same ones."""
    told = fitted.with_suffix(".ssim")
    with av.open(str(source)) as first, av.open(str(fitted)) as second:
        graph = Graph()
        ways = [graph.add_buffer(template=file.streams.video[0]) for file in (first, second)]
        scaled = graph.add("scale", f"{SIZE[0]}:{SIZE[1]}")
        compared, sink = graph.add("ssim", f"stats_file={told}"), graph.add("buffersink")
        ways[0].link_to(compared, 0, 0)
        ways[1].link_to(scaled)
        scaled.link_to(compared, 0, 1)
        compared.link_to(sink)
        graph.configure()
        for pair in zip(first.decode(video=0), second.decode(video=0), strict=False):
            for way, frame in zip(ways, pair, strict=True):
                frame.pts = None
                way.push(frame)
            sink.pull()
    values = [float(value) for value in re.findall(r"All:([\d.]+)", told.read_text())]
    return sum(values) / len(values)
