"""The sums equal the rows of ``jobs`` at all times, and no server sees another one's numbers."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.models import Outcome
from bot.reports.usage_report import Tally, UsageReport
from bot.storage import AdmissionStore, Database, GuildStore, JobStore, UsageStore
from bot.storage.engine.tables import jobs
from tests.storage.records import NOON, OWNER, added, settle

GUILDS = (1, 2, 2**62)
TODAY = NOON.date()


async def ended(
    admissions: AdmissionStore, store: JobStore, outcome: Outcome = Outcome.SUCCESS, **changes: Any
) -> None:
    """Write down a job that has ended."""
    job = await added(admissions, **changes)
    await settle(store, job.id, outcome, NOON + timedelta(minutes=2))


async def test_server_without_jobs_used_nothing(usage: UsageStore) -> None:
    report = await usage.report(1, TODAY, TODAY)
    assert (report.total, report.before, report.open, report.member_count) == (Tally(), Tally(), 0, 0)
    assert (report.by_outcome, report.by_day, report.members, report.by_hour) == ({}, {}, (), (0,) * 24)


async def test_open_job_counts_apart_with_its_price(admissions: AdmissionStore, usage: UsageStore) -> None:
    await added(admissions, guild_id=1, cost=5)
    report = await usage.report(1, TODAY, TODAY)
    assert (report.total, report.open, report.reserved) == (Tally(), 1, 5)


async def test_no_server_sees_the_numbers_of_another(
    admissions: AdmissionStore, store: JobStore, usage: UsageStore
) -> None:
    for guild, count in ((1, 3), (2, 1)):
        for _ in range(count):
            await ended(admissions, store, guild_id=guild, user_id=guild * 10, cost=guild)
    one, two, none = [await usage.report(guild, TODAY, TODAY) for guild in (1, 2, 3)]
    assert (one.total, one.members) == (Tally(3, 3, 0, 3), ((10, Tally(3, 3, 0, 3)),))
    assert (two.total, two.members) == (Tally(1, 1, 0, 2), ((20, Tally(1, 1, 0, 2)),))
    assert (none.total, none.members) == (Tally(), ())


async def test_the_span_has_both_its_days_and_the_one_before_is_as_long(
    admissions: AdmissionStore, store: JobStore, usage: UsageStore
) -> None:
    for days in range(9):
        await ended(admissions, store, guild_id=1, created_at=NOON - timedelta(days=days))
    report = await usage.report(1, TODAY - timedelta(days=3), TODAY)
    assert (report.total.jobs, report.before.jobs, report.days) == (4, 4, 4)
    assert set(report.by_day) == {TODAY - timedelta(days=days) for days in range(4)}


@pytest.mark.parametrize(
    ("moment", "day", "hour"),
    [
        (datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC), date(2026, 2, 28), 23),
        (datetime(2026, 3, 1, tzinfo=UTC), date(2026, 3, 1), 0),
        # Clocks are turned on that night in Berlin; UTC has no such hour.
        (datetime.fromisoformat("2026-03-29T03:30:00+02:00"), date(2026, 3, 29), 1),
        (datetime.fromisoformat("2026-03-02T01:00:00+09:00"), date(2026, 3, 1), 16),
    ],
)
async def test_days_and_hours_are_those_of_utc(
    admissions: AdmissionStore, store: JobStore, usage: UsageStore, moment: datetime, day: date, hour: int
) -> None:
    await ended(admissions, store, guild_id=1, user_id=7, created_at=moment)
    for member in (None, 7):
        report = await usage.report(1, day, day, member=member)
        assert list(report.by_day) == [day]
        assert report.by_hour.index(1) == hour


async def test_members_come_with_the_busiest_first_and_only_ten_are_named(
    admissions: AdmissionStore, store: JobStore, usage: UsageStore
) -> None:
    for member, count in ((7, 1), (8, 3), (9, 2), (6, 2)):
        for _ in range(count):
            await ended(admissions, store, guild_id=1, user_id=member)
    for member in range(100, 110):
        await ended(admissions, store, guild_id=1, user_id=member)
    report = await usage.report(1, TODAY, TODAY)
    assert [(member, tally.jobs) for member, tally in report.members[:3]] == [(8, 3), (6, 2), (9, 2)]
    assert (len(report.members), report.member_count) == (10, 14)


async def test_outcomes_models_and_channels_are_told_apart(
    admissions: AdmissionStore, store: JobStore, usage: UsageStore
) -> None:
    await ended(admissions, store, guild_id=1, model="a", channel_id=5)
    await ended(admissions, store, Outcome.MODERATION_PROMPT, guild_id=1, model="a", channel_id=6)
    await ended(admissions, store, Outcome.TIMEOUT, guild_id=1, model="b", channel_id=6)
    report = await usage.report(1, TODAY, TODAY)
    assert report.by_outcome == {Outcome.SUCCESS: 1, Outcome.MODERATION_PROMPT: 1, Outcome.TIMEOUT: 1}
    assert (report.total.made, report.total.refused, report.total.failed) == (1, 1, 1)
    assert report.models == (("a", Tally(2, 1, 1, 200_000)), ("b", Tally(1, 0, 0, 0, 200_000)))
    assert report.channels == ((6, Tally(2, 0, 1, 0, 200_000)), (5, Tally(1, 1, 0, 200_000)))


async def test_the_operator_sees_sums_of_all_servers_and_which_are_denied(
    admissions: AdmissionStore, store: JobStore, usage: UsageStore, guilds: GuildStore
) -> None:
    for guild, count in ((1, 1), (2, 3)):
        for _ in range(count):
            await ended(admissions, store, guild_id=guild)
    await guilds.allow(1, False)
    found = await usage.over_guilds(TODAY, TODAY)
    assert [(line.guild_id, line.tally.jobs, line.denied) for line in found] == [(2, 3, False), (1, 1, True)]
    assert await usage.over_guilds(TODAY + timedelta(days=1), TODAY + timedelta(days=1)) == []


@pytest.mark.parametrize("seed", range(2))
async def test_sums_equal_the_rows_after_a_random_run(
    database: Database, admissions: AdmissionStore, store: JobStore, usage: UsageStore, seed: int
) -> None:
    chance = random.Random(seed)
    known = ["nothing"]

    async def step() -> None:
        match chance.choice(["add", "add", "start", "settle", "settle"]):
            case "add":
                job = await added(
                    admissions,
                    guild_id=chance.choice(GUILDS),
                    user_id=chance.randrange(1, 5),
                    channel_id=chance.randrange(1, 4),
                    model=chance.choice("ab"),
                    cost=chance.randrange(1000),
                    created_at=NOON + timedelta(hours=chance.randrange(72)),
                )
                known.append(job.id)
            case "start":
                await store.start(chance.choice(known), OWNER, NOON)
            case "settle":
                await settle(
                    store,
                    chance.choice(known),
                    chance.choice(list(Outcome)),
                    NOON,
                    sent=chance.random() < 0.5,
                    refusals_cost=chance.random() < 0.5,
                )

    for _ in range(20):
        await asyncio.gather(*(step() for _ in range(8)))
    for guild in GUILDS:
        since, until = TODAY, TODAY + timedelta(days=chance.randrange(4))
        for only in ({}, {"member": 2}, {"channel": 2}, {"member": 1, "channel": 3}):
            report = await usage.report(guild, since, until, **only)
            assert numbers(report) == await counted(database, guild, since, until, **only), only


def numbers(report: UsageReport) -> dict[str, Any]:
    """What can be counted in the rows."""
    return {
        "total": report.total,
        "outcomes": report.by_outcome,
        "hours": report.by_hour,
        "members": {member: tally.jobs for member, tally in report.members},
        "models": dict(report.models),
        "channels": dict(report.channels),
        "days": {day: tally.jobs for day, tally in report.by_day.items()},
    }


async def counted(
    database: Database, guild: int, since: date, until: date, member: int | None = None, channel: int | None = None
) -> dict[str, Any]:
    """The same as the rows themselves give it."""
    async with database.read() as connection:
        every = (await connection.execute(select(jobs).where(jobs.c.guild_id == guild))).all()
    rows = [
        row
        for row in every
        if row.outcome
        and since <= row.created_at.date() <= until
        and member in (None, row.user_id)
        and channel in (None, row.channel_id)
    ]
    hours = Counter(row.created_at.hour for row in rows)
    return {
        "total": tally(rows),
        "outcomes": {Outcome(name): count for name, count in Counter(row.outcome for row in rows).items()},
        "hours": tuple(hours[hour] for hour in range(24)),
        "members": dict(Counter(row.user_id for row in rows)),
        "models": {model: tally([r for r in rows if r.model == model]) for model in {r.model for r in rows}},
        "channels": {c: tally([r for r in rows if r.channel_id == c]) for c in {r.channel_id for r in rows}},
        "days": dict(Counter(row.created_at.date() for row in rows)),
    }


def tally(rows: list[Any]) -> Tally:
    outcomes = [Outcome(row.outcome) for row in rows]
    made = outcomes.count(Outcome.SUCCESS)
    unconfirmed = sum(row.cost for row in rows if row.unconfirmed)
    cost = sum(row.cost for row in rows) - unconfirmed
    return Tally(len(rows), made, sum(o.is_refusal for o in outcomes), cost, unconfirmed)
