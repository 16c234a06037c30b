"""Events of the fake Discord, published to subscribers: tests, the demo, the web page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playground.fake_discord.state.request_log import RequestRecord
    from playground.fake_discord.world.interaction import Interaction
    from playground.fake_discord.world.messages import Message

EventKind = Literal["message_created", "message_updated", "message_deleted", "interaction", "request"]


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `message` is a snapshot of that moment; `interaction` is the live object."""

    kind: EventKind
    at: datetime
    message: Message | None = None
    interaction: Interaction | None = None
    request: RequestRecord | None = None


class Subscription:
    """All events since the subscription began, in order."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Event] = asyncio.Queue()

    def put(self, event: Event) -> None:
        """Add one event; never blocks the publisher."""
        self._queue.put_nowait(event)

    async def get(self) -> Event:
        """The next event, when there is one."""
        return await self._queue.get()

    async def __aiter__(self) -> AsyncIterator[Event]:
        while True:
            yield await self._queue.get()


class Events:
    """Publishes each event to all current subscribers."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()

    def publish(self, event: Event) -> None:
        """Pass `event` to all current subscribers."""
        for subscription in self._subscriptions:
            subscription.put(event)

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        """A subscription for the length of the `with` block."""
        subscription = Subscription()
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
