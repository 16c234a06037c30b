"""What happens at the video service, for whoever wants to watch: requests, the lines of their answers, their ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from playground.fake_video_service.recorded_request import RecordedRequest

LONGEST_LINE = 2_000  # characters; the rest of a longer line is left out

NewsKind = Literal["asked", "ordered", "line", "answered"]


@dataclass(frozen=True, slots=True)
class ServiceEvent:
    """One thing that happened to the request `number`, counted from 1; `text` is the prompt or the line."""

    kind: NewsKind
    number: int
    record: RecordedRequest
    text: str = ""


Listener = Callable[[ServiceEvent], None]


class LineFeed:
    """Cuts the bytes of one answer into lines and hands on each that is not empty."""

    def __init__(self, hand_on: Callable[[str], None]) -> None:
        self._hand_on = hand_on
        self._line = bytearray()

    def feed(self, data: bytes) -> None:
        """Take what was written; of a line without an end only the beginning is kept."""
        *lines, rest = data.split(b"\n")
        for line in lines:
            self._keep(line)
            self.close()
        self._keep(rest)

    def close(self) -> None:
        """Hand on what is left without a line end."""
        line = self._line.decode("utf-8", "replace").rstrip("\r")
        self._line.clear()
        if line:
            self._hand_on(line)

    def _keep(self, part: bytes) -> None:
        self._line += part[: max(0, LONGEST_LINE - len(self._line))]
