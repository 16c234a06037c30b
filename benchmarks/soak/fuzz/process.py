"""One process of the fuzz: a job service with the loops and replies that the bot has around it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast

from benchmarks.soak.fuzz.calls import Caller, Calls, Held
from benchmarks.soak.fuzz.world import WAITS, World
from bot.concurrency.backoff import retry
from bot.concurrency.forever import run_forever
from bot.concurrency.tasks import Tasks
from bot.errors import ShuttingDown, StorageError
from bot.gateway.client import REPLY_GRACE
from bot.jobs.job import Job
from bot.jobs.service import JobService
from bot.models import Delivery, Finished, JobRecord, Outcome, VideoRequest
from bot.operations.instrumentation import Meters
from bot.policy.admission import Denial, DenialReason, LimitReached
from bot.providers.base import Provider, ProviderEvent, Result, TaskHandle
from bot.storage import AdmissionStore, Database, JobStore
from cogs.video.recovery import INTERVAL
from cogs.video.reply import RETRY_PAUSES

SHOWING = 1.0  # seconds at most that Discord takes for an edit


class _Service(Provider):
    """The provider of a process."""

    def __init__(self, process: Process, world: World) -> None:
        self._process = process
        self._world = world

    def generate(self, request: VideoRequest, may_send: Callable[[], bool]) -> AsyncGenerator[ProviderEvent, None]:
        return self._world.service.generate(request, lambda: not self._process.is_gone and may_send(), self._send)

    def _send(self, number: int) -> None:
        self._world.send(self._process, number, leaving=self._process.is_leaving)

    def follow(self, request: VideoRequest, task: TaskHandle) -> AsyncGenerator[ProviderEvent, None]:
        self._world.say(f"{self._process.name}: the task of {request.message_id} is followed on")
        return self._world.service.follow(task)

    async def cancel(self, task: TaskHandle) -> bool:
        return self._world.service.cancel(task)


class Process(Caller):
    """A process from its start to its end; its clock is ``skew`` before the world's."""

    def __init__(
        self, world: World, database: Database, calls: Calls, data: Path, name: str, *, skew: float, max_jobs: int
    ) -> None:
        """``data``: the folder that all processes have."""
        super().__init__(name)
        self._world = world
        self._skew = timedelta(seconds=skew)
        self._chores, self._replies, self._lease = Tasks(), Tasks(), Tasks()
        self._showing: set[str] = set()
        self._store = cast(JobStore, Held(JobStore(database), self, calls))
        self.jobs = JobService(
            self._store,
            cast(AdmissionStore, Held(AdmissionStore(database), self, calls)),
            _Service(self, world),
            data=data,
            max_jobs=max_jobs,
            rebuild=self._rebuild,
            not_offered=self._offered,
            refusals_cost=lambda _: world.refusals_cost,
            on_ending=self._on_ending,
            on_settled=self._on_settled,
            meters=_Meters(partial(world.hear, self)),
            clock=self.now,
        )
        self.jobs.is_in_guild = lambda guild_id: guild_id not in world.left
        self.jobs.shown_video = self._shown_video

    def now(self) -> datetime:
        """Return what this machine's clock says: never the same twice, though the run's time may stand still."""
        self._skew += timedelta(microseconds=1)
        return self._world.now() + self._skew

    def start(self) -> None:
        """Do by itself what the bot does once it is connected."""
        self._lease.start(self.jobs.run_maintenance(), "keep the lease")
        self._chores.start(run_forever("adopt", self._adopt, INTERVAL, longest=INTERVAL), "adopt")

    def leave(self, grace: float) -> None:
        """Leave as the bot does when it is asked to."""
        self._lease.start(self._leave(grace), "leave")

    async def _leave(self, grace: float) -> None:
        await self._chores.finish(0)
        await self.jobs.close(grace)
        await self._replies.finish(REPLY_GRACE)
        with suppress(StorageError):
            await self.jobs.release_jobs()
        self.is_gone = True

    @property
    def is_leaving(self) -> bool:
        """Whether it was asked to leave."""
        return self.jobs.closing.is_set()

    def cancel(self, job: JobRecord) -> None:
        """Have a job cancelled, wherever it is."""
        self._world.say(f"{self.name} is asked to cancel {job.message_id}")
        self._replies.start(self._cancel(job), f"cancel {job.message_id}")

    async def _cancel(self, job: JobRecord) -> None:
        with suppress(StorageError):
            if record := await self.jobs.record(job.id, job.guild_id):
                await self.jobs.cancel_anywhere(record)

    def ask(self, request: VideoRequest) -> None:
        """Ask for a video, tell the member what came of it, and show the job to its end."""
        self._replies.start(self._ask(request), f"request {request.message_id}")

    async def _ask(self, request: VideoRequest) -> None:
        try:
            job = await self.jobs.submit(request)
        except LimitReached:
            self._world.tell(self, request.message_id, "denied")
        except ShuttingDown:
            self._world.tell(self, request.message_id, "closing")
        except StorageError:
            self._world.tell(self, request.message_id, "not started")
        else:
            self._world.tell(self, request.message_id, WAITS)
            self._replies.start(self._show(job), f"reply {job.id}")

    async def _adopt(self) -> None:
        for job in await self.jobs.reclaim_abandoned(self._showing):
            self._replies.start(self._show(job), f"reply {job.id}")

    async def _show(self, job: Job) -> None:
        """Show a job to its end; see ``JobReply``."""
        self._showing.add(job.id)
        async for _ in job.updates():
            pass
        finished = job.state if isinstance(job.state, Finished) else None
        while finished:
            await asyncio.sleep(self._world.chance.uniform(0, SHOWING))
            self._world.show(self, job.record.message_id, finished.outcome)
            finished = await self._save(job.record, finished)
        self._showing.discard(job.id)

    async def _save(self, record: JobRecord, shown: Finished) -> Finished | None:
        async def deliver() -> Finished | bool:
            if await self._store.deliver(record.id, Delivery.REPLY, None, shown=shown.outcome):
                return True
            stands = await self._store.get(record.id, record.guild_id)
            is_other = stands and stands.outcome and stands.outcome is not shown.outcome
            return Finished.of(stands) if stands and is_other else False

        saved = await retry(deliver, RETRY_PAUSES, on=StorageError, until=bool)
        return saved if isinstance(saved, Finished) else None

    async def _rebuild(self, record: JobRecord) -> VideoRequest | None:
        return self._world.rebuilt(record)

    def _offered(self, record: JobRecord) -> Denial | None:
        return None if record.model in self._world.offered else Denial(DenialReason.NOT_OFFERED)

    async def _shown_video(self, record: JobRecord) -> str | None:
        shown = self._world.asked[record.message_id].shown
        return "https://cdn.example/shown.mp4" if Outcome.SUCCESS in shown else None

    def _on_ending(self, record: JobRecord, _: Result) -> None:
        self._world.hear(self, "alerts", record)

    async def _on_settled(self, record: JobRecord, _: Finished) -> None:
        self._world.hear(self, "log", record)


class _Meters(Meters):
    def __init__(self, hear: Callable[[str, JobRecord], None]) -> None:
        self._hear = hear

    def ended(self, record: JobRecord, finished: Finished) -> None:
        self._hear("meters", record)
