"""The log of the bot's REST requests."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MAX_RECORDS = 50_000


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of a multipart request; `size` in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request and its answer. Headers are not kept, so it does not contain the bot token.

    `route` is the method and the path template of Discord's documentation, "PATCH /channels/{channel_id}/…";
    `status` is None when the connection was dropped instead of an answer; `seconds` is the time it took.
    """

    at: datetime
    method: str
    route: str
    path: str
    query: dict[str, str]
    body: Any
    files: tuple[SentFile, ...]
    status: int | None
    answer: Any
    seconds: float


class RequestLog(deque[RequestRecord]):
    """The latest requests, oldest first."""

    def __init__(self) -> None:
        super().__init__(maxlen=MAX_RECORDS)

    def to(self, route: str) -> list[RequestRecord]:
        """Those to one route, e.g. "POST /channels/{channel_id}/messages"."""
        return [record for record in self if record.route == route]
