"""The end of a job: written down, however long the database is away, and then told to whoever keeps the books."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.concurrency.backoff import pauses
from bot.errors import StorageError
from bot.jobs.job import Job
from bot.models import Delivery, Finished, JobRecord, Outcome
from bot.operations.instrumentation import Meters
from bot.providers.base import Failure, FinishedVideo, Refusal, Result
from bot.storage import JobStore

SETTLE_PAUSES = (0.5, 1, 2, 4, 8, 15, 30)  # seconds between the tries to write an ending down

log = logging.getLogger(__name__)


class Settlement:
    """Settles jobs. ``refusals_cost``: the video service charges for requests that its reviews refuse."""

    def __init__(
        self,
        store: JobStore,
        clock: Callable[[], datetime],
        *,
        refusals_cost: bool,
        on_ending: Callable[[JobRecord, Result], None],
        on_settled: Callable[[JobRecord, Finished], Awaitable[None]],
        meters: Meters,
    ) -> None:
        self._store = store
        self._clock = clock
        self._refusals_cost = refusals_cost
        self._on_ending = on_ending
        self._on_settled = on_settled
        self._meters = meters

    async def settle(self, job: Job, ending: Result, show: Callable[[Job, Finished], None]) -> None:
        """Write the ending down and ``show`` it; where it cannot be written down, show it first and go on trying."""
        self._on_ending(job.record, ending)
        outcome, url = _outcome(ending)
        now = self._clock()
        done = Finished(
            outcome,
            seconds=(now - job.record.created_at).total_seconds(),
            percent=job.peak_percent,
            video_url=url,
            model_gone=isinstance(ending, Failure) and ending.model_gone,
            cost=job.record.cost if self._is_spent(outcome) else 0,
        )
        job.is_ending = True
        try:
            await self._write_down(job, ending, done, now, show)
        finally:
            show(job, done)
        why = f" ({ending.detail})" if isinstance(ending, Failure) else ""
        log.info("ended: %s after %.1f s%s", outcome, done.seconds, why, extra=job.log_extra)
        self._meters.ended(job.record, done)
        await self._on_settled(job.record, done)

    async def _write_down(
        self, job: Job, ending: Result, done: Finished, now: datetime, show: Callable[[Job, Finished], None]
    ) -> None:
        for pause in pauses(SETTLE_PAUSES):
            try:
                await self._store.settle(
                    job.id,
                    done.outcome,
                    now,
                    spent=self._is_spent(done.outcome),
                    percent=done.percent,
                    video_url=done.video_url,
                    usage=ending.usage,
                )
                return
            except StorageError as error:
                log.error("an ending could not be written down yet: %s", error, extra=job.log_extra)
                show(job, done)
            await asyncio.sleep(pause)

    async def revoke_unconfirmed(self, job: Job) -> None:
        """End a job that may have been written down although its member was told that there is none; show it nobody."""
        for pause in pauses(SETTLE_PAUSES):
            try:
                await self._store.settle(job.id, Outcome.INTERRUPTED, self._clock(), spent=False)
                if await self._store.deliver(job.id, Delivery.DROPPED):
                    log.info("taken back", extra=job.log_extra)
                return
            except StorageError as error:
                log.warning("a request could not be taken back yet: %s", error, extra=job.log_extra)
            await asyncio.sleep(pause)

    def _is_spent(self, outcome: Outcome) -> bool:
        return outcome is Outcome.SUCCESS or (outcome.is_refusal and self._refusals_cost)


def _outcome(ending: Result) -> tuple[Outcome, str | None]:
    match ending:
        case FinishedVideo(urls=urls):
            return Outcome.SUCCESS, urls[0]
        case Refusal(stage=stage):
            return stage, None
        case Failure(outcome=outcome):
            return outcome, None
