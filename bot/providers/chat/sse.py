"""
Server-sent events: bytes in, events out, no I/O.

The rules are those of the WHATWG HTML standard, section "Server-sent events", with three leniencies that video
services make necessary: an event at the very end needs no blank line after it, JSON objects on lines of their own
without ``data:`` are events too, and lines without a field name continue the event they stand in.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_EVENT_BYTES = 1024 * 1024
MAX_VIDEO_BYTES = 8 * MAX_EVENT_BYTES + 64 * 1024  # of an event, or a body, that holds a video itself

_HOLDS_VIDEO = re.compile(rb"data:video/|video/mp4|b64|base64", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"
_FIELD_STARTS = b"deir:"  # data, event, id, retry and comments: anything else may be a bare JSON line


class ServerSentEvent(NamedTuple):
    """One event. ``event`` is empty where the stream gave no type."""

    data: str
    event: str = ""


class EventTooLarge(Exception):
    """One event, or one line, passed what ``is_too_large`` allows; the stream cannot be read further."""


def is_too_large(block: bytes | bytearray) -> bool:
    """Whether an event, or a body, is larger than ``MAX_EVENT_BYTES``, or ``MAX_VIDEO_BYTES`` if it holds a video."""
    size = len(block)
    return size > MAX_EVENT_BYTES and (size > MAX_VIDEO_BYTES or not _HOLDS_VIDEO.search(block, 0, MAX_EVENT_BYTES))


class SSEDecoder:
    """Collects bytes, however they were cut, and returns the events that are complete."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._after_cr = False
        self._at_start = True
        self._inside_json = False

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """Return the events completed by ``chunk``. Raises EventTooLarge."""
        chunk = self._with_plain_line_ends(chunk)
        buffer = self._buffer
        searched = max(len(buffer) - 1, 0)
        buffer += chunk
        if self._at_start:
            self._skip_bom()
        events: list[ServerSentEvent] = []
        end = buffer.rfind(b"\n\n", searched)
        if end >= 0:
            complete = bytes(buffer[:end])
            del buffer[: end + 2]
            for block in complete.split(b"\n\n"):
                # The common case by far, and the one that decides how fast a stream is read.
                if block[:6] == b"data: " and b"\n" not in block and len(block) <= MAX_EVENT_BYTES:
                    events.append(ServerSentEvent(str(block[6:], "utf-8", "replace")))
                else:
                    _parse_block(block, events)
            searched = 0
            self._inside_json = False
        if buffer and buffer[0] not in _FIELD_STARTS and not self._inside_json:
            self._take_bare_lines(searched, events)
        if len(buffer) > MAX_EVENT_BYTES + 1 and is_too_large(buffer):  # its last line end may have come already
            raise EventTooLarge
        return events

    def flush(self) -> list[ServerSentEvent]:
        """Return the event that the end of the stream left open, if any. Raises EventTooLarge."""
        events: list[ServerSentEvent] = []
        _parse_block(bytes(self._buffer), events)
        self._buffer.clear()
        return events

    def _with_plain_line_ends(self, chunk: bytes) -> bytes:
        if self._after_cr and chunk:
            chunk = chunk.removeprefix(b"\n")  # the second half of a \r\n whose \r has ended the line already
            self._after_cr = False
        if b"\r" in chunk:
            self._after_cr = chunk.endswith(b"\r")
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return chunk

    def _skip_bom(self) -> None:
        if len(self._buffer) < len(_BOM) and _BOM.startswith(self._buffer):
            return  # still undecided: all we have is the first half of a byte order mark
        self._at_start = False
        if self._buffer.startswith(_BOM):
            del self._buffer[: len(_BOM)]

    def _take_bare_lines(self, searched: int, events: list[ServerSentEvent]) -> None:
        """Deliver lines that hold a JSON object each: no blank line will come to complete them."""
        end = self._buffer.rfind(b"\n", searched)
        if end < 0:
            return
        lines = bytes(self._buffer[:end]).split(b"\n")
        self._inside_json = _opens_json(lines)  # printed over several lines: wait for a blank line or the end
        if not self._inside_json:
            _parse_block(b"\n".join(lines), events)
            del self._buffer[: end + 1]


def _opens_json(lines: list[bytes]) -> bool:
    return any(line.startswith((b"{", b"[")) and not line.rstrip().endswith((b"}", b"]")) for line in lines)


def _parse_block(block: bytes, events: list[ServerSentEvent]) -> None:
    if is_too_large(block):
        raise EventTooLarge
    data: list[bytes] = []
    kind = ""
    for line in block.split(b"\n"):
        name, colon, value = line.partition(b":")
        if name == b"data":
            data.append(value.removeprefix(b" "))
        elif name == b"event" and colon:
            kind = value.removeprefix(b" ").decode("utf-8", "replace")
        elif line.startswith(b"{") and line.rstrip().endswith(b"}"):
            _close(data, kind, events)
            _close([line], kind, events)
            data = []
        elif name not in (b"", b"id", b"retry", b"event") and (data or line.startswith((b"{", b"["))):
            data.append(line)
    _close(data, kind, events)


def _close(data: list[bytes], kind: str, events: list[ServerSentEvent]) -> None:
    if data:
        events.append(ServerSentEvent(b"\n".join(data).decode("utf-8", "replace"), kind))
