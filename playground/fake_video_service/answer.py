"""Sends a performance over HTTP: as a stream, or as one JSON body to a client that asks for no stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web

from playground.fake_video_service import error_replies as replies
from playground.fake_video_service.families.family import ErrorEvent
from playground.fake_video_service.performance import Performance, WireCutError
from playground.fake_video_service.scenarios import Link

LINK_LIFE = timedelta(days=3)
PIECE_BYTES = 3
PRIVATE_LINK = "http://169.254.169.254/latest/meta-data/video.mp4"
STREAM_HEADERS = {
    "Content-Type": replies.STREAM_TYPE,
    "Cache-Control": "no-cache",
    "X-Accel-Buffering": "no",
}


async def answer(
    request: web.Request, performance: Performance, on_bytes: Callable[[bytes], None], *, stream: bool
) -> web.StreamResponse:
    """Send the performance and pass each piece of a stream to `on_bytes`; where it is cut, close the connection."""
    if not stream or performance.scenario.manner == "json":
        return await _answer_at_once(request, performance)
    response = web.StreamResponse(headers=STREAM_HEADERS)
    await response.prepare(request)
    small = performance.scenario.manner == "pieces"
    try:
        async with aclosing(performance.pieces()) as pieces:
            async for piece in pieces:
                encoded = performance.family.encode(piece)
                on_bytes(encoded)
                for data in _writes(encoded, small):
                    await response.write(data)
    except WireCutError:
        _hang_up(request)
    return response


async def _answer_at_once(request: web.Request, performance: Performance) -> web.StreamResponse:
    try:
        async with aclosing(performance.pieces()) as pieces:
            received = [piece async for piece in pieces]
    except WireCutError:
        _hang_up(request)
        return web.Response()
    error = next((piece.error for piece in received if isinstance(piece, ErrorEvent)), None)
    if error is not None and performance.generation is None:
        return web.json_response({"error": error}, status=400 if "moderation" in performance.scenario.outcome else 500)
    return web.json_response(performance.family.complete(received))


def video_link(kind: Link, base: str, path: Path) -> str:
    """The link a service would give for the finished file at `path`, served under `base`/files."""
    plain = f"{base}/files/{path.name}"
    if kind == "relative":
        return f"/files/{path.name}"
    if kind == "dead":
        return f"{base}/files/gone-{path.name}"
    if kind == "dotless":
        return plain.replace("127.0.0.1", "localhost")
    if kind == "private":
        return PRIVATE_LINK
    if kind == "expiring":
        end = (datetime.now(UTC) + LINK_LIFE).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{plain}?{urlencode({'st': '2026-01-01T00:00:00Z', 'se': end, 'sig': 'PLAYGROUND='})}"
    return plain


def _writes(data: bytes, small: bool) -> Iterator[bytes]:
    step = PIECE_BYTES if small else max(1, len(data))
    return (data[start : start + step] for start in range(0, len(data), step))


def _hang_up(request: web.Request) -> None:
    # Closing sends what was written and ends the connection without the last chunk of the body.
    if request.transport is not None:
        request.transport.close()
