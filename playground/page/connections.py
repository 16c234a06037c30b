"""The connections of all open pages: each event of the fake Discord is sent to every page that may see it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from playground.fake_discord.state.events import Event, Subscription
from playground.page.connection import Connection

log = logging.getLogger(__name__)


class Connections:
    """The pages that are open now."""

    def __init__(self) -> None:
        self._connections: set[Connection] = set()

    def add(self, connection: Connection) -> None:
        """Send events to this page from now on."""
        self._connections.add(connection)

    def discard(self, connection: Connection) -> None:
        """Send it nothing further."""
        self._connections.discard(connection)

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.gather(*(connection.close() for connection in list(self._connections)), return_exceptions=True)

    async def follow(self, events: Subscription) -> None:
        """Pass on events forever; an error in one page does not reach the others."""
        async for event in events:
            for connection in list(self._connections):
                try:
                    connection.on_event(event)
                except Exception:
                    log.exception("could not send an event to the page of %s", connection.person.name)
            if _registers_commands(event):
                for connection in list(self._connections):
                    connection.send_commands()

    def broadcast(self, frame: dict[str, Any]) -> None:
        """Send one frame to every page."""
        for connection in self._connections:
            connection.send(frame)

    def send_world(self) -> None:
        """Send people and servers to every page."""
        for connection in self._connections:
            connection.send_world()


def _registers_commands(event: Event) -> bool:
    request = event.request
    return request is not None and request.method != "GET" and request.route.endswith("/commands")
