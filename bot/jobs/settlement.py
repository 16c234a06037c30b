"""Ends a job: has its end written down, shows it and tells the listeners; also what gone processes left unsaved."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.concurrency.tasks import Tasks
from bot.errors import StorageError
from bot.jobs.ending_writer import EndingWriter
from bot.jobs.job import Job
from bot.jobs.spool import Spool, Unsaved
from bot.models import MILLIONTHS, Finished, JobRecord, JobState, Outcome
from bot.operations.instrumentation import Meters
from bot.policy.admission import Denial, Denied
from bot.policy.charges import NOTHING, Charge, charge_for
from bot.providers.base import Failure, FinishedVideo, Refusal, Result
from bot.storage import JobStore

log = logging.getLogger(__name__)


class Settlement:
    """Settles the jobs of ``owner``. ``refusals_cost``: whether a service charges for what it refuses."""

    def __init__(
        self,
        store: JobStore,
        spool: Spool,
        clock: Callable[[], datetime],
        *,
        owner: str,
        refusals_cost: Callable[[str | None], bool],
        on_ending: Callable[[JobRecord, Result], None] | None,
        on_settled: Callable[[JobRecord, Finished], Awaitable[None]] | None,
        meters: Meters,
        tasks: Tasks,
    ) -> None:
        self._store = store
        self._tasks = tasks
        self._spool = spool
        self._writer = EndingWriter(store, spool, owner)
        self._clock = clock
        self._owner = owner
        self._refusals_cost = refusals_cost
        self._on_ending = on_ending
        self._on_settled = on_settled
        self._meters = meters

    async def settle(self, job: Job, result: Result, show: Callable[[Job, Finished], None]) -> None:
        """
        Store the ``result`` and ``show`` how the job ended; where it cannot be stored, it is shown once it is kept in
        the spool.

        Where another process has ended the job before, that end is shown, and nobody is told of this one.
        """
        now, outcome, model_gone = self._clock(), _outcome(result), isinstance(result, Failure) and result.model_gone
        may_cost = isinstance(result, Failure) and result.may_cost
        refusals_cost = self._refusals_cost(job.service)
        charge = charge_for(outcome, sent=job.sent, refusals_cost=refusals_cost, may_cost=may_cost)
        ended = _ended(job, result, charge, now)
        finished = Finished.of(ended, model_gone=model_gone)
        job.is_ending = True

        def show_unsaved(error: Exception) -> None:
            log.error("could not save how the job ended, retrying: %s", error, extra=job.log_extra)
            show(job, finished)

        try:
            settled = await self._writer.write(
                _unsaved(ended, result, charge, job.price, self._owner, now), show_unsaved
            )
            if settled and not settled.first:
                finished = Finished.of(settled.record)
        finally:
            show(job, finished)
        why = f" ({result.detail})" if isinstance(result, Failure) else ""
        if settled and settled.first:
            log.info("ended: %s after %.1f s%s", finished.outcome, finished.seconds, why, extra=job.log_extra)
            await self._tell(settled.record, result, finished)
        else:
            stands = settled.record.outcome if settled else None
            log.warning("ended: %s%s, but stored is already: %s", outcome, why, stands, extra=job.log_extra)

    async def tell_denied(self, job: Job, denial: Denial, show: Callable[[Job, Finished], None]) -> None:
        """``show`` that ``job`` was not let in any more, which is written down, and notify the listeners."""
        log.info("no longer admitted: %s", denial.reason, extra=job.log_extra)
        result = Failure(Outcome.CANCELLED, f"no longer admitted: {denial.reason}")
        ended = _ended(job, result, NOTHING, self._clock())
        finished = Denied(ended.outcome or Outcome.CANCELLED, ended.seconds, denial=denial)
        show(job, finished)
        await self._tell(ended, result, finished)

    async def _tell(self, ended: JobRecord, result: Result, finished: Finished) -> None:
        if self._on_ending:
            self._on_ending(ended, result)
        self._meters.ended(ended, finished)
        if self._on_settled:
            await self._on_settled(ended, finished)

    async def revoke_unconfirmed(self, job: Job) -> None:
        """End a job that may have been stored although its member was told there is none. It is shown to no one."""
        warn = partial(log.warning, "could not revoke the request, retrying: %s", extra=job.log_extra)
        if await self._writer.write(self._revocation(job), warn):
            log.info("revoked", extra=job.log_extra)

    async def revoke_later(self, job: Job) -> None:
        """Leave it to the next process to do so."""
        await self._spool.keep(self._revocation(job))

    async def put_back(self, job: Job, hand_off: Callable[[Job], None]) -> None:
        """
        Let a job wait again that has not been sent; without effect if it does, or is another process's.

        Where that cannot be stored, ``hand_off`` is called once it is kept in the spool.
        """

        def on_error(error: Exception) -> None:
            log.warning("could not save that the job waits again, retrying: %s", error, extra=job.log_extra)
            hand_off(job)

        await self._writer.write(self._waiting(job), on_error)

    async def accepted(self, job: Job, task: str) -> None:
        """Write down the ``task`` that ``job`` was accepted as; it returns once that is safe, if only in the spool."""
        job.record = replace(job.record, task=task, cost=job.price)
        safe = asyncio.Event()

        def on_error(error: Exception) -> None:
            log.warning("could not save the task of a job, retrying: %s", error, extra=job.log_extra)
            safe.set()

        accepted = replace(self._waiting(job), task=task, price=job.price)
        writing = self._tasks.start(self._write(accepted, on_error), f"save the task of {job.id}")
        writing.add_done_callback(lambda _: safe.set())
        await safe.wait()

    async def _write(self, unsaved: Unsaved, on_error: Callable[[Exception], object]) -> None:
        await self._writer.write(unsaved, on_error)

    def _revocation(self, job: Job) -> Unsaved:
        return replace(self._waiting(job), outcome=Outcome.INTERRUPTED, revoked=True)

    def _waiting(self, job: Job) -> Unsaved:
        return Unsaved(job.id, job.record.guild_id, self._owner, self._clock())

    async def settle_left(self, now: datetime) -> set[str]:
        """
        Write down what processes that are gone could not; return the ids of the jobs of which that failed, or is not
        due since their process may live.
        """
        failed = set()
        for file in await self._spool.left():
            of_file = {unsaved.job_id for unsaved in file.unsaved if not await self._settle_left(unsaved, now)}
            if not of_file:
                await self._spool.delete(file)
            failed |= of_file
        return failed

    async def _settle_left(self, unsaved: Unsaved, now: datetime) -> bool:
        facts = {"job": unsaved.job_id, "guild": unsaved.guild_id}
        try:
            if await self._store.is_looked_after(unsaved.job_id, unsaved.owner, now):
                return False
            settled = await self._writer.try_to_write(unsaved)
        except StorageError as error:
            log.warning("could not save what another process could not: %s", error, extra=facts)
            return False
        if unsaved.task:
            log.info("saved for a process that is gone: its task", extra=facts)
        else:
            log.info("saved for a process that is gone: %s", unsaved.outcome or "it waits again", extra=facts)
        is_news = settled and settled.first and not settled.again and not unsaved.revoked
        if settled and is_news and self._on_settled:
            await self._on_settled(settled.record, Finished.of(settled.record))
        return True


def _ended(job: Job, result: Result, charge: Charge, now: datetime) -> JobRecord:
    """Return the row of ``job`` as it should stand written once it has ended so."""
    booking = charge.booking(job.price)
    return replace(
        job.record,
        state=JobState.DONE,
        outcome=_outcome(result),
        percent=job.peak_percent,
        video_url=result.urls[0] if isinstance(result, FinishedVideo) else None,
        started_at=job.record.started_at if job.sent else None,
        finished_at=now,
        cost=booking.cost,
        unconfirmed=booking.unconfirmed,
        service=job.service,
    )


def _unsaved(ended: JobRecord, result: Result, charge: Charge, price: int, owner: str, now: datetime) -> Unsaved:
    return Unsaved(
        ended.id,
        ended.guild_id,
        owner,
        now,
        _outcome(result),
        charge,
        sent=ended.started_at is not None,
        percent=ended.percent,
        video_url=ended.video_url,
        usage=result.usage,
        service_cost=None if result.cost is None else round(result.cost * MILLIONTHS),
        service=ended.service,
        price=price,
    )


def _outcome(result: Result) -> Outcome:
    match result:
        case FinishedVideo():
            return Outcome.SUCCESS
        case Refusal(stage=stage):
            return stage
        case Failure(outcome=outcome):
            return outcome
