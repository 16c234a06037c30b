"""The jobs: each is written down, sent once, followed, and settled exactly once, whoever is watching."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.concurrency.batcher import Together
from bot.concurrency.tasks import Tasks
from bot.errors import StorageError, UserError
from bot.i18n.translation import _
from bot.jobs.job import Job, new_record
from bot.jobs.lease import LEASE, RENEWAL, Lease, LeaseStore
from bot.jobs.queue import Line
from bot.jobs.runner import Runner, RunnerStore
from bot.jobs.settlement import SETTLE_PAUSES, Settler, SettlerStore
from bot.models import Done, JobRecord, Outcome, Resting, State, VideoRequest, Waiting
from bot.operations.instrumentation import Meters
from bot.policy.admission import Asking, Denial, LimitReached
from bot.providers.base import Ending, Fault, Provider

log = logging.getLogger(__name__)


def _ignore(_record: JobRecord, _ending: Ending) -> None: ...


async def _go_on(_record: JobRecord, _done: Done) -> None: ...


class Admissions(Protocol):
    """Where it is decided which jobs may be, and they are written down; see ``bot.storage.admissions``."""

    async def admit(self, asked: Sequence[Asking], *, owner: str, lease: timedelta) -> list[Denial | None]: ...


class Store(LeaseStore, RunnerStore, SettlerStore, Protocol):
    """Where jobs are kept; see ``bot.storage.jobs.JobStore``."""


class JobService:
    """
    Runs at most ``max_jobs`` generations at once and lets the others wait in turns; see ``Line``.

    The jobs belong to this service alone: a watcher that goes away, or Discord's absence, changes nothing for them.
    ``rebuild`` makes the request of a job that another process wrote down, or None if its picture is gone.
    ``refusals_cost``: the video service charges for requests that its reviews refuse.
    """

    def __init__(
        self,
        store: Store,
        admissions: Admissions,
        provider: Provider,
        *,
        max_jobs: int,
        rebuild: Callable[[JobRecord], Awaitable[VideoRequest | None]],
        refusals_cost: bool = False,
        on_ending: Callable[[JobRecord, Ending], None] = _ignore,
        on_settled: Callable[[JobRecord, Done], Awaitable[None]] = _go_on,
        meters: Meters | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._admissions = admissions
        self._meters = meters or Meters()
        self._max_jobs = max_jobs
        self._rebuild = rebuild
        self._settler = Settler(
            store,
            clock,
            refusals_cost=refusals_cost,
            on_ending=on_ending,
            on_settled=on_settled,
            meters=self._meters,
        )
        self._clock = clock
        self._lease = Lease(store, clock)
        self._runner = Runner(store, provider, self._lease.owner, clock, self._meters)
        self._jobs: dict[str, Job] = {}
        self._waiting = Line()
        self._tasks = Tasks()
        self._together = Together(self._admit, self._tasks)
        self.closing = asyncio.Event()  # set as soon as no more jobs are taken
        self._meters.watch_jobs(lambda: len(self._waiting), lambda: len(self._jobs) - len(self._waiting))

    def find(self, job_id: str) -> Job | None:
        """Return the job of that id if it has not ended."""
        return self._jobs.get(job_id)

    def check_open(self) -> None:
        """Raise UserError if no more jobs are taken."""
        if self.closing.is_set():
            raise UserError(
                _("Kinora is shutting down, so nothing was started and nothing was counted. Try again later.")
            )

    async def submit(self, request: VideoRequest) -> Job:
        """
        Write the job down and let it run when its turn comes.

        Raises LimitReached if the server's rules say no, another UserError while shutting down, and StorageError if it
        could not be written down; then nothing runs and nothing is counted.
        """
        self.check_open()
        record = new_record(request, self._clock())
        job = Job(record, request, Waiting(1))
        denial = await self._together.ask(job)
        if denial:
            raise LimitReached(denial)
        return job

    async def _admit(self, jobs: Sequence[Job]) -> Sequence[Denial | None]:
        asked = [_asking(job) for job in jobs]
        try:
            verdicts = await self._admissions.admit(asked, owner=self._lease.owner, lease=LEASE)
        except StorageError:
            # Where only the answer was lost they stand written down, and whoever asked is told that they do not.
            for job in jobs:
                self._tasks.start(self._settler.take_back(job), f"take back {job.id}")
            raise
        for job, denial in zip(jobs, verdicts, strict=True):
            if denial:
                log.info("not admitted: %s", denial.reason, extra=job.facts)
                self._meters.denied(denial.reason)
                continue
            self._jobs[job.id] = job
            self._waiting.add(job)
            log.info("queued: %s", job.gist, extra=job.facts)
        if self.closing.is_set():
            self._rest()
        else:
            # Soon, not now: whoever asked is answered before the first of these jobs wants the database.
            asyncio.get_running_loop().call_soon(self._advance)
        return verdicts

    def cancel(self, job: Job) -> bool:
        """End ``job`` as cancelled. Return False if it has ended already, or its ending is being written down."""
        return self._stop(job, Outcome.CANCELLED)

    async def close(self, grace: float) -> None:
        """
        Take no more jobs, keep the waiting ones for the next process, give the running ones ``grace`` seconds to end,
        interrupt the rest, and return when every ending is written down.
        """
        self.closing.set()
        self._rest()
        running = {job for job in self._jobs.values() if not isinstance(job.state, Done)}
        generations = [job.generation for job in running if job.generation]
        if generations:
            await asyncio.wait(generations, timeout=grace)
        for job in running:
            self._stop(job, Outcome.INTERRUPTED)
        await self._tasks.finish(sum(SETTLE_PAUSES[:3]))

    async def keep(self) -> None:
        """Go on looking after the jobs for ever: tell other processes so, and heed what they were asked meanwhile."""
        while True:
            await asyncio.sleep(RENEWAL)
            try:
                await self.heed()
            except StorageError as error:
                log.warning("the jobs' lease could not be renewed: %s", error)

    async def heed(self) -> None:
        """Renew the claim to the jobs, and cancel those that another process was asked to. Raises StorageError."""
        for job_id in await self._lease.renew():
            if job := self.find(job_id):
                self.cancel(job)

    async def release(self) -> None:
        """Let the next process look after what is left here. Raises StorageError."""
        await self._lease.release()

    async def recover(self) -> list[Job]:
        """
        Take over the jobs that a process left behind, and return them, to be shown. Raises StorageError.

        What was not sent yet goes on waiting; what was sent is never sent again, but interrupted; what was to be
        cancelled is; what had ended is returned with its end.
        """
        return [await self._take_over(record) for record in await self._lease.claim()]

    async def _take_over(self, record: JobRecord) -> Job:
        if record.outcome:
            job = Job(record, None, _end_of(record))
            log.info("taken over, to be shown: %s", record.outcome, extra=job.facts)
            return job
        may_go_on = record.state is State.QUEUED and not record.cancel_asked_at
        request = await self._rebuild(record) if may_go_on else None
        job = Job(record, request, Waiting(1))
        self._jobs[job.id] = job
        if request:
            self._waiting.add(job)
            log.info("taken over, waiting", extra=job.facts)
            self._advance()
        else:
            outcome = Outcome.CANCELLED if record.cancel_asked_at else Outcome.INTERRUPTED
            log.info("taken over, to end as %s", outcome, extra=job.facts)
            fault = Fault(outcome, "left behind by a process that is gone")
            self._tasks.start(self._settler.settle(job, fault, self._end), f"stop {job.id}")
        return job

    def _rest(self) -> None:
        while self._waiting:
            self._let_go(self._waiting.take())

    def _let_go(self, job: Job) -> None:
        """Have no more to do with a job that another process, this one's successor perhaps, looks after."""
        self._jobs.pop(job.id, None)
        log.info("left to another process", extra=job.facts)
        job.show(Resting())

    def _stop(self, job: Job, outcome: Outcome) -> bool:
        if self._waiting.remove(job):
            log.info("stopped while waiting: %s", outcome, extra=job.facts)
            job.stop(outcome)
            fault = Fault(outcome, "stopped while waiting")
            self._tasks.start(self._settler.settle(job, fault, self._end), f"stop {job.id}")
            self._number()
            return True
        generation = job.generation
        if job.id not in self._jobs or job.stopped_as or job.is_ending or (generation and generation.done()):
            return False
        log.info("stopped while running: %s", outcome, extra=job.facts)
        job.stop(outcome)
        return True

    def _advance(self) -> None:
        while self._waiting and len(self._jobs) - len(self._waiting) < self._max_jobs:
            job = self._waiting.take()
            self._tasks.start(self._run(job), f"job {job.id}")
        self._number()

    def _number(self) -> None:
        for place, job in enumerate(self._waiting.order(), 1):
            if job.state != Waiting(place):
                job.show(Waiting(place))

    async def _run(self, job: Job) -> None:
        ending = await self._runner.run(job)
        if ending:
            await self._settler.settle(job, ending, self._end)
        else:
            self._let_go(job)
            self._advance()

    def _end(self, job: Job, done: Done) -> None:
        if self._jobs.pop(job.id, None):
            job.show(done)
            self._advance()


def _asking(job: Job) -> Asking:
    request = job.request
    return Asking(job.record, request.roles, request.within) if request else Asking(job.record)


def _end_of(record: JobRecord) -> Done:
    return Done(record.outcome or Outcome.INTERRUPTED, record.seconds, record.percent, record.video_url)
