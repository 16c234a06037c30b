"""The end of a job: written down, however long the database is away, and then told to whoever keeps the books."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from bot.concurrency.backoff import pauses
from bot.errors import StorageError
from bot.jobs.job import Job
from bot.models import Delivery, Done, JobRecord, Outcome
from bot.operations.instrumentation import Meters
from bot.providers.base import Ending, Fault, Refusal, TokenUsage, Video

SETTLE_PAUSES = (0.5, 1, 2, 4, 8, 15, 30)  # seconds between the tries to write an ending down

log = logging.getLogger(__name__)


class SettlerStore(Protocol):
    """Where jobs are settled; see ``bot.storage.jobs.JobStore``."""

    async def settle(
        self,
        job_id: str,
        outcome: Outcome,
        now: datetime,
        *,
        spent: bool,
        percent: float | None = None,
        video_url: str | None = None,
        usage: TokenUsage | None = None,
    ) -> bool: ...

    async def deliver(self, job_id: str, delivery: Delivery, message_id: int | None = None) -> bool: ...


class Settler:
    """Settles jobs. ``refusals_cost``: the video service charges for requests that its reviews refuse."""

    def __init__(
        self,
        store: SettlerStore,
        clock: Callable[[], datetime],
        *,
        refusals_cost: bool,
        on_ending: Callable[[JobRecord, Ending], None],
        on_settled: Callable[[JobRecord, Done], Awaitable[None]],
        meters: Meters,
    ) -> None:
        self._store = store
        self._clock = clock
        self._refusals_cost = refusals_cost
        self._on_ending = on_ending
        self._on_settled = on_settled
        self._meters = meters

    async def settle(self, job: Job, ending: Ending, show: Callable[[Job, Done], None]) -> None:
        """Write the ending down and ``show`` it; where it cannot be written down, show it first and go on trying."""
        self._on_ending(job.record, ending)
        outcome, url = _outcome(ending)
        now = self._clock()
        done = Done(
            outcome,
            seconds=(now - job.record.created_at).total_seconds(),
            percent=job.highest,
            video_url=url,
            model_gone=isinstance(ending, Fault) and ending.model_gone,
            cost=job.record.cost if self._is_spent(outcome) else 0,
        )
        job.is_ending = True
        try:
            await self._write_down(job, ending, done, now, show)
        finally:
            show(job, done)
        why = f" ({ending.detail})" if isinstance(ending, Fault) else ""
        log.info("ended: %s after %.1f s%s", outcome, done.seconds, why, extra=job.facts)
        self._meters.ended(job.record, done)
        await self._on_settled(job.record, done)

    async def _write_down(
        self, job: Job, ending: Ending, done: Done, now: datetime, show: Callable[[Job, Done], None]
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
                log.error("an ending could not be written down yet: %s", error, extra=job.facts)
                show(job, done)
            await asyncio.sleep(pause)

    async def take_back(self, job: Job) -> None:
        """End a job that may have been written down although its member was told that there is none; show it nobody."""
        for pause in pauses(SETTLE_PAUSES):
            try:
                await self._store.settle(job.id, Outcome.INTERRUPTED, self._clock(), spent=False)
                if await self._store.deliver(job.id, Delivery.DROPPED):
                    log.info("taken back", extra=job.facts)
                return
            except StorageError as error:
                log.warning("a request could not be taken back yet: %s", error, extra=job.facts)
            await asyncio.sleep(pause)

    def _is_spent(self, outcome: Outcome) -> bool:
        return outcome is Outcome.SUCCESS or (outcome.is_refusal and self._refusals_cost)


def _outcome(ending: Ending) -> tuple[Outcome, str | None]:
    match ending:
        case Video(urls=urls):
            return Outcome.SUCCESS, urls[0]
        case Refusal(stage=stage):
            return stage, None
        case Fault(outcome=outcome):
            return outcome, None
