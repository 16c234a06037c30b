"""
The video service of the load test: for each completion a chunk a second until its job is due, then the link to a small
film; or a task, with a percentage that rises as the chunks' does.
"""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
import time
from pathlib import Path

from benchmarks.live.job_log import JobLog, last_percentage
from benchmarks.streams import LINK, progress_stream
from playground.fake_video_service.film import make_film, pad_film

EVERY = 1.0  # seconds between two chunks
WAITS = (0.0, 0.3, 0.6, 0.9, 1.2, 1.5, 1.8, 2.1, 2.4, 2.7)  # seconds before the first percentage, job by job

_FILM_BYTES = 4096
_NUMBER = re.compile(rb"job (\d+)")
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nConnection: close\r\n"


def _small_film() -> bytes:
    """Return a film that plays as it is: the bot would have another one converted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        make_film(None, "", path, seconds=0.2, size=(96, 64))
        pad_film(path, _FILM_BYTES)
        return path.read_bytes()


class SteadyService:
    """
    Serves the completions and the tasks of the jobs in a log, and their films.

    A job that is not told to end has ``longest`` chunks, each with a new percentage but the first, which says that it
    waits.
    """

    def __init__(self, log: JobLog, longest: int) -> None:
        self._log = log
        self._longest = longest
        self._waiting, *self._events, self._link, self._finish, self._done = progress_stream(longest)[longest // 10 :]
        self._named = [last_percentage(event.decode()) or 0.0 for event in self._events]
        self.url = ""
        self._film = b""
        self._begun: dict[int, float] = {}  # the tasks that are not made yet

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        self._film = await asyncio.to_thread(_small_film)
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=2048)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the bot has disconnected
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"GET /film/"):
            await _send(writer, b"video/mp4", self._film)
            return
        if head.startswith(b"GET /v1/videos/"):
            await _send(writer, b"application/json", self._polled(int(head.split()[1].rpartition(b"/")[2])))
            return
        size = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        found = _NUMBER.search(await reader.readexactly(size))
        if found is None:
            raise RuntimeError("a request without a job's number")
        self._log.streaming += 1
        if head.startswith(b"POST /v1/videos "):
            self._begun[int(found[1])] = time.monotonic()
            await _send(writer, b"application/json", _task(int(found[1]), status="queued"))
            return
        try:
            await self._stream(writer, int(found[1]))
        finally:
            self._log.streaming -= 1

    def _polled(self, number: int) -> bytes:
        """Return the state of a task. It is made from the first poll on that finds it due."""
        if not self._log.is_due(number):
            percent = (time.monotonic() - self._begun[number]) / EVERY / self._longest * 100
            return _task(number, status="in_progress", progress=int(percent))
        if self._begun.pop(number, None):
            self._log.streaming -= 1
            self._log.mark_finished(number)
        # On another host than the service's own: a link that opens without the key, and is shown.
        link = f"{self.url.replace('127.0.0.1', 'localhost')}/film/{number}.mp4"
        return _task(number, status="completed", progress=100, url=link)

    async def _stream(self, writer: asyncio.StreamWriter, number: int) -> None:
        writer.write(_HEAD % b"text/event-stream" + b"Transfer-Encoding: chunked\r\n\r\n")
        writer.write(_chunk(self._waiting))
        await writer.drain()
        await asyncio.sleep(WAITS[number % len(WAITS)])
        begun = time.monotonic()
        for place, (event, percent) in enumerate(zip(self._events, self._named, strict=True), start=1):
            self._log.mark_named(number, percent)
            writer.write(_chunk(event))
            await writer.drain()
            await asyncio.sleep(begun + place * EVERY - time.monotonic())
            if self._log.is_due(number):
                break
        link = self._link.replace(LINK.encode(), f"{self.url}/film/{number}.mp4".encode())
        self._log.mark_finished(number)
        writer.write(b"".join(map(_chunk, (link, self._finish, self._done))) + b"0\r\n\r\n")
        await writer.drain()


async def _send(writer: asyncio.StreamWriter, kind: bytes, body: bytes) -> None:
    writer.write(_HEAD % kind + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()


def _task(number: int, **state: object) -> bytes:
    return json.dumps({"id": str(number), "object": "video", **state}).encode()


def _chunk(event: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(event), event)
