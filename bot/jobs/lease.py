"""This process's claim to its jobs: renewed while it lives, so that another process can adopt them once it is gone."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from bot.errors import StorageError
from bot.models import JobRecord
from bot.storage import JobStore

# Long enough that a living process keeps its jobs, short enough that a dead one's are resolved within a minute, also
# where the clocks of two machines are 10 s apart. Alive: two renewals in a row may fail; by the third the lease is 12 s
# old, seems 22 s old to the other machine, and the statement has 3 s. Dead: 25 s, 10 s more by a clock that is behind,
# and 3 s until another process looks (``cogs/video/recovery.py``) make 38 s.
LEASE = timedelta(seconds=25)
RENEWAL = 4.0  # seconds
STATEMENT = 3.0  # seconds
_CLOCKS_APART = timedelta(seconds=10)
_ON_TIME = timedelta(seconds=2 * RENEWAL)  # between two renewals while all is well


class Lease:
    """The name under which this process owns jobs, and until when."""

    def __init__(self, store: JobStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self.owner = uuid.uuid4().hex
        self._renewed: datetime | None = None
        self._was_away: datetime | None = None  # when a renewal last came late
        self._released = False

    def begin(self) -> None:
        """Say that from now on it is renewed."""
        self._renewed = self._clock()

    async def renew(self) -> list[str]:
        """Renew the lease, and return the ids of jobs here that are to be cancelled. Raises StorageError."""
        if self._released:
            return []
        to_cancel = await self._until(self._clock() + LEASE)
        now = self._clock()
        if self._renewed and now - self._renewed > _ON_TIME:
            self._was_away = now
        self._renewed = now
        return to_cancel

    def is_held(self, since: datetime) -> bool:
        """Whether no other process can have taken over a job that was this one's at ``since``."""
        if self._renewed is None:
            return True
        is_kept = self._clock() - self._renewed < LEASE - _CLOCKS_APART
        return is_kept and not (self._was_away and self._was_away >= since)

    async def claim(self, known: Collection[str]) -> list[JobRecord]:
        """
        Take over the jobs of processes that no longer renew theirs, and return them; and those that are this process's
        by now, but not ``known`` to it. Raises StorageError.

        None are taken while this process cannot renew its own, and shortly after: when the database was away, the
        others come back to it at the same time, and their jobs are not abandoned.
        """
        now = self._clock()
        is_away = self._renewed and now - self._renewed > _ON_TIME
        is_just_back = self._was_away and abs(now - self._was_away) <= _ON_TIME
        if is_away or is_just_back:
            return []
        return await self._store.claim(self.owner, now, now + LEASE, known)

    async def release(self) -> None:
        """Let the next process have all that is left at once. Raises StorageError."""
        self._released = True
        await self._until(self._clock())

    async def _until(self, moment: datetime) -> list[str]:
        try:
            async with asyncio.timeout(STATEMENT):
                return await self._store.renew(self.owner, moment)
        except TimeoutError:
            raise StorageError("the database did not answer in time") from None
