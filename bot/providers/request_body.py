"""The body of a request with pictures in it, written to the wire piece by piece."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO

import aiohttp

from bot.models import Picture

# A multiple of three, so that each piece is whole base64 by itself. Small, because every request under way holds one.
PIECE_BYTES = 96 * 1024


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture's own bytes, where base64 is not wanted."""

    picture: Picture


class RequestBody:
    """
    Texts and pictures in their order; a ``Picture`` goes as base64. The pictures are read from their files while the
    body is sent and never held as a whole.
    """

    def __init__(self, parts: Sequence[bytes | Picture | PictureFile]) -> None:
        self._parts = parts
        self._sent_at: float | None = None

    @property
    def size(self) -> int:
        """Bytes of the whole body; some gateways refuse a body of unknown length."""
        return sum(map(_size, self._parts))

    def seconds_since_sent(self) -> float:
        """Return how long ago the last byte was handed over, 0 before that."""
        return 0.0 if self._sent_at is None else time.monotonic() - self._sent_at

    @asynccontextmanager
    async def opened(self, may_send: Callable[[], bool] = lambda: True) -> AsyncIterator[AsyncIterator[bytes]]:
        """
        Give the pieces of the body, if it ``may_send`` them (see ``Provider``). Raises FileNotFoundError if a picture
        is gone, before anything is sent; each file is closed as soon as it was read, and at the end all that the
        service did not want.
        """
        files: list[BinaryIO] = []
        try:
            for picture in (part.picture if isinstance(part, PictureFile) else part for part in self._parts):
                if isinstance(picture, Picture):
                    opened = await asyncio.to_thread(picture.path.open, "rb")
                    files.append(opened)  # one by one: if the next is gone, this one is closed all the same
            yield self._pieces(files, may_send)
        finally:
            for file in files:
                file.close()

    async def _pieces(self, files: Sequence[BinaryIO], may_send: Callable[[], bool]) -> AsyncIterator[bytes]:
        # Asked for once there is a connection; until then not even the headers leave.
        if not may_send():
            raise aiohttp.ClientError("the request may not leave any more")
        unread = iter(files)
        for part in self._parts:
            if isinstance(part, bytes):
                if part:
                    yield part
                continue
            with next(unread) as file:  # sent whole, it needs no file any more: the answer may take half an hour
                while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
                    yield piece if isinstance(part, PictureFile) else base64.b64encode(piece)
        self._sent_at = time.monotonic()


def _size(part: bytes | Picture | PictureFile) -> int:
    if isinstance(part, bytes):
        return len(part)
    return part.picture.size if isinstance(part, PictureFile) else -(-part.size // 3) * 4
