"""The record of a request to the video service and of its outcome, without the key and the pictures' bytes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from playground.fake_video_service.request import without_pictures
from playground.fake_video_service.scenarios import Scenario


@dataclass(slots=True, eq=False)
class RecordedRequest:
    """One request. `over` is set when its answer has ended, however it did; the other fields are final then,
    except `film`, the finished file, which may be set later if the client has disconnected.
    """

    method: str
    path: str
    headers: dict[str, str]
    key_matched: bool
    body: Any = None  # the JSON or the form, each picture replaced by its type, size and sha256
    scenario: Scenario | None = None
    status: int | None = None  # None while answering, and when the answer did not reach its end
    disconnected: bool = False  # the client disconnected before the answer was over
    film: Path | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def of(cls, request: web.Request, key: str) -> RecordedRequest:
        headers = dict(request.headers)
        given = headers.get("Authorization")
        if given is not None:
            headers["Authorization"] = "Bearer <key>"
        return cls(request.method, request.path, headers, key_matched=not key or given == f"Bearer {key}")

    @property
    def prompt(self) -> str:
        """The latest prompt in the body of a chat or a task, "" where it has none."""
        if not self.body:
            return ""
        if "messages" not in self.body:
            return str(self.body.get("prompt", ""))
        content = self.body["messages"][-1]["content"]
        if isinstance(content, str):
            return content
        return str(next(part["text"] for part in content if part["type"] == "text"))

    def keep_body(self, body: Any) -> None:
        self.body = without_pictures(body)
