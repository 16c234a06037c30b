"""What goes over the wire between the bot, Discord and the video service, for the page to list."""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import DiscordServer, Interaction
from playground.fake_discord.state.events import Event, Subscription
from playground.fake_discord.state.request_log import RequestRecord
from playground.fake_video_service.events import ServiceEvent
from playground.page.redaction import Redaction

KEPT = 500
BATCH_SECONDS = 0.05
LATEST = 50  # interactions among which the one is looked for that led to a request to the video service
ALIKE = 40  # letters that a prompt and the reply that quotes it have in common

Send = Callable[[dict[str, Any]], None]


class WireLog:
    """Keeps the latest items and sends new ones, in batches, to whoever subscribed. No secret is in them.

    Items about one video carry its `job`, the number of the request to the video service, or its `reply`, the
    message that shows it; `jobs` in each frame says which reply belongs to which job.
    """

    def __init__(self, redact: Redaction) -> None:
        self._redact = redact
        self._items: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._new: list[dict[str, Any]] = []
        self._jobs: dict[int, dict[str, Any]] = {}
        self._began: dict[int, float] = {}
        self._by_token: dict[str, Interaction] = {}
        self._subscribers: list[Send] = []
        self._count = 0
        self._flush: asyncio.TimerHandle | None = None

    def subscribe(self, send: Send) -> None:
        """Send what is kept now, and everything new from now on."""
        self.unsubscribe(send)
        self._send_new()
        send(self._frame(list(self._items)))
        self._subscribers.append(send)

    def unsubscribe(self, send: Send) -> None:
        """Send no more."""
        if send in self._subscribers:
            self._subscribers.remove(send)

    def close(self) -> None:
        """Forget the batch that waits."""
        if self._flush is not None:
            self._flush.cancel()

    async def follow(self, events: Subscription) -> None:
        """Note the bot's requests and the interactions it is sent, for ever."""
        async for event in events:
            if event.request is not None:
                self._note_request(event.request)
            elif event.interaction is not None:
                self._note_interaction(event, event.interaction)

    async def follow_connection(self, discord: DiscordServer) -> None:
        """Note the bot's comings and goings at the gateway, for ever."""
        while True:
            await discord.wait_until_gone(math.inf)
            self._add({"kind": "gateway", "name": "closed"})
            await discord.wait_until_ready(math.inf)
            self._add({"kind": "gateway", "name": "connected"})

    def note_service(self, news: ServiceEvent) -> None:
        """Note what happened at the video service."""
        if news.kind == "ordered":
            self._jobs[news.number] = {"title": self._redact(news.text[:80]), "reply": self._reply_with(news.text)}
        elif news.kind == "line":
            self._add({"kind": "sse", "job": news.number, "line": self._redact(news.text)})
        else:
            self._add(self._service_item(news))

    def _service_item(self, news: ServiceEvent) -> dict[str, Any]:
        item = {"kind": "service", "job": news.number, "state": news.kind, "method": news.record.method}
        item["path"] = self._redact(news.record.path)
        if news.kind == "asked":
            self._began[news.number] = time.monotonic()
            return item
        seconds = time.monotonic() - self._began.pop(news.number, time.monotonic())
        return item | {"status": news.record.status, "ms": round(seconds * 1000), "left": news.record.disconnected}

    def _note_request(self, request: RequestRecord) -> None:
        method, _, route = request.route.partition(" ")
        self._add(
            {
                "kind": "rest",
                "method": method,
                "route": self._redact(_short(route)),
                "status": request.status,
                "ms": round(request.seconds * 1000),
                "limited": request.status == 429,
                "reply": self._reply_of(request),
            }
        )

    def _note_interaction(self, event: Event, interaction: Interaction) -> None:
        if interaction.token in self._by_token:
            return
        self._by_token[interaction.token] = interaction
        reply = interaction.source.id if interaction.source else None
        self._add(
            {
                "kind": "gateway",
                "name": "INTERACTION_CREATE",
                "about": self._redact(interaction.name),
                "reply": str(reply) if reply else None,
            }
        )

    def _reply_of(self, request: RequestRecord) -> str | None:
        """The id of the message that a request is about, or follows up."""
        parts = request.path.strip("/").split("/")
        interaction = self._by_token.get(parts[2]) if len(parts) > 2 else None
        if interaction is not None and interaction.message is not None:
            return str(interaction.message.id)
        if len(parts) > 3 and parts[2] == "messages":
            return parts[3]
        return None

    def _reply_with(self, prompt: str) -> str | None:
        """The id of the latest reply that quotes `prompt` and has no job yet."""
        taken = {job["reply"] for job in self._jobs.values()}
        words = _letters(prompt)[:ALIKE]
        for interaction in list(self._by_token.values())[: -LATEST - 1 : -1]:
            message = interaction.message
            if message is not None and str(message.id) not in taken and words in _letters(render(message)):
                return str(message.id)
        return None

    def _add(self, item: dict[str, Any]) -> None:
        self._count += 1
        item = {"n": self._count, "at": datetime.now(UTC).isoformat(timespec="milliseconds"), **item}
        self._items.append(item)
        self._new.append(item)
        if self._flush is None:
            self._flush = asyncio.get_running_loop().call_later(BATCH_SECONDS, self._send_new)

    def _send_new(self) -> None:
        if self._flush is not None:
            self._flush.cancel()
            self._flush = None
        if self._new:
            frame = self._frame(self._new[-KEPT:])
            self._new = []
            for send in self._subscribers:
                send(frame)

    def _frame(self, items: list[dict[str, Any]]) -> dict[str, Any]:
        oldest = min((item["job"] for item in self._items if "job" in item), default=0)
        jobs = [{"job": number, **job} for number, job in self._jobs.items() if number >= oldest]
        return {"t": "wire", "items": items, "jobs": jobs}


def _short(route: str) -> str:
    """A route with `:id` and `:token` in place of its parameters."""
    route = re.sub(r"\{\w*token\}", ":token", route)
    return re.sub(r"\{\w+\}", ":id", route)


def _letters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
