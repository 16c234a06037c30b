"""Each part of a limit is told once in its period, by one process, and of two that one job reaches the higher alone."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.models import Outcome
from bot.policy.budget_alerts import percent_reached
from bot.policy.limits import OPERATOR
from bot.policy.policy import Allowance
from bot.storage import AdmissionStore, CounterStore, Database, JobStore
from tests.policy.kinds import MONEY_MONTH, VIDEOS_DAY
from tests.storage.records import NOON, a_job, added, settle

NONE = Allowance()


def limits(**values: int) -> Allowance:
    return Allowance().with_limits(**values)


async def told(counters: CounterStore, admissions: AdmissionStore, server: Allowance) -> list[int]:
    """Ask for one more video, and return the percentages that are to be told."""
    job = await added(admissions)
    return [alert.percent for alert in await counters.claim_alerts(job, server, NONE)]


@pytest.mark.parametrize(
    ("used", "limit", "one", "percent"),
    [
        *((49, 100, 1, 0), (50, 100, 1, 50), (79, 100, 1, 50), (80, 100, 1, 80), (99, 100, 1, 80), (100, 100, 1, 100)),
        *((130, 100, 1, 100), (90, 100, 15, 100), (90, 100, 0, 80), (100, 100, 0, 100), (1, 1, 1, 100), (0, 1, 1, 0)),
    ],
)
def test_a_limit_is_full_once_another_one_does_not_fit(used: int, limit: int, one: int, percent: int) -> None:
    assert percent_reached(used, limit, one) == percent


async def test_each_part_is_told_once(counters: CounterStore, admissions: AdmissionStore) -> None:
    ten = limits(videos_day=10)
    assert [await told(counters, admissions, ten) for _ in range(11)] == [
        [], [], [], [], [50], [], [], [80], [], [100], []
    ]  # fmt: skip


async def test_of_two_parts_that_one_job_reaches_the_higher_alone_is_told(
    counters: CounterStore, admissions: AdmissionStore
) -> None:
    assert [await told(counters, admissions, limits(money_month=250_000)) for _ in range(2)] == [[100], []]


async def test_all_servers_together_and_each_limit_are_told_of_apart(
    counters: CounterStore, admissions: AdmissionStore
) -> None:
    job = await added(admissions)
    alerts = await counters.claim_alerts(job, limits(videos_day=2, money_month=10**6), limits(money_month=400_000))
    assert [(alert.guild_id, alert.kind, alert.percent, alert.used, alert.limit) for alert in alerts] == [
        (OPERATOR, MONEY_MONTH, 50, 200_000, 400_000),
        (job.guild_id, VIDEOS_DAY, 50, 1, 2),
    ]


async def test_what_was_told_is_not_told_again_after_a_refund_but_on_the_next_day(
    counters: CounterStore, admissions: AdmissionStore, store: JobStore
) -> None:
    two = limits(videos_day=2)
    job = await added(admissions)
    assert len(await counters.claim_alerts(job, two, NONE)) == 1
    await settle(store, job.id, Outcome.CANCELLED, NOON, sent=False)
    assert await told(counters, admissions, two) == []

    tomorrow = await added(admissions, created_at=NOON + timedelta(days=1))
    assert [alert.percent for alert in await counters.claim_alerts(tomorrow, two, NONE)] == [50]


async def test_a_limit_of_nothing_and_one_that_is_not_there_are_not_told_of(
    counters: CounterStore, admissions: AdmissionStore
) -> None:
    assert await told(counters, admissions, NONE) == []
    assert await told(counters, admissions, limits(videos_day=0, at_once=1)) == []


async def test_of_forty_looks_in_two_processes_one_is_given_the_alert(
    database_url: str, counters: CounterStore, admissions: AdmissionStore
) -> None:
    jobs = [await added(admissions, user_id=1000 + n) for n in range(5)]
    other = await Database.open(database_url)  # as another process has it
    try:
        both = [counters, CounterStore(other)]
        looks = (both[n % 2].claim_alerts(jobs[n % 5], limits(videos_day=10), limits(videos_day=10)) for n in range(40))
        alerts = [alert for given in await asyncio.gather(*looks) for alert in given]
    finally:
        await other.close()
    assert sorted((alert.guild_id, alert.percent) for alert in alerts) == [(OPERATOR, 50), (a_job().guild_id, 50)]
