"""Ends a job: stores its outcome, retrying while the database is down, then notifies listeners."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.concurrency.backoff import retry
from bot.errors import StorageError
from bot.jobs.job import Job
from bot.models import Delivery, Finished, JobRecord, Outcome
from bot.operations.instrumentation import Meters
from bot.providers.base import Failure, FinishedVideo, Refusal, Result
from bot.storage import JobStore

SETTLE_PAUSES = (0.5, 1, 2, 4, 8, 15, 30)  # seconds between the tries to store how a job ended

log = logging.getLogger(__name__)


class Settlement:
    """Settles jobs. ``refusals_cost``: the video service charges for requests that its reviews refuse."""

    def __init__(
        self,
        store: JobStore,
        clock: Callable[[], datetime],
        *,
        keep_video: Callable[[str], Awaitable[str]] | None,
        refusals_cost: bool,
        on_ending: Callable[[JobRecord, Result], None] | None,
        on_settled: Callable[[JobRecord, Finished], Awaitable[None]] | None,
        meters: Meters,
    ) -> None:
        self._store = store
        self._clock = clock
        self._keep_video = keep_video
        self._refusals_cost = refusals_cost
        self._on_ending = on_ending
        self._on_settled = on_settled
        self._meters = meters

    async def settle(self, job: Job, result: Result, show: Callable[[Job, Finished], None]) -> None:
        """Store the ``result`` and ``show`` it; where it cannot be stored, show it first and go on trying."""
        if self._on_ending:
            self._on_ending(job.record, result)
        if self._keep_video and isinstance(result, FinishedVideo):
            result = replace(result, urls=(await self._keep_video(result.urls[0]),))
        now = self._clock()
        finished = self._finished(job, result, now)
        job.is_ending = True
        try:
            await self._save(job, result, finished, now, show)
        finally:
            show(job, finished)
        why = f" ({result.detail})" if isinstance(result, Failure) else ""
        log.info("ended: %s after %.1f s%s", finished.outcome, finished.seconds, why, extra=job.log_extra)
        self._meters.ended(job.record, finished)
        if self._on_settled:
            await self._on_settled(job.record, finished)

    def _finished(self, job: Job, result: Result, now: datetime) -> Finished:
        outcome = _outcome(result)
        return Finished(
            outcome,
            seconds=(now - job.record.created_at).total_seconds(),
            percent=job.peak_percent,
            video_url=result.urls[0] if isinstance(result, FinishedVideo) else None,
            model_gone=isinstance(result, Failure) and result.model_gone,
            cost=job.record.cost if self._is_spent(outcome) else 0,
        )

    async def _save(
        self, job: Job, result: Result, finished: Finished, now: datetime, show: Callable[[Job, Finished], None]
    ) -> None:
        def show_unsaved(error: Exception) -> None:
            log.error("could not save how the job ended, retrying: %s", error, extra=job.log_extra)
            show(job, finished)

        save = partial(
            self._store.settle,
            job.id,
            finished.outcome,
            now,
            spent=self._is_spent(finished.outcome),
            percent=finished.percent,
            video_url=finished.video_url,
            usage=result.usage,
        )
        await retry(save, SETTLE_PAUSES, on=StorageError, on_retry=show_unsaved)

    async def revoke_unconfirmed(self, job: Job) -> None:
        """End a job that may have been stored although its member was told there is none. It is shown to no one."""

        async def revoke() -> None:
            await self._store.settle(job.id, Outcome.INTERRUPTED, self._clock(), spent=False)
            if await self._store.deliver(job.id, Delivery.DROPPED):
                log.info("revoked", extra=job.log_extra)

        warn = partial(log.warning, "could not revoke the request, retrying: %s", extra=job.log_extra)
        await retry(revoke, SETTLE_PAUSES, on=StorageError, on_retry=warn)

    def _is_spent(self, outcome: Outcome) -> bool:
        return outcome is Outcome.SUCCESS or (outcome.is_refusal and self._refusals_cost)


def _outcome(result: Result) -> Outcome:
    match result:
        case FinishedVideo():
            return Outcome.SUCCESS
        case Refusal(stage=stage):
            return stage
        case Failure(outcome=outcome):
            return outcome
