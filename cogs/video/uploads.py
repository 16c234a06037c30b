"""Has Discord take a finished video, smaller each time that it finds it too large."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.app import App
from bot.gateway.upload_limits import UploadLimits
from bot.media.videos.problems import VideoProblem
from cogs.video.clip import FetchedVideo, video_file
from cogs.video.reply_message import EditResult

TRIES = 3

SendVideo = Callable[[FetchedVideo], Awaitable[EditResult]]


async def try_uploads(app: App, link: str | None, limit: int, send: SendVideo) -> tuple[EditResult, FetchedVideo]:
    """
    ``send`` the video, first with at most ``limit`` bytes; return what became of the last one. RETRY, with nothing
    sent, where it can only be fetched later.
    """
    for _ in range(TRIES):
        async with video_file(app, link, limit) as video:
            result = EditResult.RETRY if video.later else await send(video)
            limit = min(limit, UploadLimits.below(video.size))
        if result is not EditResult.TOO_LARGE:
            return result, video
    return result, FetchedVideo(note=VideoProblem.TOO_LONG)
