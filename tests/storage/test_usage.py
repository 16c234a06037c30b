"""The daily book equals the rows of ``jobs`` at all times, and no server sees another one's numbers."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.models import Outcome, UsageTotals
from bot.storage import Database, JobStore, UsageStore
from bot.storage.tables import jobs
from tests.storage.records import LEASE, NOON, OWNER, a_job

GUILDS = (1, 2, 2**62)


async def test_server_without_jobs_used_nothing(usage: UsageStore) -> None:
    assert await usage.totals(1, date.min) == UsageTotals({}, {}, 0, 0)


async def test_open_job_counts_with_its_price(store: JobStore, usage: UsageStore) -> None:
    await store.add(a_job(guild_id=1, user_id=7, cost=5), owner=OWNER, lease=LEASE)
    totals = await usage.totals(1, NOON.date())
    assert totals == UsageTotals({}, {7: 1}, 1, 5)
    assert totals.jobs == 1


async def test_no_server_sees_the_numbers_of_another(store: JobStore, usage: UsageStore) -> None:
    for guild, count in ((1, 3), (2, 1)):
        for _ in range(count):
            await store.add(a_job(guild_id=guild, user_id=guild * 10, cost=guild), owner=OWNER, lease=LEASE)
    assert await usage.totals(1, NOON.date()) == UsageTotals({}, {10: 3}, 3, 3)
    assert await usage.totals(2, NOON.date()) == UsageTotals({}, {20: 1}, 1, 2)
    assert await usage.totals(3, NOON.date()) == UsageTotals({}, {}, 0, 0)


async def test_days_before_the_span_do_not_count(store: JobStore, usage: UsageStore) -> None:
    for days in range(5):
        await store.add(a_job(guild_id=1, created_at=NOON - timedelta(days=days)), owner=OWNER, lease=LEASE)
    assert (await usage.totals(1, NOON.date() - timedelta(days=2))).jobs == 3


async def test_members_come_with_the_busiest_first(store: JobStore, usage: UsageStore) -> None:
    for member, count in ((7, 1), (8, 3), (9, 2), (6, 2)):
        for _ in range(count):
            await store.add(a_job(guild_id=1, user_id=member), owner=OWNER, lease=LEASE)
    assert list((await usage.totals(1, NOON.date())).by_member.items()) == [(8, 3), (6, 2), (9, 2), (7, 1)]


@pytest.mark.parametrize("seed", range(2))
async def test_book_equals_the_rows_after_a_random_run(
    database: Database, store: JobStore, usage: UsageStore, seed: int
) -> None:
    chance = random.Random(seed)
    known = ["nothing"]

    async def step() -> None:
        match chance.choice(["add", "add", "start", "settle", "settle"]):
            case "add":
                job = a_job(
                    guild_id=chance.choice(GUILDS),
                    user_id=chance.randrange(4),
                    cost=chance.randrange(1000),
                    created_at=NOON + timedelta(hours=chance.randrange(72)),
                )
                known.append(job.id)
                await store.add(job, owner=OWNER, lease=LEASE)
            case "start":
                await store.start(chance.choice(known), NOON)
            case "settle":
                await store.settle(chance.choice(known), chance.choice(list(Outcome)), NOON)

    for _ in range(20):
        await asyncio.gather(*(step() for _ in range(8)))
    for guild in GUILDS:
        for days in range(4):
            since = NOON.date() + timedelta(days=days)
            assert await usage.totals(guild, since) == await counted(database, guild, since)


async def counted(database: Database, guild: int, since: date) -> UsageTotals:
    """The totals as the rows themselves give them."""
    async with database.read() as connection:
        rows = (await connection.execute(select(jobs).where(jobs.c.guild_id == guild))).all()
    rows = [row for row in rows if row.created_at.date() >= since]
    outcomes = Counter(row.outcome for row in rows)
    return UsageTotals(
        by_outcome={Outcome(name): count for name, count in outcomes.items() if name},
        by_member=dict(Counter(row.user_id for row in rows)),
        open=outcomes[None],
        cost=sum(row.cost for row in rows),
    )
