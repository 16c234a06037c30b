"""All open pages, told together what happens."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from playground.fake_discord.state.events import Event, Subscription
from playground.page.live import Live

log = logging.getLogger(__name__)


class Connections:
    """The pages that are open now."""

    def __init__(self) -> None:
        self._lives: set[Live] = set()

    def join(self, live: Live) -> None:
        """Tell a page from now on."""
        self._lives.add(live)

    def leave(self, live: Live) -> None:
        """Tell it no more."""
        self._lives.discard(live)

    async def close(self) -> None:
        """Hang up on every page."""
        await asyncio.gather(*(live.close() for live in list(self._lives)), return_exceptions=True)

    async def follow(self, events: Subscription) -> None:
        """Pass on what happens on Discord, for ever; a page that fails harms no other."""
        async for event in events:
            for live in list(self._lives):
                try:
                    live.tell(event)
                except Exception:
                    log.exception("an event could not be shown to %s", live.person.name)
            if _registers_commands(event):
                for live in list(self._lives):
                    live.tell_commands()

    def tell_all(self, frame: dict[str, Any]) -> None:
        """Send one frame to every page."""
        for live in self._lives:
            live.send(frame)

    def tell_world(self) -> None:
        """Show every page who and what there is."""
        for live in self._lives:
            live.tell_world()


def _registers_commands(event: Event) -> bool:
    request = event.request
    return request is not None and request.method != "GET" and request.route.endswith("/commands")
