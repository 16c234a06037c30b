"""Starts, restarts and kills the bot's process for the panel, and notices when it exits by itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Literal

from playground.fake_discord.server import CannotDo
from playground.playground import BotDiedError, Playground

BotState = Literal["running", "starting", "stopping", "stopped"]
GONE_WITHIN = 5.0  # seconds until the fake Discord has noticed that a process is dead
STOP_WITHIN = 2.0  # seconds the bot is given when the playground closes

log = logging.getLogger(__name__)


class BotControl:
    """Runs one change at a time; `state` is the current one, and `on_change` is called when it changes."""

    def __init__(self, playground: Playground, on_change: Callable[[], None]) -> None:
        self.state: BotState = "running"
        self._playground = playground
        self._on_change = on_change
        self._work: asyncio.Task[None] | None = None
        self._watch = asyncio.create_task(self._watch_exit(), name="watch the bot")

    def start(self) -> None:
        """Start the bot in the background; CannotDo unless it is stopped."""
        if self.state != "stopped":
            raise CannotDo(f"The bot is {self.state}.")
        self._begin(self._start)

    def restart(self) -> None:
        """Stop the bot as a deployment does and start it again, in the background; CannotDo unless it runs."""
        if self.state != "running":
            raise CannotDo(f"The bot is {self.state}.")
        self._begin(self._restart)

    async def kill(self) -> None:
        """Kill the process without a shutdown; CannotDo unless it lives."""
        if not self._playground.bot.running:
            raise CannotDo(f"The bot is {self.state}.")
        await self._cancel_work()
        self._set("stopped")
        await self._playground.bot.kill()

    async def close(self) -> None:
        """Stop the bot within a few seconds, since the playground shuts down."""
        await self._cancel_work()
        self._watch.cancel()
        await asyncio.gather(self._watch, return_exceptions=True)
        await self._playground.bot.stop(STOP_WITHIN)

    def _begin(self, work: Callable[[], Awaitable[None]]) -> None:
        self._set("starting" if self.state == "stopped" else "stopping")
        self._work = asyncio.create_task(self._run(work), name="restart of the bot")

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
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
        self._watch = asyncio.create_task(self._watch_exit(), name="watch the bot")
        self._set("running")

    async def _cancel_work(self) -> None:
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
            self._work = None

    async def _watch_exit(self) -> None:
        await self._playground.bot.exited()
        if self.state == "running":
            self._set("stopped")

    def _set(self, state: BotState) -> None:
        if state != self.state:
            self.state = state
            self._on_change()
