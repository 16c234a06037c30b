"""Runs one job: marks it as sent, sends it, follows it, and sends it once more where that is free."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.concurrency.backoff import retry
from bot.errors import FetchError, StorageError
from bot.jobs.job import Job
from bot.jobs.lease import LEASE
from bot.models import JobRecord, JobState, Outcome, Running, VideoRequest
from bot.operations.instrumentation import Meters
from bot.operations.log import bind_log_context
from bot.policy.admission import Denial, DenialReason
from bot.providers.base import Accepted, Failure, FinishedVideo, Progress, Provider, Result, Routed, TaskHandle, Waiting
from bot.providers.classify import log_excerpt
from bot.storage import JobStore

START_PAUSES = (0.5, 1, 2, 4)  # seconds between the tries to store that a request leaves

log = logging.getLogger(__name__)


class Runner:
    """Runs jobs of ``owner``, as many at once as it is asked to. What it learns, it shows on the job."""

    def __init__(
        self,
        store: JobStore,
        provider: Provider,
        owner: str,
        clock: Callable[[], datetime],
        meters: Meters,
        *,
        closing: asyncio.Event,
        is_held: Callable[[datetime], bool],
        objection: Callable[[JobRecord], Denial | None],
        living: Callable[[VideoRequest], Awaitable[VideoRequest | None]],
        on_accepted: Callable[[Job, str], Awaitable[None]],
        keep_video: Callable[[FinishedVideo], Awaitable[str]] | None,
    ) -> None:
        """
        ``objection`` says what stands against a job beside its server's rules; ``living`` returns a request whose links
        to pictures will still open, None where Discord gives no such links; ``on_accepted`` is awaited before a task
        is followed; ``keep_video`` returns the link to store for a video's, or raises FetchError.

        Nothing leaves once ``closing``, nor if another process may have taken the job over since it was started: unless
        it ``is_held``.
        """
        self._store = store
        self._owner = owner
        self._provider = provider
        self._clock = clock
        self._meters = meters
        self._closing = closing
        self._is_held = is_held
        self._objection = objection
        self._living = living
        self._on_accepted = on_accepted
        self._keep_video = keep_video

    async def run(self, job: Job) -> Result | Denial | None:
        """
        Run ``job`` and return its result. The request leaves only after it is stored that it will; a task that it was
        accepted as before is followed.

        A Denial if it is not let in any more; then it is written down as ended. None if it is left to another process:
        one has taken it over, or this one leaves before the request has, or while there is a task to follow. Whatever
        goes wrong becomes a Failure.
        """
        bind_log_context(job.log_extra)
        try:
            return await self._run(job)
        except Exception:
            log.exception("unexpected error while running a job", extra=job.log_extra)
            return Failure(job.stop_outcome or Outcome.INTERRUPTED, "an error of Kinora's own")

    async def _run(self, job: Job) -> Result | Denial | None:
        typical = await self._typical_seconds(job)
        if not job.record.task:
            started = await self._start(job, await self._without_links(job))
            if started is not True:
                return started or None
        result = None if job.stop_outcome or self._closing.is_set() else await self._follow(job, typical)
        return result or _stopped(job)

    async def _follow(self, job: Job, typical: float | None) -> Result | None:
        """Return the service's result, None if the job is stopped or may not leave any more."""
        now = self._clock()
        job.set_state(Running(job.record.started_at or now, now, typical=typical))
        log.info("followed on" if job.record.task else "started", extra=job.log_extra)
        # A task of its own: it may be cancelled at any time, what is stored around it may not.
        generation = job.task = asyncio.create_task(self._generate(job), name=f"generation {job.id}")
        try:
            await asyncio.wait([generation])
        finally:
            generation.cancel()
        return None if generation.cancelled() else generation.result()

    async def _without_links(self, job: Job) -> Denial | None:
        """Renew the links to the pictures of ``job`` where they are about to die; say so where that is not possible."""
        if job.request is None:
            return None
        living = await self._living(job.request)
        job.request = living or job.request
        return None if living else Denial(DenialReason.NO_LINK)

    async def _start(self, job: Job, unlinked: Denial | None) -> Denial | bool:
        """
        Store that the request leaves. Return False if another process owns the job, or why it may not leave: its
        server's rules, an objection, or ``unlinked``.

        While the database is away the job waits, until it is stopped, and keeps its place: else each that stands in the
        queue would come to its turn, and to its end, in the same moment.
        """
        started = self._clock()

        async def start() -> Denial | bool:
            if job.stop_outcome or self._closing.is_set():
                return True
            price = job.request.price if job.request else job.record.cost
            denial, until = self._objection(job.record) or unlinked, self._clock() + LEASE
            result = await self._store.start(job.id, self._owner, started, price=price, denial=denial, until=until)
            if result is True:
                job.record = replace(job.record, state=JobState.RUNNING, started_at=started, cost=price)
            return result

        warn = partial(log.warning, "could not save that the job started, retrying: %s", extra=job.log_extra)
        return await retry(start, START_PAUSES, on=StorageError, on_retry=warn)

    async def _typical_seconds(self, job: Job) -> float | None:
        try:
            return await self._store.typical_seconds(job.record.model)
        except StorageError as error:
            log.warning("could not read how long jobs usually take: %s", error, extra=job.log_extra)
            return None

    async def _generate(self, job: Job) -> Result | None:
        """Return the service's result, None if the request may not leave any more."""
        result = await self._ask(job)
        if isinstance(result, Failure) and result.retry_after is not None:
            # The service turned the request away before it began: asking once more cannot cost twice.
            log.info("turned away, retrying: %s", result.detail, extra=job.log_extra)
            job.sent = False
            self._change(job, None, retrying=True)
            with suppress(TimeoutError):
                async with asyncio.timeout(result.retry_after):
                    await self._closing.wait()
            self._change(job, None)
            result = await self._ask(job)
        return result

    async def _ask(self, job: Job) -> Result | None:
        """Send the request and return its result, None if it has not left and may not any more."""
        result = await self._answer(job) if job.record.task or self._may_leave(job) else None
        if self._closing.is_set() and not job.sent:
            return None
        if isinstance(result, Failure):
            self._meters.failed(result)
        return result

    def _may_leave(self, job: Job) -> bool:
        return self._is_held(job.record.started_at or self._clock()) and not self._closing.is_set()

    async def _answer(self, job: Job) -> Result | None:
        if job.request is None:
            raise RuntimeError("a job without a request was run")

        def may_send() -> bool:
            job.sent = self._may_leave(job)
            return job.sent

        task = job.record.task and TaskHandle.from_text(job.record.task)
        job.service = task.service if task else None
        generate = partial(self._provider.generate, job.request, may_send)
        async with aclosing(self._provider.follow(job.request, task) if task else generate()) as events:
            async for event in events:
                match event:
                    case Routed(model=model):
                        job.model, job.service = model, model.service
                        job.sent = False  # by now it is certain that the one before did not begin
                    case Waiting(place=place):
                        self._change(job, None, place=place)
                    case Progress(percent=percent, steps=steps):
                        self._change(job, percent, steps=steps)
                    case Accepted(task=accepted):
                        await self._on_accepted(job, accepted.as_text())
                        log.info("accepted as task %s", log_excerpt(accepted.id), extra=job.log_extra)
                    case FinishedVideo():
                        return await self._kept(event)
                    case _:
                        return event
        return Failure(Outcome.BAD_STREAM, "the service said nothing") if job.sent else None

    async def _kept(self, video: FinishedVideo) -> FinishedVideo | Failure:
        """Return the video with the link to store for it."""
        try:
            link = await self._keep_video(video) if self._keep_video else video.urls[0]
        except FetchError as error:
            return Failure(Outcome.BAD_STREAM, f"the video was made, but: {error}", usage=video.usage, cost=video.cost)
        return replace(video, urls=(link,))

    async def cancel_task(self, job: Job) -> None:
        """Ask the service to stop the task of ``job``."""
        if job.record.task and await self._provider.cancel(TaskHandle.from_text(job.record.task)):
            log.info("the service has stopped the task", extra=job.log_extra)

    def _change(
        self,
        job: Job,
        percent: float | None,
        *,
        retrying: bool = False,
        place: int | None = None,
        steps: tuple[int, int] | None = None,
    ) -> None:
        if isinstance(job.state, Running):
            if percent is not None:
                if job.peak_percent is None:
                    log.info("first progress: %g %%", percent, extra=job.log_extra)
                job.peak_percent = max(percent, job.peak_percent or 0)
            now = self._clock()
            news = replace(job.state, percent=percent, news_at=now, retrying=retrying, place=place, steps=steps)
            job.set_state(news)


def _stopped(job: Job) -> Failure | None:
    """Return how a job ends that was stopped before its result came, None if another process is to go on with it."""
    if job.record.task and not job.stop_outcome:
        return None
    if job.sent:
        return Failure(job.stop_outcome or Outcome.INTERRUPTED, "stopped after it was sent")
    if job.stop_outcome is Outcome.CANCELLED:
        return Failure(Outcome.CANCELLED, "stopped before it was sent")
    return None
