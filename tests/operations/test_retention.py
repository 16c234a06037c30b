"""What is past its retention is forgotten, day after day, and nothing else is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.errors import StorageError
from bot.models import Delivery, JobRecord, Outcome
from bot.operations.retention import AFTER_START, INTERVAL, PAUSE, Retention
from bot.policy.limit_kinds import DAY as ONE_DAY
from bot.policy.limit_kinds import NOW
from bot.policy.limits import Reservation
from bot.policy.policy import PROMPT_DAYS, Policy
from bot.storage import AdmissionStore, CounterStore, Database, GuildStore, HistoryStore, JobStore, UsageStore
from bot.storage.counters import reserve
from bot.storage.engine.tables import counters, jobs
from bot.storage.history import CHUNK
from tests.storage.records import NOON, a_job, added, settle

GUILD, OTHER = 100, 101
DAY = timedelta(days=1)


class World:
    """A database, a clock, and a sleep that lasts until the test lets the time go by."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store, self.admissions = JobStore(database), AdmissionStore(database)
        self.guilds, self.counters = GuildStore(database), CounterStore(database)
        self.now = NOON
        self.slept: asyncio.Queue[float] = asyncio.Queue()
        self._awake = asyncio.Semaphore(0)
        self.retention = Retention(
            HistoryStore(database), self.guilds, self.counters, clock=lambda: self.now, sleep=self._sleep
        )

    async def _sleep(self, seconds: float) -> None:
        self.slept.put_nowait(seconds)
        if seconds != PAUSE:
            await self._awake.acquire()

    async def pass_time(self) -> None:
        """Wait until the task sleeps, and let that time be over."""
        async with asyncio.timeout(10):
            while (seconds := await self.slept.get()) == PAUSE:
                pass
        self.now += timedelta(seconds=seconds)
        self._awake.release()

    async def made(self, age: timedelta, *, guild: int = GUILD, shown: Delivery | None = Delivery.REPLY) -> JobRecord:
        """Write down a job that became a video, as long ago as that."""
        job = await added(self.admissions, guild_id=guild, created_at=NOON - age)
        await settle(self.store, job.id, Outcome.SUCCESS, NOON - age, video_url="https://video.example/v.mp4")
        if shown:
            await self.store.deliver(job.id, shown)
        return job

    async def words(self, job: JobRecord) -> tuple[str, str, str, str | None]:
        found = await self.store.get(job.id, job.guild_id)
        assert found
        return found.prompt, found.picture, found.picture_link, found.video_url

    async def set_days(self, guild: int, days: int) -> None:
        await self.guilds.change(guild, 1, NOON, lambda policy: replace(policy, prompt_days=days))


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    database = await Database.open(sqlite_url)
    yield World(database)
    await database.close()


FORGOTTEN = ("", "", "", None)


async def test_words_past_the_retention_vanish_and_newer_ones_stay(world: World) -> None:
    old, new = await world.made(PROMPT_DAYS * DAY + timedelta(seconds=1)), await world.made(PROMPT_DAYS * DAY)
    await world.retention.purge()
    assert await world.words(old) == FORGOTTEN
    assert (await world.words(new))[0] == "a lighthouse at dusk"


async def test_each_server_has_its_own_retention(world: World) -> None:
    await world.set_days(GUILD, 7)
    await world.set_days(OTHER, 90)
    here, there = await world.made(8 * DAY), await world.made(80 * DAY, guild=OTHER)
    await world.retention.purge()
    assert await world.words(here) == FORGOTTEN
    assert await world.words(there) != FORGOTTEN


async def test_default_of_the_operator_holds_where_managers_set_nothing(world: World) -> None:
    await world.guilds.set_default(Policy(prompt_days=3), 1, NOON)
    job = await world.made(4 * DAY)
    await world.retention.purge()
    assert await world.words(job) == FORGOTTEN


async def test_with_zero_days_words_vanish_at_the_first_run_after_the_end(world: World) -> None:
    await world.set_days(GUILD, 0)
    job = await world.made(timedelta(minutes=1))
    await world.retention.purge()
    assert await world.words(job) == FORGOTTEN


async def test_open_jobs_and_those_whose_end_was_not_seen_keep_their_words(world: World) -> None:
    await world.set_days(GUILD, 0)
    waiting = await added(world.admissions, created_at=NOON - 90 * DAY)
    unshown, kept = await world.made(90 * DAY, shown=None), await world.made(90 * DAY, shown=Delivery.KEPT)
    await world.retention.purge()
    for job in (waiting, unshown, kept):
        assert await world.words(job) != FORGOTTEN


async def test_counts_and_sums_stay(world: World) -> None:
    usage, today = UsageStore(world.database), NOON.date()

    async def numbers() -> object:
        return await usage.report(GUILD, today - 99 * DAY, today), await usage.report(
            GUILD, today - 99 * DAY, today, member=400
        )

    for days in (1, 50, 60):
        await world.made(days * DAY)
    before = await numbers()
    await world.retention.purge()
    assert await numbers() == before


async def test_many_are_erased_in_pieces_with_a_pause_between(world: World) -> None:
    old = [a_job(created_at=NOON - 90 * DAY) for _ in range(CHUNK + 1)]
    rows = [{name: getattr(job, name) for name in JobRecord.__dataclass_fields__} for job in old]
    done = {"state": "done", "outcome": Outcome.SUCCESS.value, "delivery": "reply", "owner": "o", "lease_until": None}
    async with world.database.write() as connection:
        await connection.execute(jobs.insert(), [row | done for row in rows])
    await world.retention.purge()
    assert world.slept.qsize() == 2
    async with world.database.read() as connection:
        assert (await connection.scalars(select(jobs.c.prompt).distinct())).all() == [""]


async def test_next_day_it_forgets_again(world: World) -> None:
    job = await world.made(PROMPT_DAYS * DAY - timedelta(hours=1))
    task = asyncio.create_task(world.retention.run_forever())
    try:
        await world.pass_time()
        assert world.now == NOON + timedelta(seconds=AFTER_START)
        await world.pass_time()
        assert world.now == NOON + timedelta(seconds=AFTER_START + INTERVAL)
        await world.slept.get()
        assert await world.words(job) == FORGOTTEN
    finally:
        await _cancel(task)


async def test_day_without_a_database_is_made_up_for_and_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(CounterStore):
        async def prune(self, now: datetime) -> int:
            raise StorageError("the disk is full")

    retention = Retention(
        HistoryStore(world.database), world.guilds, Broken(world.database), clock=lambda: world.now, sleep=world._sleep
    )
    task = asyncio.create_task(retention.run_forever())
    try:
        await world.pass_time()
        await world.pass_time()
        assert "the disk is full" in caplog.text
        assert not task.done()
    finally:
        await _cancel(task)


async def test_two_processes_may_forget_at_once(world: World) -> None:
    old = [await world.made(90 * DAY) for _ in range(5)]
    await asyncio.gather(world.retention.purge(), world.retention.purge())
    assert [await world.words(job) for job in old] == [FORGOTTEN] * 5


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_counters_that_nobody_asks_for_any_more_are_deleted(world: World) -> None:
    ages = {NOW: 99, ONE_DAY: 41}
    needs = [Reservation(GUILD, 1, span, NOON - days * DAY, videos=1, cost=0) for span, days in ages.items()]
    async with world.database.write() as connection:
        await reserve(connection, "sqlite", needs)
    await world.retention.purge()
    async with world.database.read() as connection:
        assert (await connection.scalars(select(counters.c.period))).all() == ["now"]
