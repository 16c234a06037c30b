"""A queue for identifying to Discord: one shard of each bucket in five seconds, over all processes together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.errors import StorageError
from bot.storage import TimeSlotStore

# Discord's docs, "Gateway", "Max Concurrency": an IDENTIFY of each bucket in 5 s, where a shard's bucket is its id
# modulo max_concurrency. An earlier one is turned away, and counts towards the day's 1000 all the same.
INTERVAL = timedelta(seconds=5)
# How late a turn may be used, so that the next one does not come too close: it is made before the shard connects.
MARGIN = timedelta(seconds=1)
# A turn further away than any queue of processes is long: another machine's clock is, or was, ahead by that much.
LONGEST_WAIT = timedelta(minutes=15)
BOOKING_TIMEOUT = 5.0  # seconds; a database that does not answer must not keep shards from connecting

log = logging.getLogger(__name__)


class LocalSlots:
    """Time slots of a process that has all shards, and so shares them with no other process."""

    def __init__(self) -> None:
        self._free: dict[str, datetime] = {}

    async def reserve(self, name: str, now: datetime, every: timedelta) -> datetime:
        """Return the moment from which the caller may go; the next one under ``name`` may go ``every`` after that."""
        moment = max(now, self._free.get(name, now))
        self._free[name] = moment + every
        return moment


class IdentifyQueue:
    """The turns of this process's shards. A shard that stops waiting keeps its turn, or a long queue never shrinks."""

    def __init__(
        self,
        slots: TimeSlotStore | LocalSlots,
        max_concurrency: int,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._slots = slots
        self._max_concurrency = max_concurrency
        self._clock = clock
        self._booked: dict[int, datetime] = {}

    def bucket(self, shard_id: int) -> int:
        """Return the bucket of a shard; shards of different ones do not wait for one another."""
        return shard_id % self._max_concurrency

    async def wait_until_near(self, shard_id: int, ahead: float) -> None:
        """Return when the shard's turn is ``ahead`` seconds away or less."""
        moment = self._booked[shard_id] = await self._moment(shard_id)
        await asyncio.sleep((moment - self._clock()).total_seconds() - ahead)

    async def wait(self, shard_id: int) -> None:
        """Return when it is the shard's turn, and use that up."""
        await self.wait_until_near(shard_id, ahead=0)
        while self._missed(shard_id):  # a busy machine overslept
            await self.wait_until_near(shard_id, ahead=0)
        del self._booked[shard_id]

    def _missed(self, shard_id: int) -> bool:
        return self._booked[shard_id] + MARGIN < self._clock()

    async def _moment(self, shard_id: int) -> datetime:
        if shard_id in self._booked and not self._missed(shard_id):
            return self._booked[shard_id]
        now = self._clock()
        try:
            async with asyncio.timeout(BOOKING_TIMEOUT):
                moment = await self._slots.reserve(f"identify {self.bucket(shard_id)}", now, INTERVAL + MARGIN)
            if moment - now <= LONGEST_WAIT:
                return moment
            log.warning("the next turn to identify is at %s: do the clocks of all machines agree?", moment)
        except (StorageError, TimeoutError) as error:
            log.warning("could not reserve a turn to identify for shard %d: %s", shard_id, type(error).__name__)
        return self._clock() + INTERVAL
