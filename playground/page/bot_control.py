"""The bot's process as the panel plays with it: start, stop, kill -9, and word of it when it ends by itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Literal

from playground.fake_discord.server import CannotDo
from playground.playground import BotDiedError, Playground

BotState = Literal["running", "starting", "stopping", "stopped"]
GONE_WITHIN = 5.0  # seconds until Discord has noticed that a process is dead
LEAVE_WITHIN = 2.0  # seconds the bot is given when the playground closes

log = logging.getLogger(__name__)


class BotControl:
    """One thing at a time; `state` says how it stands, and `changed` is called when it changes."""

    def __init__(self, playground: Playground, changed: Callable[[], None]) -> None:
        self.state: BotState = "running"
        self._playground = playground
        self._changed = changed
        self._work: asyncio.Task[None] | None = None
        self._watch = asyncio.create_task(self._note_end(), name="watch the bot")

    def start(self) -> None:
        """Begin to start it; CannotDo unless it is stopped."""
        if self.state != "stopped":
            raise CannotDo(f"The bot is {self.state}.")
        self._begin(self._start)

    def restart(self) -> None:
        """Begin to stop it as a deployment does, and to start it again; CannotDo unless it runs."""
        if self.state != "running":
            raise CannotDo(f"The bot is {self.state}.")
        self._begin(self._restart)

    async def kill(self) -> None:
        """End it without a chance to say goodbye; CannotDo unless it lives."""
        if not self._playground.bot.running:
            raise CannotDo(f"The bot is {self.state}.")
        await self._abandon()
        self._set("stopped")
        await self._playground.bot.kill()

    async def close(self) -> None:
        """End it within a few seconds, since the playground goes away."""
        await self._abandon()
        self._watch.cancel()
        await asyncio.gather(self._watch, return_exceptions=True)
        await self._playground.bot.stop(LEAVE_WITHIN)

    def _begin(self, work: Callable[[], Awaitable[None]]) -> None:
        self._set("starting" if self.state == "stopped" else "stopping")
        self._work = asyncio.create_task(self._do(work), name="restart of the bot")

    async def _do(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except (BotDiedError, TimeoutError, OSError):
            log.exception("the bot did not start")
            await self._playground.bot.kill()
            self._set("stopped")

    async def _restart(self) -> None:
        await self._playground.bot.stop()
        self._set("starting")
        await self._start()

    async def _start(self) -> None:
        await self._playground.discord.wait_until_gone(GONE_WITHIN)
        await self._playground.start_bot()
        self._watch.cancel()
        self._watch = asyncio.create_task(self._note_end(), name="watch the bot")
        self._set("running")

    async def _abandon(self) -> None:
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
            self._work = None

    async def _note_end(self) -> None:
        await self._playground.bot.exited()
        if self.state == "running":
            self._set("stopped")

    def _set(self, state: BotState) -> None:
        if state != self.state:
            self.state = state
            self._changed()
