"""What was sent stays booked, a job ends once, and a success that comes late is put right everywhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.models import Delivery, JobRecord, Outcome
from bot.policy.charges import CASES, Case, Counted, charge_for
from bot.policy.limit_kinds import DAY, MONTH, NOW
from bot.policy.limits import OPERATOR
from bot.policy.policy import Allowance, Policy
from bot.reports.usage_report import Tally
from bot.storage import AdmissionStore, CounterStore, Database, GuildStore, JobStore, UsageStore
from bot.storage.engine.tables import jobs, usage
from tests.policy.kinds import MONEY_DAY, VIDEOS_DAY
from tests.storage.records import LEASE, NOON, OWNER, a_job, added, ask, settle

GUILD, MEMBER = 100, 400
LATER, LATEST = NOON + timedelta(seconds=90), NOON + timedelta(seconds=150)
PRICE = 200_000


async def standing(counters: CounterStore) -> dict[str, tuple[int, int, int, int]]:
    """Videos and money of the day and month, and what is open, for the member, the server and all servers."""
    found = {}
    for name, guild, member in (("member", GUILD, MEMBER), ("server", GUILD, None), ("all", OPERATOR, None)):
        used = await counters.used(guild, member, NOON)
        assert (used[DAY].videos, used[DAY].cost) == (used[MONTH].videos, used[MONTH].cost)
        found[name] = (used[DAY].videos, used[DAY].cost, used[NOW].videos, used[NOW].cost)
    return found


def expected(case: Case, *, refusals_count: bool) -> dict[str, tuple[int, int, int, int]]:
    charge = case.charge
    videos = int(charge.video is Counted.YES or (charge.video is Counted.IF_REFUSALS_COUNT and refusals_count))
    cost = PRICE if charge.booking(PRICE).cost else 0
    together = (videos, cost, 0, 0)
    return {"member": (videos, PRICE * charge.member_cost, 0, 0), "server": together, "all": together}


@pytest.mark.parametrize("refusals_count", [True, False])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.outcomes[0]}-{case.sent}-{case.refusals_cost}")
async def test_counters_of_member_server_and_all_servers_follow_the_table(
    admissions: AdmissionStore,
    store: JobStore,
    counters: CounterStore,
    guilds: GuildStore,
    case: Case,
    refusals_count: bool,
) -> None:
    await guilds.change(GUILD, 1, NOON, lambda _: Policy(refusals_count=refusals_count))
    job = await added(admissions)
    assert await standing(counters) == dict.fromkeys(("member", "server", "all"), (1, PRICE, 1, PRICE))
    sent, refusals_cost = case.sent is not False, bool(case.refusals_cost)
    await settle(store, job.id, case.outcomes[-1], LATER, sent=sent, refusals_cost=refusals_cost)
    assert await standing(counters) == expected(case, refusals_count=refusals_count)


async def test_cancelled_at_90_percent_keeps_its_video_and_its_money(
    admissions: AdmissionStore, store: JobStore, counters: CounterStore, usage: UsageStore
) -> None:
    job = await added(admissions)
    await store.start(job.id, OWNER, NOON)
    assert await settle(store, job.id, Outcome.CANCELLED, LATER, percent=90.0)
    row = await store.get(job.id, GUILD)
    assert row
    assert (row.cost, row.unconfirmed, row.percent, row.started_at) == (PRICE, False, 90.0, NOON)
    assert await standing(counters) == dict.fromkeys(("member", "server", "all"), (1, PRICE, 0, 0))
    assert (await usage.report(GUILD, NOON.date(), NOON.date())).total == Tally(1, 0, 0, PRICE)


async def test_a_job_that_was_surely_never_sent_costs_nothing_and_has_no_start(
    admissions: AdmissionStore, store: JobStore, counters: CounterStore
) -> None:
    job = await added(admissions)
    await store.start(job.id, OWNER, NOON)  # and was stopped before its request left
    await settle(store, job.id, Outcome.CANCELLED, LATER, sent=False)
    row = await store.get(job.id, GUILD)
    assert row
    assert (row.cost, row.started_at) == (0, None)
    assert await standing(counters) == dict.fromkeys(("member", "server", "all"), (0, 0, 0, 0))


@pytest.mark.parametrize(
    ("allowance", "reason"), [(Allowance(videos_day=1), VIDEOS_DAY), (Allowance(money_day=PRICE), MONEY_DAY)]
)
@pytest.mark.parametrize("scope", ["member", "server"])
async def test_twenty_rounds_of_asking_and_cancelling_get_one_request_through_a_limit_of_one(
    admissions: AdmissionStore, store: JobStore, guilds: GuildStore, allowance: Allowance, reason: Any, scope: str
) -> None:
    await guilds.change(GUILD, 1, NOON, lambda _: Policy(**{scope: allowance}))  # type: ignore[arg-type]
    admitted = []
    for _ in range(20):
        job = a_job()
        denial = await ask(admissions, job)
        if denial:
            assert denial.reason is reason
            continue
        admitted.append(job)
        await store.start(job.id, OWNER, NOON)
        await settle(store, job.id, Outcome.CANCELLED, LATER, percent=90.0)
    assert len(admitted) == 1


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.BAD_STREAM, Outcome.INTERRUPTED])
async def test_what_broke_off_gives_the_member_the_video_back_and_keeps_the_money_apart(
    admissions: AdmissionStore, store: JobStore, guilds: GuildStore, usage: UsageStore, outcome: Outcome
) -> None:
    own = Allowance(videos_day=1, money_day=PRICE)
    await guilds.change(GUILD, 1, NOON, lambda _: Policy(member=own, server=Allowance(money_day=2 * PRICE)))
    await settle(store, (await added(admissions)).id, outcome, LATER)
    report = await usage.report(GUILD, NOON.date(), NOON.date())
    assert (report.total.cost, report.total.unconfirmed) == (0, PRICE)
    assert report.members == ((MEMBER, Tally(1, 0, 0, 0, PRICE)),)
    assert await usage.report(GUILD, NOON.date(), NOON.date(), member=MEMBER) == report
    await settle(store, (await added(admissions)).id, outcome, LATER)  # by the member's own limits they may
    denial = await ask(admissions, a_job(user_id=7))
    assert denial  # and the server's budget is used up
    assert denial.reason is MONEY_DAY


async def test_settled_twice_a_job_counts_once(
    admissions: AdmissionStore, store: JobStore, counters: CounterStore, usage: UsageStore
) -> None:
    job = await added(admissions)
    assert await settle(store, job.id, Outcome.TIMEOUT, LATER)
    for outcome in (Outcome.TIMEOUT, Outcome.CANCELLED, Outcome.SUCCESS):
        assert not await settle(store, job.id, outcome, LATEST)
    assert (await standing(counters))["server"] == (0, PRICE, 0, 0)
    assert (await usage.report(GUILD, NOON.date(), NOON.date())).total == Tally(1, 0, 0, 0, PRICE)


async def test_whoever_comes_second_is_handed_the_end_that_stands(admissions: AdmissionStore, store: JobStore) -> None:
    job = await added(admissions)
    await settle(store, job.id, Outcome.TIMEOUT, LATER)
    charge = charge_for(Outcome.CANCELLED, sent=True, refusals_cost=False)
    settled = await store.settle(job.id, Outcome.CANCELLED, LATEST, charge=charge, sent=True)
    assert settled
    assert (settled.first, settled.record) == (False, await store.get(job.id, GUILD))
    assert settled.record.outcome is Outcome.TIMEOUT


@pytest.mark.parametrize("outcome", Outcome)
async def test_an_ending_whose_answer_was_lost_is_still_the_one_that_counts(
    admissions: AdmissionStore, store: JobStore, counters: CounterStore, outcome: Outcome
) -> None:
    job = await added(admissions)
    assert [await settle(store, job.id, outcome, LATER) for _ in range(3)] == [True, True, True]
    assert (await counters.used(GUILD, None, NOON))[NOW].videos == 0


async def interrupted(admissions: AdmissionStore, store: JobStore) -> JobRecord:
    """A sent job that another process took for abandoned, ended, and showed so."""
    job = await added(admissions)
    await store.start(job.id, OWNER, NOON)
    await settle(store, job.id, Outcome.INTERRUPTED, LATER)
    await store.deliver(job.id, Delivery.REPLY)
    return job


async def test_a_success_after_interrupted_corrects_counters_sums_and_link_in_one_transaction(
    admissions: AdmissionStore, store: JobStore, counters: CounterStore, usage: UsageStore
) -> None:
    job = await interrupted(admissions, store)
    assert await settle(store, job.id, Outcome.SUCCESS, LATEST, percent=100.0, video_url="https://h/v.mp4")
    row = await store.get(job.id, GUILD)
    assert row
    assert (row.outcome, row.video_url, row.percent) == (Outcome.SUCCESS, "https://h/v.mp4", 100.0)
    assert (row.cost, row.unconfirmed, row.finished_at, row.started_at) == (PRICE, False, LATEST, NOON)
    assert await standing(counters) == dict.fromkeys(("member", "server", "all"), (1, PRICE, 0, 0))
    report = await usage.report(GUILD, NOON.date(), NOON.date())
    assert (report.total, report.by_outcome) == (Tally(1, 1, 0, PRICE), {Outcome.SUCCESS: 1})
    assert report == await usage.report(GUILD, NOON.date(), NOON.date(), member=MEMBER)


async def test_a_late_success_is_shown_by_who_brought_it_and_by_the_next_one_if_that_is_gone(
    admissions: AdmissionStore, store: JobStore
) -> None:
    job = await interrupted(admissions, store)
    await settle(store, job.id, Outcome.SUCCESS, LATEST, owner=OWNER, lease=LEASE)
    assert await store.claim("another", LATEST, LATEST + LEASE) == []
    late = LATEST + LEASE
    (found,) = await store.claim("another", late, late + LEASE)
    assert (found.id, found.outcome) == (job.id, Outcome.SUCCESS)


async def test_a_late_success_that_nobody_shows_goes_to_whoever_looks_next(
    admissions: AdmissionStore, store: JobStore
) -> None:
    job = await interrupted(admissions, store)
    await settle(store, job.id, Outcome.SUCCESS, LATEST)
    assert [found.id for found in await store.claim(OWNER, LATEST, LATEST + LEASE)] == [job.id]


async def test_of_many_late_successes_one_counts(
    admissions: AdmissionStore, store: JobStore, counters: CounterStore, usage: UsageStore
) -> None:
    job = await interrupted(admissions, store)
    moments = [LATEST + timedelta(microseconds=place) for place in range(20)]
    settled = await asyncio.gather(*(settle(store, job.id, Outcome.SUCCESS, moment) for moment in moments))
    assert settled.count(True) == 1
    assert (await standing(counters))["all"] == (1, PRICE, 0, 0)
    assert (await usage.report(GUILD, NOON.date(), NOON.date())).total == Tally(1, 1, 0, PRICE)


@pytest.mark.parametrize("refusals_cost", [True, False])
@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.SUCCESS])
async def test_nothing_but_a_success_takes_the_place_of_interrupted_but_a_price_of_0_is_booked_once_it_is_known(
    admissions: AdmissionStore,
    store: JobStore,
    counters: CounterStore,
    usage: UsageStore,
    outcome: Outcome,
    sent: bool,
    refusals_cost: bool,
) -> None:
    job = await interrupted(admissions, store)
    before = await store.get(job.id, GUILD)
    assert before
    free = not charge_for(outcome, sent=sent, refusals_cost=refusals_cost).booking(PRICE).cost
    left = 0 if free and outcome is not Outcome.INTERRUPTED else PRICE
    for _ in range(2):
        facts = {"video_url": "https://h/v.mp4", "sent": sent, "refusals_cost": refusals_cost}
        assert not await settle(store, job.id, outcome, LATEST, **facts)
        assert await store.get(job.id, GUILD) == replace(before, cost=left, unconfirmed=left > 0)
        together = (0, left, 0, 0)
        assert await standing(counters) == {"member": (0, 0, 0, 0), "server": together, "all": together}
        report = await usage.report(GUILD, NOON.date(), NOON.date())
        assert (report.total, report.by_outcome) == (Tally(1, 0, 0, 0, left), {Outcome.INTERRUPTED: 1})


async def test_an_end_that_was_replaced_meanwhile_is_not_written_down_as_shown(
    admissions: AdmissionStore, store: JobStore
) -> None:
    job = await added(admissions)
    await settle(store, job.id, Outcome.INTERRUPTED, LATER)
    await settle(store, job.id, Outcome.SUCCESS, LATEST)
    assert not await store.deliver(job.id, Delivery.REPLY, shown=Outcome.INTERRUPTED)
    assert await store.deliver(job.id, Delivery.REPLY, shown=Outcome.SUCCESS)


@pytest.mark.parametrize("outcome", Outcome)
async def test_what_is_asked_in_a_month_and_ends_in_the_next_is_put_right_in_the_one_it_was_asked_in(
    admissions: AdmissionStore, store: JobStore, counters: CounterStore, usage: UsageStore, outcome: Outcome
) -> None:
    april = datetime(2026, 4, 1, tzinfo=UTC)
    march = april - timedelta(seconds=1)
    job = await added(admissions, created_at=march)
    await settle(store, job.id, outcome, april + timedelta(minutes=2))
    booking = charge_for(outcome, sent=True, refusals_cost=False).booking(PRICE)
    for when, videos, cost in ((march, booking.videos, booking.cost), (april, 0, 0)):
        for guild, member, money in ((GUILD, MEMBER, booking.member_cost), (GUILD, None, cost), (OPERATOR, None, cost)):
            used = await counters.used(guild, member, when)
            for window in (DAY, MONTH):
                assert (used[window].videos, used[window].cost) == (videos, money if when == march else 0)
            assert (used[NOW].videos, used[NOW].cost) == (0, 0)
    assert (await usage.report(GUILD, april.date(), april.date())).total == Tally()
    total = (await usage.report(GUILD, march.date(), march.date())).total
    assert (total.jobs, total.cost + total.unconfirmed) == (1, booking.cost)


@pytest.mark.parametrize("outcome", Outcome)
async def test_a_price_of_0_books_nothing_and_leaves_nothing_unconfirmed(
    admissions: AdmissionStore, store: JobStore, counters: CounterStore, outcome: Outcome
) -> None:
    job = await added(admissions, cost=0)
    await settle(store, job.id, outcome, LATER)
    row = await store.get(job.id, GUILD)
    assert row
    assert (row.cost, row.unconfirmed) == (0, False)
    videos = charge_for(outcome, sent=True, refusals_cost=False).booking(0).videos
    assert await standing(counters) == dict.fromkeys(("member", "server", "all"), (videos, 0, 0, 0))


async def test_of_two_processes_that_end_a_job_at_once_exactly_one_is_first_and_both_are_handed_its_end(
    admissions: AdmissionStore, store: JobStore, database_url: str, counters: CounterStore
) -> None:
    other = await Database.open(database_url)
    try:
        for place in range(10):
            job = await added(admissions, user_id=1000 + place)
            endings = [
                each.settle(
                    job.id, outcome, LATER, charge=charge_for(outcome, sent=True, refusals_cost=False), sent=True
                )
                for each, outcome in ((store, Outcome.CANCELLED), (JobStore(other), Outcome.TIMEOUT))
            ]
            settled = [ending for ending in await asyncio.gather(*endings) if ending]
            assert sorted(ending.first for ending in settled) == [False, True]
            assert settled[0].record == settled[1].record == await store.get(job.id, GUILD)
    finally:
        await other.close()
    used = await counters.used(OPERATOR, None, NOON)
    assert (used[DAY].cost, used[NOW].videos) == (10 * PRICE, 0)


async def test_of_a_success_and_interrupted_at_once_in_two_processes_the_success_stands(
    admissions: AdmissionStore, store: JobStore, database_url: str, counters: CounterStore, usage: UsageStore
) -> None:
    other = await Database.open(database_url)
    try:
        jobs_made = [await added(admissions) for _ in range(10)]
        for job in jobs_made:
            endings = ((store, Outcome.SUCCESS), (JobStore(other), Outcome.INTERRUPTED))
            first, _ = await asyncio.gather(*(settle(each, job.id, outcome, LATER) for each, outcome in endings))
            assert first
    finally:
        await other.close()
    assert await standing(counters) == dict.fromkeys(("member", "server", "all"), (10, 10 * PRICE, 0, 0))
    report = await usage.report(GUILD, NOON.date(), NOON.date())
    assert (report.total, report.by_outcome) == (Tally(10, 10, 0, 10 * PRICE), {Outcome.SUCCESS: 10})


@pytest.mark.parametrize("column", ["state", "outcome", "delivery"])
async def test_a_word_that_storage_does_not_know_is_a_storage_error_that_names_the_row(
    admissions: AdmissionStore, store: JobStore, database: Database, column: str, refused: Callable[..., Any]
) -> None:
    job = await added(admissions)
    await settle(store, job.id, Outcome.TIMEOUT, LATER)
    async with database.write() as connection:
        strange = {column: "strange"} | ({"outcome": None} if column == "state" else {})
        await connection.execute(jobs.update().where(jobs.c.id == job.id).values(strange))
    named = f"the row {job.id} of jobs cannot be read.*strange"
    await refused(store.get(job.id, GUILD), named)
    await refused(settle(store, job.id, Outcome.SUCCESS, LATEST), named)


@pytest.mark.parametrize("dimension", ["outcome", "member", "channel"])
async def test_sums_of_an_unknown_word_are_a_storage_error_that_names_the_row(
    admissions: AdmissionStore, store: JobStore, database: Database, refused: Callable[..., Any], dimension: str
) -> None:
    await settle(store, (await added(admissions)).id, Outcome.TIMEOUT, LATER)
    async with database.write() as connection:
        await connection.execute(usage.update().where(usage.c.dimension == dimension).values(value="strange"))
    report = UsageStore(database).report(GUILD, NOON.date(), NOON.date())
    await refused(report, rf"row \({GUILD}, {dimension}, strange\) of usage")


async def test_the_ids_that_a_waiting_job_is_judged_by_are_kept_with_it_until_it_has_ended(
    admissions: AdmissionStore, store: JobStore, database: Database
) -> None:
    async def kept() -> tuple[str, str]:
        statement = select(jobs.c.role_ids, jobs.c.place_ids).where(jobs.c.id == job.id)
        async with database.read() as connection:
            row = (await connection.execute(statement)).one()
        return row.role_ids, row.place_ids

    job = a_job()
    await ask(admissions, job, roles=frozenset({9, 7}), channel_ids=frozenset({200, 3}))
    assert await kept() == ("7 9", "3 200")
    await settle(store, job.id, Outcome.SUCCESS, LATER)
    assert await kept() == ("", "")
