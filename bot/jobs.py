"""The jobs: each is written down, sent once, followed, and settled exactly once, whoever is watching."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
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
    Progress,
    ProviderEvent,
    Refusal,
    Resting,
    Running,
    State,
    TokenUsage,
    Video,
    VideoRequest,
    Waiting,
)
from bot.tasks import Tasks

SETTLE_PAUSES = (0.5, 1, 2, 4, 8, 15, 30)  # seconds between the tries to write an ending down

log = logging.getLogger(__name__)


class Provider(Protocol):
    """The video service: any number of Progress, then one ending."""

    def generate(self, request: VideoRequest) -> AsyncGenerator[ProviderEvent, None]: ...


class Store(LeaseStore, Protocol):
    """Where jobs are written down; see ``bot.storage.jobs.JobStore``."""

    async def add(self, job: JobRecord, *, owner: str, lease: timedelta) -> None: ...

    async def start(self, job_id: str, now: datetime) -> bool: ...

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

    async def typical_seconds(self, model: str) -> float | None: ...


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
        self._provider = provider
        self._max_jobs = max_jobs
        self._rebuild = rebuild
        self._on_ending = on_ending
        self._clock = clock
        self._lease = Lease(store, clock)
        self._jobs: dict[str, Job] = {}
        self._waiting: deque[Job] = deque()
        self._tasks = Tasks()
        self._closing = False

    def find(self, job_id: str) -> Job | None:
        """Return the job of that id if it has not ended."""
        return self._jobs.get(job_id)

    async def submit(self, request: VideoRequest) -> Job:
        """
        Write the job down and let it run when its turn comes. Raises UserError while shutting down, and StorageError
        if it could not be written down; then nothing runs and nothing is counted.
        """
        if self._closing:
            raise UserError("Kinora is about to restart. Please try again in a minute; nothing was counted.")
        record = new_record(request, self._clock())
        job = Job(record, request, Waiting(len(self._waiting) + 1))
        # Shielded: a caller that goes away halfway must not leave a job written down that nobody runs.
        await asyncio.shield(self._tasks.start(self._admit(job), f"admit {job.id}"))
        return job

    async def _admit(self, job: Job) -> None:
        await self._store.add(job.record, owner=self._lease.owner, lease=LEASE)
        self._jobs[job.id] = job
        self._waiting.append(job)
        self._log(job, "queued")
        if self._closing:
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
        self._closing = True
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
            self._log(job, "taken over, waiting")
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
        try:
            ending = await self._ending(job)
            if ending is None:
                self._let_go(job)
                self._advance()
                return
        except Exception:
            log.exception("a job failed in a way nobody thought of", extra=_facts(job))
            ending = Fault(job.stopped_as or Outcome.INTERRUPTED, "an error of Kinora's own")
        await self._finish(job, ending)

    async def _ending(self, job: Job) -> Ending | None:
        """
        Bring ``job`` to its end. The request leaves only after it has been written down that it will.

        None if another process has taken the job over.
        """
        try:
            if not await self._store.start(job.id, self._clock()):
                return None
            typical = await self._store.typical_seconds(job.record.model)
        except StorageError as error:
            return Fault(Outcome.INTERRUPTED, f"not sent, because it could not be written down: {error}")
        if job.stopped_as:
            return Fault(job.stopped_as, "stopped before it was sent")
        now = self._clock()
        job.show(Running(now, now, typical=typical))
        self._log(job, "started")
        generation = job.generation = asyncio.create_task(self._generate(job), name=f"generation {job.id}")
        try:
            await asyncio.wait([generation])
        finally:
            generation.cancel()
        if generation.cancelled():
            return Fault(job.stopped_as or Outcome.INTERRUPTED, "stopped after it was sent")
        return generation.result()

    async def _generate(self, job: Job) -> Ending:
        ending = await self._ask(job)
        if isinstance(ending, Fault) and ending.retry_after is not None:
            # The service turned the request away before it began: asking once more cannot cost twice.
            self._log(job, f"turned away, asking again: {ending.detail}")
            self._change(job, None, retrying=True)
            await asyncio.sleep(ending.retry_after)
            self._change(job, None)
            ending = await self._ask(job)
        return ending

    async def _ask(self, job: Job) -> Ending:
        if job.request is None:
            raise RuntimeError("a job without a request was run")
        async with aclosing(self._provider.generate(job.request)) as events:
            async for event in events:
                if not isinstance(event, Progress):
                    return event
                self._change(job, event.percent)
        return Fault(Outcome.BAD_STREAM, "the service said nothing")

    def _change(self, job: Job, percent: float | None, *, retrying: bool = False) -> None:
        if isinstance(job.state, Running):
            if percent is not None:
                job.highest = max(percent, job.highest or 0)
            job.show(replace(job.state, percent=percent, news_at=self._clock(), retrying=retrying))

    async def _finish(self, job: Job, ending: Ending) -> None:
        """Write the ending down and show it; if it cannot be written down, show it first and go on trying."""
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
        self._log(job, f"ended: {outcome}" + (f" ({ending.detail})" if isinstance(ending, Fault) else ""))

    async def _settle(self, job: Job, ending: Ending, done: Done, now: datetime) -> None:
        for pause in (*SETTLE_PAUSES, None):
            try:
                await self._store.settle(
                    job.id, done.outcome, now, percent=done.percent, video_url=done.video_url, usage=ending.usage
                )
                return
            except StorageError as error:
                log.error("an ending could not be written down yet: %s", error, extra=_facts(job))
                self._end(job, done)
            if pause is not None:
                await asyncio.sleep(pause)

    def _end(self, job: Job, done: Done) -> None:
        if self._jobs.pop(job.id, None):
            job.show(done)
            self._advance()

    def _log(self, job: Job, event: str) -> None:
        log.info("%s", event, extra=_facts(job))


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


def _facts(job: Job) -> dict[str, object]:
    return {"job": job.id, "guild": job.record.guild_id}
