"""Fetches a film from a ComfyUI server."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import BinaryIO

import aiohttp

from bot.errors import FetchError, FileTooLarge
from bot.providers.comfyui.server import ComfyServer

PAUSES = (1.0, 3.0, 10.0)  # seconds between the tries
_PIECE = 256 * 1024


async def download(server: ComfyServer, film: str, path: Path, *, limit: int, within: float) -> int:
    """Write the file at the path ``film`` of the server to ``path``, as ``Provider.download`` says."""
    try:
        async with asyncio.timeout(within):
            # In this thread: an open that is cancelled halfway would leave the file open.
            with path.open("wb") as file:
                for pause in (*PAUSES, None):
                    try:
                        return await _append(server, film, file, limit)
                    except (aiohttp.ClientError, TimeoutError) as error:
                        if pause is None:
                            raise FetchError(f"the transfer failed: {type(error).__name__}") from error
                    await asyncio.sleep(pause)
        raise FetchError("the transfer took too long")
    except BaseException as error:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        if isinstance(error, TimeoutError):
            raise FetchError("the transfer took too long") from error
        raise


async def _append(server: ComfyServer, film: str, file: BinaryIO, limit: int) -> int:
    """Write what is missing of the film and return its size."""
    have = file.tell()
    async with server.file(film, {"Range": f"bytes={have}-"} if have else {}) as response:
        if response.status == 200:
            file.seek(0)
            file.truncate()
        elif response.status != 206:
            raise FetchError(f"the server answers HTTP {response.status} to the film that it named")
        if response.content_type.startswith("text/"):
            raise FetchError("a page stands in the place of the film")
        async for piece in response.content.iter_chunked(_PIECE):
            if file.tell() + len(piece) > limit:
                raise FileTooLarge(f"more than {limit} bytes")
            await asyncio.to_thread(file.write, piece)
        return file.tell()
