"""This process's claim to its jobs: renewed while it lives, so that another one may take them over when it does not."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from bot.errors import StorageError
from bot.models import JobRecord

LEASE = timedelta(seconds=15)
RENEWAL = 4.0  # seconds; three may fail before the lease ends

log = logging.getLogger(__name__)


class LeaseStore(Protocol):
    """Where leases are written down; see ``bot.storage.jobs.JobStore``."""

    async def renew(self, owner: str, until: datetime) -> None: ...

    async def claim(self, owner: str, now: datetime, until: datetime) -> list[JobRecord]: ...


class Lease:
    """The name under which this process looks after jobs, and for how long that holds."""

    def __init__(self, store: LeaseStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self.owner = uuid.uuid4().hex

    async def keep(self) -> None:
        """Renew the lease for ever."""
        while True:
            await asyncio.sleep(RENEWAL)
            try:
                await self._store.renew(self.owner, self._clock() + LEASE)
            except StorageError as error:
                log.warning("the jobs' lease could not be renewed: %s", error)

    async def claim(self) -> list[JobRecord]:
        """Take over the jobs of processes that no longer renew theirs, and return them. Raises StorageError."""
        now = self._clock()
        return await self._store.claim(self.owner, now, now + LEASE)

    async def release(self) -> None:
        """Let the next process have all that is left at once. Raises StorageError."""
        await self._store.renew(self.owner, self._clock())
