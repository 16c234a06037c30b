"""Forgetting: once a day the prompts that a server's rules keep no longer are erased, and counters nobody asks for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.concurrency.forever import run_forever
from bot.storage import CounterStore, GuildStore, HistoryStore

AFTER_START = 300.0  # seconds: a start has enough to do
INTERVAL = 86_400.0  # seconds
BREATH = 0.1  # seconds between two chunks, so that jobs are written down meanwhile

log = logging.getLogger(__name__)


class Retention:
    """Forgets what is due. Several processes may do it at the same time; each finds what the others left."""

    def __init__(
        self,
        history: HistoryStore,
        guilds: GuildStore,
        counters: CounterStore,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._history = history
        self._guilds = guilds
        self._counters = counters
        self._clock = clock
        self._sleep = sleep

    async def run_forever(self) -> None:
        """Forget for ever, once a day. A day on which the database does not answer is made up for on the next."""
        await run_forever(
            "erase all that is past its retention", self.purge, INTERVAL, after=AFTER_START, sleep=self._sleep
        )

    async def purge(self) -> None:
        """Erase the prompts and counters whose time is over. Raises StorageError."""
        for guild_id in await self._history.guilds_with_prompts():
            policy = await self._guilds.policy(guild_id)
            before = self._clock() - timedelta(days=policy.prompt_days)
            forgotten = 0
            while count := await self._history.purge_before(guild_id, before):
                forgotten += count
                await self._sleep(BREATH)
            if forgotten:
                log.info("forgot %d prompts past their retention", forgotten, extra={"guild": guild_id})
        if pruned := await self._counters.prune(self._clock()):
            log.info("deleted %d counters that nobody asks for any more", pruned)
