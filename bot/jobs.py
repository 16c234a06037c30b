"""The jobs: each is written down, sent once, followed, and settled exactly once, whoever is watching."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.errors import StorageError, UserError
from bot.job import Job, new_record
from bot.lease import LEASE, Lease, LeaseStore
from bot.models import (
    Done,
    Ending,
    Fault,
    JobRecord,
    Outcome,
    Refusal,
    Resting,
    State,
    TokenUsage,
    Video,
    VideoRequest,
    Waiting,
)
from bot.runner import Provider, Runner, RunnerStore
from bot.tasks import Tasks

SETTLE_PAUSES = (0.5, 1, 2, 4, 8, 15, 30)  # seconds between the tries to write an ending down

log = logging.getLogger(__name__)


class Store(LeaseStore, RunnerStore, Protocol):
    """Where jobs are written down; see ``bot.storage.jobs.JobStore``."""

    async def add(self, job: JobRecord, *, owner: str, lease: timedelta) -> None: ...

    async def settle(
        self,
        job_id: str,
        outcome: Outcome,
        now: datetime,
        *,
        percent: float | None = None,
        video_url: str | None = None,
        usage: TokenUsage | None = None,
    ) -> bool: ...


class JobService:
    """
    Runs at most ``max_jobs`` generations at once and keeps the others waiting in order.

    The jobs belong to this service alone: a watcher that goes away, or Discord's absence, changes nothing for them.
    ``rebuild`` makes the request of a job that another process wrote down, or None if its picture is gone.
    """

    def __init__(
        self,
        store: Store,
        provider: Provider,
        *,
        max_jobs: int,
        rebuild: Callable[[JobRecord], Awaitable[VideoRequest | None]],
        on_ending: Callable[[JobRecord, Ending], None] = lambda _record, _ending: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._runner = Runner(store, provider, clock)
        self._max_jobs = max_jobs
        self._rebuild = rebuild
        self._on_ending = on_ending
        self._clock = clock
        self._lease = Lease(store, clock)
        self._jobs: dict[str, Job] = {}
        self._waiting: deque[Job] = deque()
        self._tasks = Tasks()
        self.closing = asyncio.Event()  # set as soon as no more jobs are taken

    def find(self, job_id: str) -> Job | None:
        """Return the job of that id if it has not ended."""
        return self._jobs.get(job_id)

    def check_open(self) -> None:
        """Raise UserError if no more jobs are taken."""
        if self.closing.is_set():
            raise UserError("Kinora is shutting down, so nothing was started and nothing was counted. Try again later.")

    async def submit(self, request: VideoRequest) -> Job:
        """
        Write the job down and let it run when its turn comes. Raises UserError while shutting down, and StorageError
        if it could not be written down; then nothing runs and nothing is counted.
        """
        self.check_open()
        record = new_record(request, self._clock())
        job = Job(record, request, Waiting(len(self._waiting) + 1))
        # Shielded: a caller that goes away halfway must not leave a job written down that nobody runs.
        await asyncio.shield(self._tasks.start(self._admit(job), f"admit {job.id}"))
        return job

    async def _admit(self, job: Job) -> None:
        await self._store.add(job.record, owner=self._lease.owner, lease=LEASE)
        self._jobs[job.id] = job
        self._waiting.append(job)
        log.info("queued", extra=job.facts)
        if self.closing.is_set():
            self._rest()
        else:
            self._advance()

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
        """Tell other processes for ever that this one looks after its jobs."""
        await self._lease.keep()

    async def release(self) -> None:
        """Let the next process look after what is left here. Raises StorageError."""
        await self._lease.release()

    async def recover(self) -> list[Job]:
        """
        Take over the jobs that a process left behind, and return them, to be shown. Raises StorageError.

        What was not sent yet goes on waiting; what was sent is never sent again, but interrupted; what had ended is
        returned with its end.
        """
        return [await self._take_over(record) for record in await self._lease.claim()]

    async def _take_over(self, record: JobRecord) -> Job:
        if record.outcome:
            return Job(record, None, _end_of(record))
        request = await self._rebuild(record) if record.state is State.QUEUED else None
        job = Job(record, request, Waiting(len(self._waiting) + 1))
        self._jobs[job.id] = job
        if request:
            self._waiting.append(job)
            log.info("taken over, waiting", extra=job.facts)
            self._advance()
        else:
            fault = Fault(Outcome.INTERRUPTED, "left behind by a process that is gone")
            self._tasks.start(self._finish(job, fault), f"interrupt {job.id}")
        return job

    def _rest(self) -> None:
        while self._waiting:
            self._let_go(self._waiting.popleft())

    def _let_go(self, job: Job) -> None:
        """Have no more to do with a job that another process, this one's successor perhaps, looks after."""
        self._jobs.pop(job.id, None)
        job.show(Resting())

    def _stop(self, job: Job, outcome: Outcome) -> bool:
        if job in self._waiting:
            self._waiting.remove(job)
            job.stop(outcome)
            self._tasks.start(self._finish(job, Fault(outcome, "stopped while waiting")), f"stop {job.id}")
            self._number()
            return True
        generation = job.generation
        if job.id not in self._jobs or job.stopped_as or job.is_ending or (generation and generation.done()):
            return False
        job.stop(outcome)
        return True

    def _advance(self) -> None:
        while self._waiting and len(self._jobs) - len(self._waiting) < self._max_jobs:
            job = self._waiting.popleft()
            self._tasks.start(self._run(job), f"job {job.id}")
        self._number()

    def _number(self) -> None:
        for place, job in enumerate(self._waiting, 1):
            if job.state != Waiting(place):
                job.show(Waiting(place))

    async def _run(self, job: Job) -> None:
        ending = await self._runner.run(job)
        if ending:
            await self._finish(job, ending)
        else:
            self._let_go(job)
            self._advance()

    async def _finish(self, job: Job, ending: Ending) -> None:
        """Write the ending down and show it; where it cannot be written down, show it first and go on trying."""
        self._on_ending(job.record, ending)
        outcome, url = _outcome(ending)
        now = self._clock()
        done = Done(
            outcome,
            seconds=(now - job.record.created_at).total_seconds(),
            percent=job.highest,
            video_url=url,
            model_gone=isinstance(ending, Fault) and ending.model_gone,
        )
        job.is_ending = True
        try:
            await self._settle(job, ending, done, now)
        finally:
            self._end(job, done)
        why = f" ({ending.detail})" if isinstance(ending, Fault) else ""
        log.info("ended: %s%s", outcome, why, extra=job.facts)

    async def _settle(self, job: Job, ending: Ending, done: Done, now: datetime) -> None:
        for pause in itertools.chain(SETTLE_PAUSES, itertools.repeat(SETTLE_PAUSES[-1])):
            try:
                await self._store.settle(
                    job.id, done.outcome, now, percent=done.percent, video_url=done.video_url, usage=ending.usage
                )
                return
            except StorageError as error:
                log.error("an ending could not be written down yet: %s", error, extra=job.facts)
                self._end(job, done)
            await asyncio.sleep(pause)

    def _end(self, job: Job, done: Done) -> None:
        if self._jobs.pop(job.id, None):
            job.show(done)
            self._advance()


def _outcome(ending: Ending) -> tuple[Outcome, str | None]:
    match ending:
        case Video(urls=urls):
            return Outcome.SUCCESS, urls[0]
        case Refusal(stage=stage):
            return stage, None
        case Fault(outcome=outcome):
            return outcome, None


def _end_of(record: JobRecord) -> Done:
    return Done(record.outcome or Outcome.INTERRUPTED, record.seconds, record.percent, record.video_url)
