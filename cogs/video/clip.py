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
from bot.errors import FetchError
from bot.media.videos.metadata import drop_metadata
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


@asynccontextmanager
async def video_file(app: App, link: str | None, limit: int) -> AsyncIterator[Path | None]:
    """The finished video as a file while the block runs, None where it cannot be had or is larger than ``limit``."""
    # A file of its own: the same video may be shown twice at once, such as after two commands of one member.
    path = app.downloads / f"{uuid.uuid4().hex}.mp4"
    try:
        if link:
            await app.fetcher.fetch(link, path, limit=limit, within=DOWNLOAD_TIMEOUT)
            await asyncio.to_thread(drop_metadata, path)
    except (FetchError, OSError) as error:  # an OSError: the disk is full
        log.warning("could not fetch the video, so it is not uploaded: %s", error)
        yield None
    else:
        try:
            yield path if link else None
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)
