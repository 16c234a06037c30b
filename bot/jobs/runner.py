"""One job from its turn to its end: marked as sent, sent, followed, asked once more where that is free."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.concurrency.backoff import pauses
from bot.errors import StorageError
from bot.jobs.job import Job
from bot.models import Outcome, Running, State
from bot.operations.instrumentation import Meters
from bot.operations.log import about
from bot.providers.base import Ending, Fault, Progress, Provider

START_PAUSES = (0.5, 1, 2, 4)  # seconds between the tries to write down that a request leaves

log = logging.getLogger(__name__)


class RunnerStore(Protocol):
    """Where it is written down that a job was sent; see ``bot.storage.jobs.JobStore``."""

    async def start(self, job_id: str, owner: str, now: datetime) -> bool: ...

    async def typical_seconds(self, model: str) -> float | None: ...


class Runner:
    """Runs jobs of ``owner``, as many at once as it is asked to. What it learns, it shows on the job."""

    def __init__(
        self, store: RunnerStore, provider: Provider, owner: str, clock: Callable[[], datetime], meters: Meters
    ) -> None:
        self._store = store
        self._owner = owner
        self._provider = provider
        self._clock = clock
        self._meters = meters

    async def run(self, job: Job) -> Ending | None:
        """
        Bring ``job`` to its end and return it. The request leaves only after it has been written down that it will.

        None if another process has taken the job over. Whatever goes wrong becomes a Fault.
        """
        about(job.facts)
        try:
            return await self._run(job)
        except Exception:
            log.exception("a job failed in a way nobody thought of", extra=job.facts)
            return Fault(job.stopped_as or Outcome.INTERRUPTED, "an error of Kinora's own")

    async def _run(self, job: Job) -> Ending | None:
        if not await self._start(job):
            return None
        typical = await self._typical_seconds(job)
        if job.stopped_as:
            return Fault(job.stopped_as, "stopped before it was sent")
        now = self._clock()
        job.show(Running(now, now, typical=typical))
        log.info("started", extra=job.facts)
        # A task of its own: it may be cancelled at any time, what is written down around it may not.
        generation = job.generation = asyncio.create_task(self._generate(job), name=f"generation {job.id}")
        try:
            await asyncio.wait([generation])
        finally:
            generation.cancel()
        if generation.cancelled():
            return Fault(job.stopped_as or Outcome.INTERRUPTED, "stopped after it was sent")
        return generation.result()

    async def _start(self, job: Job) -> bool:
        """
        Write down that the request leaves. Return False if another process looks after the job.

        While the database is away the job waits, until it is stopped, and keeps its place: else each that stands in the
        line would come to its turn, and to its end, in the same moment.
        """
        started, waits = self._clock(), pauses(START_PAUSES)
        while not job.stopped_as:
            try:
                if not await self._store.start(job.id, self._owner, started):
                    return False
                job.record = replace(job.record, state=State.RUNNING, started_at=started)
                return True
            except StorageError as error:
                log.warning("a start could not be written down yet: %s", error, extra=job.facts)
            await asyncio.sleep(next(waits))
        return True

    async def _typical_seconds(self, job: Job) -> float | None:
        try:
            return await self._store.typical_seconds(job.record.model)
        except StorageError as error:
            log.warning("the usual time could not be looked up: %s", error, extra=job.facts)
            return None

    async def _generate(self, job: Job) -> Ending:
        ending = await self._ask(job)
        if isinstance(ending, Fault) and ending.retry_after is not None:
            # The service turned the request away before it began: asking once more cannot cost twice.
            log.info("turned away, asking again: %s", ending.detail, extra=job.facts)
            self._change(job, None, retrying=True)
            await asyncio.sleep(ending.retry_after)
            self._change(job, None)
            ending = await self._ask(job)
        return ending

    async def _ask(self, job: Job) -> Ending:
        ending = await self._answer(job)
        if isinstance(ending, Fault):
            self._meters.failed(ending)
        return ending

    async def _answer(self, job: Job) -> Ending:
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
                if job.highest is None:
                    log.info("first progress: %g %%", percent, extra=job.facts)
                job.highest = max(percent, job.highest or 0)
            job.show(replace(job.state, percent=percent, news_at=self._clock(), retrying=retrying))
