"""The video service of the client benchmarks, in its own process, so that only the client is measured."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.streams import progress_stream

LONG = 50_000  # events
_SHORT = 20  # events
_TOGETHER_AFTER = 512 * 1024  # bytes of a body that are read before waiting for the other requests
_PIECE = 512 * 1024  # bytes of a body read at once
_PAUSE = 0.02  # seconds between two such pieces: 25 MB/s, for a request that is alone
_WRITE = 128 * 1024  # bytes
_TIMEOUT = 60.0  # seconds for all requests to arrive

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"


@contextmanager
def running() -> Iterator[str]:
    """
    Run the service and yield its URL.

    ``{url}/long`` answers with ``LONG`` events. ``{url}/slow/N`` reads its request slowly, does not finish before
    N of them have arrived, and answers with a few events.
    """
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.stream_service"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None  # noqa: S101  # it was asked for
    try:
        port = process.stdout.readline().strip()
        if not port:
            raise RuntimeError("the benchmarks' service did not start")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


class _Service:
    def __init__(self) -> None:
        self._long = _chunked(progress_stream(LONG))
        self._short = _chunked(progress_stream(_SHORT))
        self._gates: dict[int, asyncio.Barrier] = {}

    async def serve(self) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=_PIECE)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has disconnected and reports why
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split(" ")[1]
        size = next(int(line[15:]) for line in head.split("\r\n") if line.lower().startswith("content-length:"))
        if path.startswith("/slow/"):
            await self._read_slowly(reader, size, together=int(path.split("/")[2]))
        else:
            await reader.readexactly(size)
        body = self._long if path.startswith("/long/") else self._short
        writer.write(_HEAD)
        for start in range(0, len(body), _WRITE):
            writer.write(body[start : start + _WRITE])
            await writer.drain()

    async def _read_slowly(self, reader: asyncio.StreamReader, size: int, *, together: int) -> None:
        gate = self._gates.setdefault(together, asyncio.Barrier(together))
        left, waited = size, False
        while left:
            left -= len(await reader.readexactly(min(_PIECE, left)))
            if not waited and size - left >= _TOGETHER_AFTER:
                waited = True
                async with asyncio.timeout(_TIMEOUT):
                    await gate.wait()
            await asyncio.sleep(_PAUSE)


def _chunked(events: list[bytes]) -> memoryview:
    """Return the body as sent by a server that writes one event at a time."""
    chunks = [b"%x\r\n%b\r\n" % (len(event), event) for event in events]
    return memoryview(b"".join(chunks) + b"0\r\n\r\n")


if __name__ == "__main__":
    asyncio.run(_Service().serve())
