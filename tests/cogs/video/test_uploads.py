"""A finished video is tried smaller where Discord finds it too large, and left for later where there is no room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest_asyncio

from bot.media.fetcher import Fetcher
from bot.media.videos.fitter import VideoFitter
from bot.media.videos.problems import Fit, VideoProblem
from cogs.video.clip import FetchedVideo
from cogs.video.reply_message import EditResult
from cogs.video.uploads import try_uploads
from tests.full_disk import full_disk
from tests.media.films import write_film

ROOMY = 10_000_000


class Discord:
    """Takes files up to ``takes`` bytes, and remembers what it was sent."""

    def __init__(self, takes: int = ROOMY) -> None:
        self.takes = takes
        self.sent: list[int] = []

    async def send(self, video: FetchedVideo) -> EditResult:
        self.sent.append(video.size)
        return EditResult.DONE if video.size <= self.takes else EditResult.TOO_LARGE


@pytest_asyncio.fixture
async def app(tmp_path: Path) -> AsyncIterator[Any]:
    """What a video needs on its way, with a video of 100 KB or more that is a file alone."""
    kept, downloads = tmp_path / "kept", tmp_path / "downloads"
    kept.mkdir()
    downloads.mkdir()
    write_film(kept / "1.mp4", bits=800_000, seconds=1, options={"movflags": "+faststart"})
    async with Fetcher(kept=kept) as fetcher:
        yield SimpleNamespace(downloads=downloads, fitter=VideoFitter(fetcher.fetch, enabled=True), kept=kept)
    assert not list(downloads.iterdir())


async def test_a_file_alone_that_there_is_no_room_for_is_left_for_later(app: Any) -> None:
    discord = Discord()
    with full_disk():
        result, video = await try_uploads(app, "kept:1.mp4", ROOMY, discord.send)
    assert (result, video.later, discord.sent) == (EditResult.RETRY, True, [])

    result, video = await try_uploads(app, "kept:1.mp4", ROOMY, discord.send)
    assert (result, video.later, len(discord.sent)) == (EditResult.DONE, False, 1)


async def test_what_discord_finds_too_large_is_sent_smaller(app: Any) -> None:
    size = (app.kept / "1.mp4").stat().st_size
    discord = Discord(takes=size - 1)
    result, video = await try_uploads(app, "kept:1.mp4", ROOMY, discord.send)
    assert (result, video.note, len(discord.sent)) == (EditResult.DONE, Fit.SMALLER, 2)
    assert discord.sent[1] <= size // 2


async def test_what_discord_takes_at_no_size_is_told_as_too_large(app: Any) -> None:
    discord = Discord(takes=0)
    result, video = await try_uploads(app, "kept:1.mp4", ROOMY, discord.send)
    assert (result, video.problem, video.path) == (EditResult.TOO_LARGE, VideoProblem.TOO_LONG, None)
    assert sorted(discord.sent, reverse=True) == discord.sent
    assert len(discord.sent) == 3
