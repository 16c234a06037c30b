"""The jobs of this process: those that wait their turn, and those that run, each to its settled end."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from bot.concurrency.tasks import Tasks
from bot.jobs.job import Job
from bot.jobs.queue import FairQueue
from bot.jobs.runner import Runner
from bot.jobs.settlement import Settlement
from bot.models import Finished, HandedOff, Outcome, Queued
from bot.operations.instrumentation import Meters
from bot.policy.admission import Denial
from bot.providers.base import Failure, Result

log = logging.getLogger(__name__)


class JobPool:
    """Runs at most ``max_jobs`` at once; the others wait in turns, see ``FairQueue``. ``tasks`` do the work."""

    def __init__(
        self,
        runner: Runner,
        settlement: Settlement,
        tasks: Tasks,
        meters: Meters,
        *,
        max_jobs: int,
        closing: asyncio.Event,
    ) -> None:
        self._runner = runner
        self._settlement = settlement
        self._tasks = tasks
        self._meters = meters
        self._max_jobs = max_jobs
        self._closing = closing
        self._jobs: dict[str, Job] = {}
        self._queue = FairQueue()
        self.own: set[str] = set()  # ids of jobs from before they are stored until their end is
        meters.watch_jobs(lambda: len(self._queue), lambda: len(self._jobs) - len(self._queue))

    def find(self, job_id: str) -> Job | None:
        """Return the job of that id if it has not ended."""
        return self._jobs.get(job_id)

    def put(self, job: Job) -> None:
        """Let ``job`` wait for its turn; once the process is closing, in the next one."""
        self.own.add(job.id)
        self._jobs[job.id] = job
        self._queue.put(job)
        if self._closing.is_set():
            self.park()
        else:
            self._start_next()

    def resume(self, job: Job) -> None:
        """Go on with ``job``, which a service is at work on, however many run here."""
        self.own.add(job.id)
        self._jobs[job.id] = job
        self._tasks.start(self._run(job), f"job {job.id}")

    def end(self, job: Job, result: Result) -> None:
        """End, in the background, a job that does not run here."""
        self.own.add(job.id)
        self._jobs[job.id] = job
        self._tasks.start(self.settle(job, result), f"end {job.id}")

    async def settle(self, job: Job, result: Result) -> None:
        """Store the ``result`` of a job, show its end, and let the next one start."""
        if job.record.task and isinstance(result, Failure) and result.outcome in (Outcome.CANCELLED, Outcome.TIMEOUT):
            self._tasks.start(self._runner.cancel_task(job), f"cancel the task of {job.id}")
        await self._settlement.settle(job, result, self._show_end)
        self.own.discard(job.id)

    def stop(self, job: Job, outcome: Outcome) -> bool:
        """End ``job`` so. Return False if it has ended already, its end is being stored, or it is being handed off."""
        if self._queue.remove(job):
            log.info("stopped while waiting: %s", outcome, extra=job.log_extra)
            job.request_stop(outcome)
            self.end(job, Failure(outcome, "stopped while waiting"))
            self._update_positions()
            return True
        generation = job.task
        is_over = job.stop_outcome or job.is_ending or job.is_leaving or (generation and generation.done())
        if job.id not in self._jobs or is_over:
            return False
        log.info("stopped while running: %s", outcome, extra=job.log_extra)
        job.request_stop(outcome)
        return True

    def park(self) -> None:
        """Leave all that waits to another process, such as this one's successor."""
        while self._queue:
            self._hand_off(self._queue.pop())

    async def interrupt(self, grace: float) -> None:
        """Give what runs ``grace`` seconds to end, then interrupt it; what is a task is left to another process."""
        running = [job for job in self._jobs.values() if not isinstance(job.state, Finished)]
        generations = [job.task for job in running if job.task]
        if generations:
            await asyncio.wait(generations, timeout=grace)
        for job in running:
            if not job.record.task:
                self.stop(job, Outcome.INTERRUPTED)
            elif job.task:
                job.task.cancel()

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
        if isinstance(result, Denial):
            self._meters.denied(str(result.reason))
            await self._settlement.tell_denied(job, result, self._show_end)
            self.own.discard(job.id)
        elif result:
            await self.settle(job, result)
        else:
            job.is_leaving = True
            if not job.record.task:
                await self._settlement.put_back(job, self._hand_off)
            self._hand_off(job)
            self._start_next()

    def _hand_off(self, job: Job) -> None:
        if self._forget(job):
            self.own.discard(job.id)
            log.info("handed off to another process", extra=job.log_extra)
            job.set_state(HandedOff(making=job.record.task is not None))

    def _show_end(self, job: Job, finished: Finished) -> None:
        if self._forget(job):
            job.set_state(replace(finished, cancelled_by=job.cancelled_by))
            self._start_next()

    def _forget(self, job: Job) -> bool:
        """Return False if it was forgotten before; by now the same job may be here again, as another object."""
        is_here = self._jobs.get(job.id) is job
        if is_here:
            del self._jobs[job.id]
        return is_here
