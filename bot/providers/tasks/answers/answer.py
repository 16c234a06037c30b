"""An answer of a task service: as it came, and what it means for the task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from bot.models import Outcome
from bot.providers.places.complaints import error_message, unfolded
from bot.providers.places.search import as_json

CONTENT = "/content"  # in place of a link: the service's own call gives the video
BYTES = "bytes"  # in place of a link: the answer itself is the video
MAX_PLAIN = 2000  # characters of an error that is no JSON


class Going(StrEnum):
    """The task has not ended: it waits, is worked at, nothing was learnt, or one more call tells how it ended."""

    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    AGAIN = "again"
    RESULT_CALL = "result_call"


@dataclass(frozen=True)
class HttpAnswer:
    """An answer as it came, ``seconds`` after the call had left; of a video its first bytes are enough."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float = 0.0

    def header(self, name: str) -> str | None:
        """Return the value of a header, whatever the case of its name."""
        return next((value for key, value in self.headers.items() if key.lower() == name), None)

    @property
    def ok(self) -> bool:
        """Whether the status says success."""
        return 200 <= self.status < 300

    @cached_property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8-sig", "replace")

    @cached_property
    def value(self) -> Any:
        """The JSON of the body, also if it is JSON in a string; None if it is none."""
        try:
            value = json.loads(self.text)
        except (ValueError, RecursionError):
            return None
        return (as_json(value) or value) if isinstance(value, str) else value

    @property
    def is_video(self) -> bool:
        """Whether the body is a video: by its first bytes, or, where they are no text, by its type."""
        head = self.body[:16]
        if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free") or head[:4] in (b"\x1aE\xdf\xa3", b"OggS"):
            return True
        kind = (self.header("content-type") or "").lower()
        return kind.startswith(("video/", "application/octet-stream")) and b"\0" in self.body[:512]

    @property
    def is_page(self) -> bool:
        """Whether the body is a page, such as a proxy shows: it speaks of that proxy, and tells nothing of a task."""
        return self.text.lstrip().startswith("<")

    @cached_property
    def message(self) -> str:
        """What the body says of a failure."""
        if self.value is not None:
            return error_message(self.value)
        if self.is_video or self.is_page:
            return ""
        return unfolded(self.text[:MAX_PLAIN])


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What an answer means. ``rule`` says what decided; ``detail`` is for the log alone, for it may quote the service.

    ``link`` is a URL, ``CONTENT`` or ``BYTES``; ``picture`` what stands for one that was handed over; ``wait`` the
    seconds that the service asks for; ``retry`` whether this call may be repeated, which for a create means that
    nothing was begun; ``last`` what it comes to if it is never better; ``lost``: the video may have been made, and
    charged for, all the same; ``cost`` is in the operator's currency, ``credits`` in units of the service's own;
    ``addresses`` are those of later calls.
    """

    outcome: Outcome | Going
    rule: str
    percent: float | None = None
    link: str | None = None
    link_wants_key: bool = False
    job_id: str | None = None
    picture: Any = None
    cost: float | None = None
    credits: float | None = None
    addresses: Mapping[str, str] = field(default_factory=dict)
    result_id: str | None = None
    wait: float | None = None
    retry: bool = False
    last: Outcome | None = None
    model_gone: bool = False
    lost: bool = False
    detail: str = ""
