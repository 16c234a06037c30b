"""Writes down what became of jobs: in the database, and until that takes it in the spool."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from bot.concurrency.backoff import retry
from bot.errors import StorageError
from bot.jobs.lease import LEASE
from bot.jobs.spool import Spool, Unsaved
from bot.models import Delivery
from bot.storage import JobStore, Settled

SETTLE_PAUSES = (0.5, 1, 2, 4, 8, 15, 30)  # seconds between the tries to store how a job ended


class EndingWriter:
    """Writes for the jobs of ``owner``; what one that is gone left in its spool, it writes under its own lease."""

    def __init__(self, store: JobStore, spool: Spool, owner: str) -> None:
        self._store = store
        self._spool = spool
        self._owner = owner

    async def write(self, unsaved: Unsaved, on_error: Callable[[Exception], object]) -> Settled | None:
        """
        Write ``unsaved`` down, however long the database is away, and return what stands written then.

        Once the first try has failed, or is cut off, it is safe in the spool; then ``on_error`` is told.
        """
        try:
            return await self.try_to_write(unsaved)
        except StorageError as error:
            await self._spool.keep(unsaved)
            on_error(error)
        except asyncio.CancelledError:
            await self._spool.keep(unsaved)
            raise
        settled = await retry(partial(self.try_to_write, unsaved), SETTLE_PAUSES, on=StorageError)
        await self._spool.drop(unsaved)
        return settled

    async def try_to_write(self, unsaved: Unsaved) -> Settled | None:
        """Write ``unsaved`` down, and return what stands written then. Raises StorageError."""
        if unsaved.task:
            await self._store.accept(unsaved.job_id, unsaved.owner, unsaved.task, unsaved.price or 0)
            return None
        if unsaved.outcome is None:
            await self._store.unstart(unsaved.job_id, unsaved.owner, unsaved.at)
            return None
        settled = await self._store.settle(
            unsaved.job_id,
            unsaved.outcome,
            unsaved.at,
            charge=unsaved.charge,
            sent=unsaved.sent,
            percent=unsaved.percent,
            video_url=unsaved.video_url,
            usage=unsaved.usage,
            service_cost=unsaved.service_cost,
            service=unsaved.service,
            price=unsaved.price,
            owner=self._owner,
            lease=LEASE,
        )
        if unsaved.revoked:
            await self._store.deliver(unsaved.job_id, Delivery.DROPPED)
        return settled
