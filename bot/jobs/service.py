"""Runs the jobs: each is admitted, sent once, followed, and settled exactly once, whether or not it is watched."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime
from pathlib import Path

from bot.concurrency.forever import run_forever
from bot.concurrency.tasks import Tasks
from bot.errors import ShuttingDown, StorageError
from bot.jobs.ending_writer import SETTLE_PAUSES
from bot.jobs.job import Job, new_record
from bot.jobs.lease import LEASE, RENEWAL, Lease
from bot.jobs.picture_links import Renew, with_living_links
from bot.jobs.pool import JobPool
from bot.jobs.runner import Runner
from bot.jobs.settlement import Settlement
from bot.jobs.spool import Spool
from bot.models import Delivery, Finished, JobRecord, JobState, Outcome, Queued, VideoRequest
from bot.operations.instrumentation import Meters
from bot.policy.admission import AdmissionRequest, Denial, DenialReason, LimitReached
from bot.providers.base import Failure, FinishedVideo, Provider, Result
from bot.storage import AdmissionStore, JobStore

log = logging.getLogger(__name__)


class JobService:
    """
    Runs at most ``max_jobs`` generations at once and lets the others wait in turns; see ``JobPool``.

    The jobs belong to this service alone: a watcher that goes away, or Discord's absence, changes nothing for them.
    ``data`` is the folder for what the database does not take.
    ``rebuild`` makes the request of a job that another process stored, or None if its picture is gone.
    ``not_offered`` returns why the operator does not offer what a job is to be made with, or not in such a channel.
    ``keep_video`` returns the link to store for a video, or raises FetchError.
    ``refusals_cost``: whether a service, by its name, charges for requests that its reviews refuse.
    """

    def __init__(
        self,
        store: JobStore,
        admissions: AdmissionStore,
        provider: Provider,
        *,
        data: Path,
        max_jobs: int,
        rebuild: Callable[[JobRecord], Awaitable[VideoRequest | None]],
        not_offered: Callable[[JobRecord], Denial | None] = lambda record: None,
        keep_video: Callable[[FinishedVideo], Awaitable[str]] | None = None,
        refusals_cost: Callable[[str | None], bool] = lambda service: False,
        on_ending: Callable[[JobRecord, Result], None] | None = None,
        on_settled: Callable[[JobRecord, Finished], Awaitable[None]] | None = None,
        meters: Meters | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._admissions = admissions
        self._meters = meters or Meters()
        self._rebuild = rebuild
        self._clock = clock
        self._tasks = Tasks()
        self._lease = Lease(store, clock)
        self._settlement = Settlement(
            store,
            Spool(data, self._lease.owner),
            clock,
            owner=self._lease.owner,
            refusals_cost=refusals_cost,
            on_ending=on_ending,
            on_settled=on_settled,
            meters=self._meters,
            tasks=self._tasks,
        )
        self.closing = asyncio.Event()  # set once no new jobs are accepted
        self._not_offered = not_offered
        self.is_in_guild: Callable[[int], bool] = lambda guild_id: True  # as far as this process can tell
        # The link of the video that the reply of a job shows, as far as can be seen.
        self.shown_video: Callable[[JobRecord], Awaitable[str | None]] | None = None
        self.renew_links: Renew | None = None
        runner = Runner(
            store,
            provider,
            self._lease.owner,
            clock,
            self._meters,
            closing=self.closing,
            is_held=self._lease.is_held,
            objection=self._objection,
            living=self._with_living_links,
            on_accepted=self._settlement.accepted,
            keep_video=keep_video,
        )
        self._pool = JobPool(
            runner, self._settlement, self._tasks, self._meters, max_jobs=max_jobs, closing=self.closing
        )

    def find(self, job_id: str) -> Job | None:
        """Return the job of that id if it has not ended."""
        return self._pool.find(job_id)

    async def record(self, job_id: str, guild_id: int) -> JobRecord | None:
        """
        Return what is known of the job of that id in that server, None if there is none. Raises StorageError, but not
        for a job of this process.
        """
        job = self.find(job_id)
        record = job.record if job else await self._store.get(job_id, guild_id)
        return record if record and record.guild_id == guild_id else None

    def check_open(self) -> None:
        """Raise ShuttingDown if no new jobs are accepted."""
        if self.closing.is_set():
            raise ShuttingDown

    async def submit(self, request: VideoRequest) -> Job:
        """
        Store the job and let it run when its turn comes.

        Raises LimitReached if the server's rules say no, ShuttingDown, and StorageError if it could not be stored;
        then nothing runs and nothing is counted.
        """
        self.check_open()
        job, asked = self._asked(request)
        denial = await self._tasks.complete(self._admit(job, asked), f"admit {job.id}")
        if denial:
            raise self._denied(job, denial)
        return job

    async def preview(self, request: VideoRequest, *, lasting: bool = False) -> None:
        """
        Raise LimitReached if ``request``, whose pictures may be missing, would not be admitted as things stand.

        It is asked before anything is spent on the pictures; ``submit`` decides. With ``lasting`` what may have passed
        by then is let pass. Raises ShuttingDown and StorageError.
        """
        self.check_open()
        job, asked = self._asked(request)
        denial = self._not_offered(job.record) or await self._admissions.preview(asked)
        if denial and (denial.is_lasting or not lasting):
            raise self._denied(job, denial)

    def _asked(self, request: VideoRequest) -> tuple[Job, AdmissionRequest]:
        record = new_record(request, self._clock())
        return Job(record, request, Queued(1)), AdmissionRequest(
            record, request.roles, request.channel_ids, tuple(turn.prompt for turn in request.history)
        )

    def _denied(self, job: Job, denial: Denial) -> LimitReached:
        log.info("not admitted: %s", denial.reason, extra=job.log_extra)
        self._meters.denied(str(denial.reason))
        if denial.reason is DenialReason.WORDS:
            self._tasks.start(self._admissions.count_word_refusal(job.record), f"count the refusal of {job.id}")
        return LimitReached(denial)

    async def _admit(self, job: Job, asked: AdmissionRequest) -> Denial | None:
        self._pool.own.add(job.id)
        try:
            denial = await self._admissions.admit(asked, owner=self._lease.owner, lease=LEASE)
        except StorageError:
            # Where only the answer was lost the job is stored, while its member is told that it is not.
            self._tasks.start(self._revoke(job), f"take back {job.id}")
            raise
        except asyncio.CancelledError:  # the process leaves, and does not wait for the database any longer
            await self._settlement.revoke_later(job)
            raise ShuttingDown from None
        if denial:
            self._pool.own.discard(job.id)
            return denial
        log.info("queued: %s", job.log_summary, extra=job.log_extra)
        self._pool.put(job)
        return None

    def cancel(self, job: Job, by: int | None = None) -> bool:
        """End ``job`` as cancelled. Return False if it has ended already, or its end is being stored."""
        is_cancelled = self._pool.stop(job, Outcome.CANCELLED)
        if is_cancelled:
            job.cancelled_by = by
        return is_cancelled

    async def cancel_anywhere(self, record: JobRecord, by: int | None = None) -> bool:
        """
        Cancel a job, here or, within seconds, through the process that owns it. Return False if it has ended.

        ``by`` is the id of the member who cancels; its end names them where it is cancelled here. Raises StorageError.
        """
        job = self.find(record.id)
        if job and not job.is_leaving and self._lease.is_held(job.record.started_at or job.record.created_at):
            return self.cancel(job, by)
        return await self._store.ask_to_cancel(record.id, record.guild_id, self._clock())

    async def close(self, grace: float) -> None:
        """
        Accept no new jobs, keep the waiting ones for the next process, give the running ones ``grace`` seconds to end,
        leave what is a task to the next process too, interrupt the rest, and return when every end is stored.
        """
        self.closing.set()
        self._pool.park()
        await self._pool.interrupt(grace)
        await self._tasks.finish(sum(SETTLE_PAUSES[:3]))

    async def run_maintenance(self) -> None:
        """Renew the lease forever, and carry out cancellations requested through other processes."""
        self._lease.begin()
        await run_forever("renew the lease of the jobs", self.renew_lease, RENEWAL, after=RENEWAL, longest=RENEWAL)

    async def renew_lease(self) -> None:
        """Renew the claim to the jobs, and cancel those that another process was asked to. Raises StorageError."""
        for job_id in await self._lease.renew():
            if job := self.find(job_id):
                self.cancel(job)

    async def release_jobs(self) -> None:
        """Release the lease, so that another process may adopt what is left. Raises StorageError."""
        await self._lease.release()

    async def reclaim_abandoned(self, showing: Collection[str] = ()) -> list[Job]:
        """
        Adopt the jobs whose owner is gone, and return them, to be shown; but first save what it could not. Raises
        StorageError.

        With those of this process that it does not know: it looks after none of them, nor are they ``showing`` an end.
        What goes wrong with one is logged, and tried again with the next call.

        What was not sent yet goes on waiting; what a service has accepted as a task is followed; what was sent else is
        never sent again, but interrupted; what was to be cancelled is; what had ended is returned with its end.
        """
        adopted = []
        left = await self._settlement.settle_left(self._clock())
        claimed = await self._lease.claim({*self._pool.own, *showing, *left})
        # Without those that were asked for here while the claim was under way.
        records = [record for record in claimed if record.id not in {*self._pool.own, *showing}]
        for record, shown in zip(records, await asyncio.gather(*map(self._shown, records)), strict=True):
            try:
                adopted.append(await self._adopt(record, shown))
            except Exception:
                log.exception("could not adopt a job", extra={"job": record.id, "guild": record.guild_id})
        return [job for job in adopted if job]

    async def _shown(self, record: JobRecord) -> str | None:
        """Return the video that the reply of a job shows although no end was saved."""
        return await self.shown_video(record) if self.shown_video and record.state is JobState.RUNNING else None

    async def _adopt(self, record: JobRecord, shown: str | None) -> Job | None:
        """Return the job of ``record``, to be shown; None if its reply, that has ``shown`` its video, is complete."""
        if shown:
            job = Job(record, None, Queued(1))
            self._pool.own.add(job.id)
            self._tasks.start(self._save_shown(job, FinishedVideo((shown,))), f"save {job.id}")
            return None
        if record.outcome:
            job = Job(record, None, Finished.of(record))
            log.info("adopted, to show its end: %s", record.outcome, extra=job.log_extra)
            return job
        may_go_on = (record.state is JobState.QUEUED or record.task) and not record.cancel_asked_at
        request = await self._rebuild(record) if may_go_on else None
        job = Job(record, request, Queued(1))
        if request and record.task:
            log.info("adopted, followed on", extra=job.log_extra)
            self._pool.resume(job)
        elif request:
            log.info("adopted, queued", extra=job.log_extra)
            self._pool.put(job)
        else:
            outcome = Outcome.CANCELLED if record.cancel_asked_at else Outcome.INTERRUPTED
            log.info("adopted, ends as %s", outcome, extra=job.log_extra)
            self._pool.end(job, Failure(outcome, "left behind by a process that is gone"))
        return job

    async def _save_shown(self, job: Job, video: FinishedVideo) -> None:
        await self._pool.settle(job, video)
        try:
            await self._store.deliver(job.id, Delivery.REPLY, shown=Outcome.SUCCESS)
        except StorageError as error:
            log.warning("could not save that the video is shown, so it is shown again: %s", error, extra=job.log_extra)

    async def _revoke(self, job: Job) -> None:
        await self._settlement.revoke_unconfirmed(job)
        self._pool.own.discard(job.id)

    async def _with_living_links(self, request: VideoRequest) -> VideoRequest | None:
        return await with_living_links(request, self._clock(), self.renew_links)

    def _objection(self, record: JobRecord) -> Denial | None:
        """Return what stands against a job that is about to be sent, and is no rule of its server."""
        if not self.is_in_guild(record.guild_id):
            return Denial(DenialReason.ABSENT)
        return self._not_offered(record)
