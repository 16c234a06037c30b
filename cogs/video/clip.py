"""A finished video as an upload: the file, and the gallery item that plays it."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import discord

from bot.app import App
from bot.errors import FetchError, FileGone
from bot.media.videos.metadata import drop_metadata
from bot.media.videos.problems import VideoError, VideoNote, VideoProblem
from bot.models import KEPT_VIDEO
from bot.texts.view import alt_text

DOWNLOAD_TIMEOUT = 300.0  # seconds

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Clip:
    """The video in ``path``. ``prompt`` becomes its text for screen readers, "" for none."""

    path: Path
    prompt: str
    spoiler: bool

    @property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size

    def file(self) -> discord.File:
        """Return it for one upload. Discord goes by the ending of the name."""
        return discord.File(
            self.path, f"video{self.path.suffix}", spoiler=self.spoiler, description=alt_text(self.prompt) or None
        )

    def item(self) -> discord.MediaGalleryItem:
        """Return it for the gallery of the same message."""
        name = f"{'SPOILER_' if self.spoiler else ''}video{self.path.suffix}"
        return discord.MediaGalleryItem(
            f"attachment://{name}", description=alt_text(self.prompt) or None, spoiler=self.spoiler
        )


def is_file_alone(link: str | None) -> bool:
    """Whether a video has no link that its member can open, so that its file has to reach them."""
    return bool(link and link.startswith(KEPT_VIDEO))


@dataclass(frozen=True, slots=True)
class FetchedVideo:
    """
    A finished video in ``path``, what was done to it, or why there is none to upload. ``later``: this machine has no
    room for it at the moment, and it must not be given up, being a file alone.
    """

    path: Path | None = None
    note: VideoNote = None
    later: bool = False

    @property
    def size(self) -> int:
        """Bytes of the file, 0 where there is none."""
        return self.path.stat().st_size if self.path else 0

    @property
    def problem(self) -> VideoProblem | None:
        """What is to be said where the video itself is not shown."""
        return self.note if isinstance(self.note, VideoProblem) else None


@asynccontextmanager
async def video_file(app: App, link: str | None, limit: int) -> AsyncIterator[FetchedVideo]:
    """The finished video as a file of at most ``limit`` bytes while the block runs."""
    # A file of its own: the same video may be shown twice at once, such as after two commands of one member.
    path = app.downloads / f"{uuid.uuid4().hex}.mp4"
    try:
        yield await _fetched(app, link, path, limit) if link else FetchedVideo()
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)


async def _fetched(app: App, link: str, path: Path, limit: int) -> FetchedVideo:
    try:
        note = await app.fitter.fetch(link, path, limit=limit, within=DOWNLOAD_TIMEOUT)
        await asyncio.to_thread(drop_metadata, path)
        return FetchedVideo(path, note)
    except VideoError as error:
        return FetchedVideo(note=error.problem)
    except FileGone as error:
        log.warning("the video is gone: %s", error)
        return FetchedVideo(note=VideoProblem.GONE)
    except FetchError as error:
        log.warning("could not fetch the video, so it is not uploaded: %s", error)
        return FetchedVideo()
    except OSError as error:  # the disk is full, or the system starts no process
        log.warning("this machine has no room for the video, so it is not uploaded now: %s", error)
        return FetchedVideo(later=is_file_alone(link))
