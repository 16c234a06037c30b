"""A job service on a real database, and what it stands on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.errors import StorageError
from bot.jobs.job import Job
from bot.jobs.lease import LEASE
from bot.jobs.service import JobService
from bot.models import (
    Delivery,
    Finished,
    JobRecord,
    JobUpdate,
    Outcome,
    Picture,
    Running,
    VideoModel,
    VideoRequest,
)
from bot.operations.instrumentation import Meters
from bot.policy.admission import AdmissionRequest, Denial
from bot.policy.limit_kinds import DAY, NOW
from bot.providers.base import Accepted, FinishedVideo, Provider, ProviderEvent, Routed, TaskHandle, TokenUsage
from bot.storage import AdmissionStore, CounterStore, Database, JobStore, Settled, UsageStore

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
VIDEO = FinishedVideo(("https://h/v.mp4",), TokenUsage(1, 2))
GUILD = 1


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class Service(Provider):
    """
    A video service in memory: each request waits at ``gate``, then gets the next of ``answers``, else a video. With a
    ``task`` it first says that it has accepted the request as that.
    """

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.asked: list[VideoRequest] = []
        self.arrived = asyncio.Event()
        self.answers: list[list[ProviderEvent | Exception]] = []
        self.at_once = self.most_at_once = 0
        self.may_connect = asyncio.Event()
        self.may_connect.set()
        self.connected: Callable[[], object] = lambda: None  # just before a request leaves
        self.task: TaskHandle | None = None
        self.routes: list[VideoModel] = []
        self.followed: list[TaskHandle] = []
        self.cancelled: list[TaskHandle] = []

    async def generate(
        self, request: VideoRequest, may_send: Callable[[], bool]
    ) -> AsyncGenerator[ProviderEvent, None]:
        for model in self.routes or [None]:
            if model:
                yield Routed(model)
            await self.may_connect.wait()
            self.connected()
            if not may_send():
                return
        self.asked.append(request)
        if self.task:
            yield Accepted(self.task)
        async with aclosing(self._answered()) as events:
            async for event in events:
                yield event

    async def follow(self, request: VideoRequest, task: TaskHandle) -> AsyncGenerator[ProviderEvent, None]:
        self.followed.append(task)
        async with aclosing(self._answered()) as events:
            async for event in events:
                yield event

    async def cancel(self, task: TaskHandle) -> bool:
        self.cancelled.append(task)
        return True

    async def _answered(self) -> AsyncGenerator[ProviderEvent, None]:
        self.arrived.set()
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        answer = self.answers.pop(0) if self.answers else [VIDEO]
        try:
            await self.gate.wait()
            for event in answer:
                if isinstance(event, Exception):
                    raise event
                yield event
        finally:
            self.at_once -= 1


class Flaky(JobStore):
    """A real store whose database is away for the next ``fails`` calls of a method."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.fails: dict[str, int] = {}
        self.settles = 0
        self.hangs: asyncio.Event | None = None  # set once an ending waits for an answer that never comes
        self.written = asyncio.Event()
        self.was_away = asyncio.Event()
        self.delivered = asyncio.Event()
        self.put_back = asyncio.Event()
        self.puts_back: asyncio.Event | None = None  # set once a job is put back, which waits for ``may_go_on``
        self.may_go_on = asyncio.Event()
        self.on_started: Callable[[], object] = lambda: None  # between the start and the sending

    def _away(self, method: str) -> None:
        if self.fails.get(method, 0) > 0:
            self.fails[method] -= 1
            self.was_away.set()
            raise StorageError("database is locked")

    async def start(self, job_id: str, owner: str, now: datetime, **judged: Any) -> Denial | bool:
        self._away("start")
        started = await super().start(job_id, owner, now, **judged)
        self.on_started()
        return started

    async def get(self, job_id: str, guild_id: int) -> JobRecord | None:
        self._away("get")
        return await super().get(job_id, guild_id)

    async def ask_to_cancel(self, job_id: str, guild_id: int, now: datetime) -> bool:
        self._away("ask_to_cancel")
        return await super().ask_to_cancel(job_id, guild_id, now)

    async def typical_seconds(self, model: str) -> float | None:
        self._away("typical_seconds")
        return await super().typical_seconds(model)

    async def settle(self, job_id: str, outcome: Outcome, now: datetime, **facts: Any) -> Settled | None:
        self._away("settle")
        if self.hangs:
            self.hangs.set()
            await asyncio.Event().wait()
        settled = await super().settle(job_id, outcome, now, **facts)
        self.settles += bool(settled and settled.first)
        self._away("settle's answer")
        self.written.set()
        return settled

    async def accept(self, job_id: str, owner: str, task: str, price: int) -> bool:
        self._away("accept")
        return await super().accept(job_id, owner, task, price)

    async def unstart(self, job_id: str, owner: str, at: datetime) -> None:
        self._away("unstart")
        if self.puts_back:
            self.puts_back.set()
            await self.may_go_on.wait()
        await super().unstart(job_id, owner, at)
        self._away("unstart's answer")
        self.put_back.set()

    async def claim(
        self, owner: str, now: datetime, until: datetime, known: Collection[str] | None = None
    ) -> list[JobRecord]:
        claimed = await super().claim(owner, now, until, known)
        self._away("claim's answer")
        return claimed

    async def deliver(
        self, job_id: str, delivery: Delivery, message_id: int | None = None, *, shown: Outcome | None = None
    ) -> bool:
        self._away("deliver")
        delivered = await super().deliver(job_id, delivery, message_id, shown=shown)
        self.delivered.set()
        return delivered


class FlakyAdmissions(AdmissionStore):
    """The same for writing jobs down."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.fails = self.loses_answers = 0
        self.slow: asyncio.Event | None = None
        self.answers: asyncio.Event | None = None  # the answer that it is stored comes no earlier

    async def admit(self, request: AdmissionRequest, *, owner: str, lease: timedelta) -> Denial | None:
        if self.fails:
            self.fails -= 1
            raise StorageError("database is locked")
        if self.slow:
            await self.slow.wait()
        denial = await super().admit(request, owner=owner, lease=lease)
        if self.answers:
            await self.answers.wait()
        if self.loses_answers:
            self.loses_answers -= 1
            raise StorageError("the connection broke")
        return denial


class CountingMeters(Meters):
    """Meters that note which endings they hear of."""

    def __init__(self, told: list[tuple[str, Outcome]]) -> None:
        self._told = told

    def ended(self, record: JobRecord, done: Finished) -> None:
        self._told.append(("meters", done.outcome))


class World:
    """A job service with what it stands on."""

    def __init__(self, database: Database, data: Path, max_jobs: int, **judged: Any) -> None:
        self.clock = Clock()
        self.data = data
        self.pictures_gone = False
        self.cannot_rebuild = 0
        self.service = Service()
        self.database = database
        self.store = Flaky(database)
        self.usage = UsageStore(database)
        self.admissions = FlakyAdmissions(database)
        self.told: list[tuple[str, Outcome]] = []  # each listener, and what it heard
        self.meters = CountingMeters(self.told)
        self.jobs = JobService(
            self.store,
            self.admissions,
            self.service,
            max_jobs=max_jobs,
            data=data,
            rebuild=self.rebuild,
            on_ending=lambda record, _: self.told.append(("alerts", record.outcome or Outcome.INTERRUPTED)),
            on_settled=self.on_settled,
            meters=self.meters,
            clock=self.clock,
            **judged,
        )

    async def on_settled(self, record: JobRecord, done: Finished) -> None:
        self.told.append(("log", done.outcome))

    async def rebuild(self, record: JobRecord) -> VideoRequest | None:
        """Find the picture again, unless it is said to be gone, or the disk not to answer for the next few."""
        if self.cannot_rebuild:
            self.cannot_rebuild -= 1
            raise OSError("the disk does not answer")
        picture = Picture(Path(record.picture), "image/png", 10, record.picture_link)
        model = VideoModel(record.model, record.model)
        request = VideoRequest(GUILD, 2, 3, record.user_id, model, record.prompt, (picture,))
        return None if self.pictures_gone and not record.task else request

    async def submit(self, price: int = 5) -> Job:
        picture = Picture(Path("p.png"), "image/png", 10, "https://cdn/p.png")
        model = VideoModel("m", "M", price)
        return await self.jobs.submit(VideoRequest(GUILD, 2, 3, 4, model, "a lighthouse", (picture,)))

    async def row(self, job: Job) -> JobRecord:
        row = await self.store.get(job.id, GUILD)
        assert row
        return row


Make = Callable[..., World]


async def end(job: Job) -> Finished:
    """The last state of a job."""
    async with asyncio.timeout(10):
        updates: list[JobUpdate] = [update async for update in job.updates(60)]
    last = updates[-1]
    assert isinstance(last, Finished)
    return last


async def running(job: Job) -> None:
    async with asyncio.timeout(10):
        async for update in job.updates(60):
            if isinstance(update, Running):
                return


def successor(make: Make, world: World) -> World:
    """Return another process on the same database, when the first one has been silent for long enough."""
    other = make()
    other.clock.now = world.clock.now + 2 * LEASE
    return other


async def booked(world: World) -> tuple[int, int, int]:
    """Videos and money of the day, and how many are open, on the counters of the server."""
    used = await CounterStore(world.database).used(GUILD, None, NOON)
    return used[DAY].videos, used[DAY].cost, used[NOW].videos
