"""Erases, once a day, prompts that are older than their server's rules allow, and counters of windows long over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.concurrency.forever import run_forever
from bot.storage import CounterStore, GuildStore, HistoryStore

AFTER_START = 300.0  # seconds; a start has enough to do
INTERVAL = 86_400.0  # seconds
PAUSE = 0.1  # seconds between two chunks, in which jobs can be stored

log = logging.getLogger(__name__)


class Retention:
    """Erases what is past its retention. Several processes may do so at once; each takes what the others left."""

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
        """Purge once a day, until cancelled. What fails on one day is done on the next."""
        await run_forever(
            "erase all that is past its retention", self.purge, INTERVAL, after=AFTER_START, sleep=self._sleep
        )

    async def purge(self) -> None:
        """Erase prompts and counters that are past their retention. Raises StorageError."""
        for guild_id in await self._history.guilds_with_prompts():
            policy = await self._guilds.policy(guild_id)
            before = self._clock() - timedelta(days=policy.prompt_days)
            erased = 0
            while count := await self._history.purge_before(guild_id, before):
                erased += count
                await self._sleep(PAUSE)
            if erased:
                log.info("erased %d prompts past their retention", erased, extra={"guild": guild_id})
        if pruned := await self._counters.prune(self._clock()):
            log.info("deleted %d counters past their retention", pruned)
