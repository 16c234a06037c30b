"""Videos that nobody but Kinora can open: kept as files, under links of their own."""

from __future__ import annotations

import asyncio
import base64
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bot.errors import FetchError, FileGone
from bot.models import KEPT_VIDEO

MAX_BYTES = 1024**3  # of a video that is fetched with a key
FETCHED_WITHIN = 900.0  # seconds
_INLINE = "data:video/"  # some services put the video itself where its link would stand
LOOKS = (1.0, 2.0, 4.0, 8.0, 15.0)  # seconds between looks at a link that leads to nothing yet
_LEAST = 3072  # bytes; a smaller one is no video that was worth making


class LockedFetch(Protocol):
    """Writes what only a service's key opens to a file."""

    async def __call__(self, path: Path, *, limit: int, within: float) -> int: ...


class IsGone(Protocol):
    """Whether the host of a link says that there is nothing: see ``Fetcher.is_gone``."""

    async def __call__(self, url: str) -> bool: ...


class KeptVideos:
    """
    Keeps videos in ``folder``. A link that anybody may open is looked at with ``is_gone`` again and again, after each
    of the ``pauses``.

    Their links are ``kept:NAME``; ``Fetcher.fetch`` follows them.
    """

    def __init__(self, folder: Path, *, is_gone: IsGone, pauses: Sequence[float] = LOOKS) -> None:
        self._folder = folder
        self._is_gone = is_gone
        self._pauses = pauses

    async def keep(self, url: str, download: LockedFetch | None = None) -> str:
        """
        Return ``url`` if anybody may open it, else the link of the file that the video is now. Raises FetchError, also
        where there is no video behind ``url``.

        ``download`` fetches it, if a key is needed for that.
        """
        inline = url.startswith(_INLINE)
        if not inline and download is None:
            await self._wait_for(url)
            return url
        path = self._folder / f"{uuid.uuid4().hex}.mp4"
        try:
            await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
            if download:
                await download(path, limit=MAX_BYTES, within=FETCHED_WITHIN)
            else:
                await asyncio.to_thread(_write_inline, url, path)
        except OSError as error:
            raise FetchError(f"the disk does not take the video: {error.strerror}") from error
        return KEPT_VIDEO + path.name

    async def _wait_for(self, url: str) -> None:
        """Wait until something is behind ``url``: some services name it before it is there. Raises FileGone."""
        for pause in self._pauses:
            if not await self._is_gone(url):
                return
            await asyncio.sleep(pause)
        if await self._is_gone(url):
            raise FileGone("its link leads to nothing")


def _write_inline(url: str, path: Path) -> None:
    """Write the video that ``url`` holds as base64. Raises FetchError if it holds none, OSError."""
    head, _, text = url.partition(",")
    try:
        if not head.endswith(";base64"):
            raise ValueError
        body = base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    except ValueError as error:
        raise FetchError("the video in the data link is damaged") from error
    if len(body) < _LEAST:
        raise FetchError(f"a video of {len(body)} bytes")
    try:
        path.write_bytes(body)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
