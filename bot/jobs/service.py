"""Runs the jobs: each is admitted, sent once, followed, and settled exactly once, whether or not it is watched."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from bot.concurrency.tasks import Tasks
from bot.errors import ShuttingDown, StorageError
from bot.jobs.job import Job, new_record
from bot.jobs.lease import LEASE, RENEWAL, Lease
from bot.jobs.queue import FairQueue
from bot.jobs.runner import Runner
from bot.jobs.settlement import SETTLE_PAUSES, Settlement
from bot.models import Finished, HandedOff, JobRecord, JobState, Outcome, Queued, VideoRequest
from bot.operations.instrumentation import Meters
from bot.policy.admission import AdmissionRequest, Denial, LimitReached
from bot.providers.base import Failure, Provider, Result
from bot.storage import AdmissionStore, JobStore

log = logging.getLogger(__name__)


class JobService:
    """
    Runs at most ``max_jobs`` generations at once and lets the others wait in turns; see ``FairQueue``.

    The jobs belong to this service alone: a watcher that goes away, or Discord's absence, changes nothing for them.
    ``rebuild`` makes the request of a job that another process stored, or None if its picture is gone.
    ``keep_video`` returns the link to store for the one a service gave.
    ``refusals_cost``: the video service charges for requests that its reviews refuse.
    """

    def __init__(
        self,
        store: JobStore,
        admissions: AdmissionStore,
        provider: Provider,
        *,
        max_jobs: int,
        rebuild: Callable[[JobRecord], Awaitable[VideoRequest | None]],
        keep_video: Callable[[str], Awaitable[str]] | None = None,
        refusals_cost: bool = False,
        on_ending: Callable[[JobRecord, Result], None] | None = None,
        on_settled: Callable[[JobRecord, Finished], Awaitable[None]] | None = None,
        meters: Meters | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._admissions = admissions
        self._meters = meters or Meters()
        self._max_jobs = max_jobs
        self._rebuild = rebuild
        self._settlement = Settlement(
            store,
            clock,
            keep_video=keep_video,
            refusals_cost=refusals_cost,
            on_ending=on_ending,
            on_settled=on_settled,
            meters=self._meters,
        )
        self._clock = clock
        self._lease = Lease(store, clock)
        self._runner = Runner(store, provider, self._lease.owner, clock, self._meters)
        self._jobs: dict[str, Job] = {}
        self._queue = FairQueue()
        self._tasks = Tasks()
        self.closing = asyncio.Event()  # set once no new jobs are accepted
        self._meters.watch_jobs(lambda: len(self._queue), lambda: len(self._jobs) - len(self._queue))

    def find(self, job_id: str) -> Job | None:
        """Return the job of that id if it has not ended."""
        return self._jobs.get(job_id)

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
        record = new_record(request, self._clock())
        job = Job(record, request, Queued(1))
        asked = AdmissionRequest(record, request.roles, request.channel_ids)
        denial = await self._tasks.complete(self._admit(job, asked), f"admit {job.id}")
        if denial:
            raise LimitReached(denial)
        return job

    async def _admit(self, job: Job, asked: AdmissionRequest) -> Denial | None:
        try:
            denial = await self._admissions.admit(asked, owner=self._lease.owner, lease=LEASE)
        except StorageError:
            # Where only the answer was lost the job is stored, while its member is told that it is not.
            self._tasks.start(self._settlement.revoke_unconfirmed(job), f"take back {job.id}")
            raise
        if denial:
            log.info("not admitted: %s", denial.reason, extra=job.log_extra)
            self._meters.denied(str(denial.reason))
            return denial
        self._jobs[job.id] = job
        self._queue.put(job)
        log.info("queued: %s", job.log_summary, extra=job.log_extra)
        if self.closing.is_set():
            self._park_queue()
        else:
            self._start_next()
        return None

    def cancel(self, job: Job) -> bool:
        """End ``job`` as cancelled. Return False if it has ended already, or its end is being stored."""
        return self._stop(job, Outcome.CANCELLED)

    async def cancel_anywhere(self, record: JobRecord) -> bool:
        """
        Cancel a job, here or, within seconds, through the process that owns it. Return False if it has ended.

        Raises StorageError.
        """
        if job := self.find(record.id):
            return self.cancel(job)
        return await self._store.ask_to_cancel(record.id, record.guild_id, self._clock())

    async def close(self, grace: float) -> None:
        """
        Accept no new jobs, keep the waiting ones for the next process, give the running ones ``grace`` seconds to end,
        interrupt the rest, and return when every end is stored.
        """
        self.closing.set()
        self._park_queue()
        running = {job for job in self._jobs.values() if not isinstance(job.state, Finished)}
        generations = [job.task for job in running if job.task]
        if generations:
            await asyncio.wait(generations, timeout=grace)
        for job in running:
            self._stop(job, Outcome.INTERRUPTED)
        await self._tasks.finish(sum(SETTLE_PAUSES[:3]))

    async def run_maintenance(self) -> None:
        """Renew the lease forever, and carry out cancellations requested through other processes."""
        while True:
            await asyncio.sleep(RENEWAL)
            try:
                await self.renew_lease()
            except StorageError as error:
                log.warning("could not renew the lease of the jobs: %s", error)

    async def renew_lease(self) -> None:
        """Renew the claim to the jobs, and cancel those that another process was asked to. Raises StorageError."""
        for job_id in await self._lease.renew():
            if job := self.find(job_id):
                self.cancel(job)

    async def release_jobs(self) -> None:
        """Release the lease, so that another process may adopt what is left. Raises StorageError."""
        await self._lease.release()

    async def reclaim_abandoned(self) -> list[Job]:
        """
        Adopt the jobs whose owner is gone, and return them, to be shown. Raises StorageError.

        What was not sent yet goes on waiting; what was sent is never sent again, but interrupted; what was to be
        cancelled is; what had ended is returned with its end.
        """
        return [await self._adopt(record) for record in await self._lease.claim()]

    async def _adopt(self, record: JobRecord) -> Job:
        if record.outcome:
            job = Job(record, None, _end_of(record))
            log.info("adopted, to show its end: %s", record.outcome, extra=job.log_extra)
            return job
        may_go_on = record.state is JobState.QUEUED and not record.cancel_asked_at
        request = await self._rebuild(record) if may_go_on else None
        job = Job(record, request, Queued(1))
        self._jobs[job.id] = job
        if request:
            self._queue.put(job)
            log.info("adopted, queued", extra=job.log_extra)
            self._start_next()
        else:
            outcome = Outcome.CANCELLED if record.cancel_asked_at else Outcome.INTERRUPTED
            log.info("adopted, ends as %s", outcome, extra=job.log_extra)
            self._end(job, Failure(outcome, "left behind by a process that is gone"))
        return job

    def _park_queue(self) -> None:
        while self._queue:
            self._hand_off(self._queue.pop())

    def _hand_off(self, job: Job) -> None:
        """Leave ``job`` to another process, such as this one's successor."""
        self._jobs.pop(job.id, None)
        log.info("handed off to another process", extra=job.log_extra)
        job.set_state(HandedOff())

    def _stop(self, job: Job, outcome: Outcome) -> bool:
        if self._queue.remove(job):
            log.info("stopped while waiting: %s", outcome, extra=job.log_extra)
            job.request_stop(outcome)
            self._end(job, Failure(outcome, "stopped while waiting"))
            self._update_positions()
            return True
        generation = job.task
        if job.id not in self._jobs or job.stop_outcome or job.is_ending or (generation and generation.done()):
            return False
        log.info("stopped while running: %s", outcome, extra=job.log_extra)
        job.request_stop(outcome)
        return True

    def _start_next(self) -> None:
        while self._queue and len(self._jobs) - len(self._queue) < self._max_jobs:
            job = self._queue.pop()
            self._tasks.start(self._run(job), f"job {job.id}")
        self._update_positions()

    def _update_positions(self) -> None:
        for place, job in enumerate(self._queue.snapshot(), 1):
            if job.state != Queued(place):
                job.set_state(Queued(place))

    async def _run(self, job: Job) -> None:
        result = await self._runner.run(job)
        if result:
            await self._settlement.settle(job, result, self._show_end)
        else:
            self._hand_off(job)
            self._start_next()

    def _end(self, job: Job, result: Failure) -> None:
        """End, in the background, a job that does not run here."""
        self._tasks.start(self._settlement.settle(job, result, self._show_end), f"stop {job.id}")

    def _show_end(self, job: Job, finished: Finished) -> None:
        if self._jobs.pop(job.id, None):
            job.set_state(finished)
            self._start_next()


def _end_of(record: JobRecord) -> Finished:
    return Finished(record.outcome or Outcome.INTERRUPTED, record.seconds, record.percent, record.video_url)
