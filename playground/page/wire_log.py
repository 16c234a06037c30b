"""A log of the traffic between the bot, the fake Discord and the fake video services, listed by the page."""

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
RECENT_INTERACTIONS = 50  # among these the one is searched that led to a request to the video service
QUOTED_LETTERS = 40  # that a prompt and the reply that quotes it must have in common

Send = Callable[[dict[str, Any]], None]


class WireLog:
    """Keeps the latest items and sends new ones to the subscribers in batches. Items contain no secrets.

    Items about one video carry its `job`, the number of the request to a video service, or its `reply`, the message
    that shows it; `jobs` in each frame says which reply belongs to which job.
    """

    def __init__(self, redact: Redaction) -> None:
        self._redact = redact
        self._items: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._new: list[dict[str, Any]] = []
        self._numbers: dict[tuple[str, int], int] = {}  # of the requests to all services, by service and its own number
        self._jobs: dict[int, dict[str, Any]] = {}
        self._started: dict[int, float] = {}
        self._by_token: dict[str, Interaction] = {}
        self._subscribers: list[Send] = []
        self._count = 0
        self._flush: asyncio.TimerHandle | None = None

    def subscribe(self, send: Send) -> None:
        """Send the kept items now, and every new one from now on."""
        self.unsubscribe(send)
        self._send_new()
        send(self._frame(list(self._items)))
        self._subscribers.append(send)

    def unsubscribe(self, send: Send) -> None:
        """Send nothing further."""
        if send in self._subscribers:
            self._subscribers.remove(send)

    def close(self) -> None:
        """Drop the waiting batch."""
        if self._flush is not None:
            self._flush.cancel()

    async def follow(self, events: Subscription) -> None:
        """Log the bot's requests and the interactions sent to it, forever."""
        async for event in events:
            if event.request is not None:
                self._add_request(event.request)
            elif event.interaction is not None:
                self._add_interaction(event, event.interaction)

    async def follow_connection(self, discord: DiscordServer) -> None:
        """Log when the bot connects to the gateway and disconnects, forever."""
        while True:
            await discord.wait_until_gone(math.inf)
            self._add({"kind": "gateway", "name": "closed"})
            await discord.wait_until_ready(math.inf)
            self._add({"kind": "gateway", "name": "connected"})

    def on_service_event(self, service: str, event: ServiceEvent) -> None:
        """Log an event of the video service of that name."""
        number = self._numbers.setdefault((service, event.number), len(self._numbers) + 1)
        if event.kind == "accepted":
            self._jobs[number] = {
                "title": self._redact(event.text[:80]),
                "reply": self._reply_quoting(event.text),
            }
        elif event.kind == "line":
            self._add({"kind": "sse", "job": number, "line": self._redact(event.text)})
        else:
            self._add(self._service_item(service, number, event))

    def _service_item(self, service: str, number: int, event: ServiceEvent) -> dict[str, Any]:
        item = {"kind": "service", "service": service, "job": number, "state": event.kind}
        item |= {"method": event.record.method, "path": self._redact(event.record.path)}
        if event.kind == "received":
            self._started[number] = time.monotonic()
            return item
        seconds = time.monotonic() - self._started.pop(number, time.monotonic())
        return item | {"status": event.record.status, "ms": round(seconds * 1000), "left": event.record.disconnected}

    def _add_request(self, request: RequestRecord) -> None:
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

    def _add_interaction(self, event: Event, interaction: Interaction) -> None:
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
        """The id of the message that a request reads, edits or follows up."""
        parts = request.path.strip("/").split("/")
        interaction = self._by_token.get(parts[2]) if len(parts) > 2 else None
        if interaction is not None and interaction.message is not None:
            return str(interaction.message.id)
        if len(parts) > 3 and parts[2] == "messages":
            return parts[3]
        return None

    def _reply_quoting(self, prompt: str) -> str | None:
        """The id of the latest reply that quotes `prompt` and has no job yet."""
        taken = {job["reply"] for job in self._jobs.values()}
        words = _letters(prompt)[:QUOTED_LETTERS]
        for interaction in list(self._by_token.values())[: -RECENT_INTERACTIONS - 1 : -1]:
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
