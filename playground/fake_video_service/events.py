"""Events of the fake video service for a listener: requests, the lines of their streams, and their ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from playground.fake_video_service.recorded_request import RecordedRequest

LONGEST_LINE = 2_000  # characters; the rest of a longer line is left out

ServiceEventKind = Literal["received", "accepted", "line", "answered"]


@dataclass(frozen=True, slots=True)
class ServiceEvent:
    """What happened to the request `number`, counted from 1; `text` is the prompt (accepted) or the line."""

    kind: ServiceEventKind
    number: int
    record: RecordedRequest
    text: str = ""


Listener = Callable[[ServiceEvent], None]


class LineFeed:
    """Splits the bytes of one answer into lines and emits each that is not empty."""

    def __init__(self, emit: Callable[[str], None]) -> None:
        self._emit = emit
        self._line = bytearray()

    def feed(self, data: bytes) -> None:
        """Add written bytes; of a line without an end only the beginning is kept."""
        *lines, rest = data.split(b"\n")
        for line in lines:
            self._keep(line)
            self.close()
        self._keep(rest)

    def close(self) -> None:
        """Emit the rest that has no line end."""
        line = self._line.decode("utf-8", "replace").rstrip("\r")
        self._line.clear()
        if line:
            self._emit(line)

    def _keep(self, part: bytes) -> None:
        self._line += part[: max(0, LONGEST_LINE - len(self._line))]
