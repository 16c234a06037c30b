"""Fetches a finished video that only the service's key opens."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Protocol

import aiohttp

from bot.errors import FetchError, FileTooLarge
from bot.models import Outcome
from bot.providers.tasks.answers.answer import BYTES, Going
from bot.providers.tasks.answers.reader import AnswerReader
from bot.providers.tasks.request import ServiceCalls
from bot.providers.tasks.wire import Wire, beginning, timeout_of

PAUSES = (1.0, 3.0, 5.0, 10.0, 15.0, 15.0, 15.0)  # seconds between the tries
TIMEOUT = timeout_of(None, silence=30)
_PIECE = 256 * 1024
_PART = re.compile(r"bytes (?P<start>\d{1,18})-\d+/(?:(?P<whole>\d{1,18})|\*)", re.ASCII)


class Fetch(Protocol):
    """The guarded fetcher, for a video that lies elsewhere."""

    async def __call__(self, url: str, path: Path, *, limit: int, within: float) -> int: ...


class _NotYet(Exception):
    """The video, or what is missing of it, is not there yet."""


class Download:
    """Fetches videos of one service, from its own origin with the key, from anywhere else through ``fetch``."""

    def __init__(
        self,
        wire: Wire,
        calls: ServiceCalls,
        reader: AnswerReader,
        fetch: Fetch,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._wire = wire
        self._calls = calls
        self._reader = reader
        self._fetch = fetch
        self._sleep = sleep

    async def save(self, url: str, path: Path, *, limit: int, within: float) -> int:
        """Write the video to ``path`` and return its size. Raises FetchError; no file is left behind by a failure."""
        try:
            async with asyncio.timeout(within):
                # In this thread: an open that is cancelled halfway would leave the file open.
                with path.open("wb") as file:
                    is_own = not self._calls.opens_without_key(url)
                    elsewhere = await self._tried(url, file, limit) if is_own else url
                    size = file.tell()
                return await self._fetch(elsewhere, path, limit=limit, within=within) if elsewhere else size
        except BaseException as error:
            await asyncio.to_thread(path.unlink, missing_ok=True)
            if isinstance(error, TimeoutError):
                raise FetchError("the transfer took too long") from error
            raise

    async def _tried(self, url: str, file: BinaryIO, limit: int) -> str | None:
        """Fill ``file``, in several tries where need be, or return the link to another host that the service gives."""
        for pause in (*PAUSES, None):
            try:
                link = await self._append(url, file, limit)
            except (aiohttp.ClientError, TimeoutError, _NotYet) as error:
                if pause is None:
                    raise FetchError(f"the transfer failed: {type(error).__name__} {error}") from error
                await self._sleep(pause)
                continue
            if link is None or self._calls.opens_without_key(link):
                return link
            url = link
        raise FetchError("the service sends from link to link")

    async def _append(self, url: str, file: BinaryIO, limit: int) -> str | None:
        """Write what is missing of the video, or return the link that is answered in place of it."""
        have = file.tell()
        call = self._calls.download(url)
        if have:
            call = replace(call, headers={**call.headers, "Range": f"bytes={have}-"})
        async with self._wire.opened(call, TIMEOUT) as (response, _):
            part = _PART.match(response.headers.get("Content-Range", "")) if response.status == 206 else None
            if response.status in (206, 416) and (part is None or int(part["start"]) != have):
                file.seek(0)
                file.truncate()
                raise _NotYet("another part than was asked for")
            first = b""
            if not (have and part):
                answer = await beginning(response)
                reading = self._reader.read("content", answer)
                if reading.outcome is Going.AGAIN:
                    raise _NotYet(reading.rule)
                if reading.outcome is not Outcome.SUCCESS:
                    raise FetchError(f"no video: {reading.rule}: {reading.detail}")
                if reading.link != BYTES:
                    return reading.link
                first = answer.body
                file.seek(0)
                file.truncate()
            if file.tell() + (response.content_length or 0) > limit:
                raise FileTooLarge(f"{file.tell() + (response.content_length or 0)} bytes, more than {limit}")
            await _write(response, first, file, limit)
            if part and part["whole"] and file.tell() < int(part["whole"]):
                raise _NotYet("a part of it is missing")
        return None


async def _write(response: aiohttp.ClientResponse, first: bytes, file: BinaryIO, limit: int) -> None:
    """Write ``first`` and what is left of the answer to ``file``; of one that breaks off, what has come."""
    piece = bytearray(first)
    try:
        async for chunk in response.content.iter_any():
            piece += chunk
            if file.tell() + len(piece) > limit:
                raise FileTooLarge(f"more than {limit} bytes")
            if len(piece) >= _PIECE:
                await asyncio.to_thread(file.write, bytes(piece))
                piece.clear()
    finally:
        await asyncio.to_thread(file.write, bytes(piece))
