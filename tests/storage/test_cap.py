"""What the operator allows all servers together holds exactly, over all of them, whenever it was set."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.models import Outcome
from bot.policy.admission import Denial, DenialScope
from bot.policy.limit_kinds import DAY, MONTH
from bot.policy.limits import OPERATOR
from bot.policy.policy import Allowance, Policy
from bot.storage import AdmissionStore, CounterStore, Database, GuildStore, JobStore, UsageStore
from bot.storage.engine.tables import guilds as guilds_table
from tests.policy.kinds import MONEY_DAY, MONEY_MONTH, VIDEOS_DAY
from tests.storage.records import NOON, a_job, added, ask, settle

OLGA = 9
MIDNIGHT, APRIL = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)


async def cap(guilds: GuildStore, **limits: int | None) -> None:
    await guilds.change_cap(OLGA, NOON, limits)


@pytest.mark.parametrize(
    ("limit", "denial"),
    [
        ({"videos_day": 3}, Denial(VIDEOS_DAY, DenialScope.OPERATOR, 3, MIDNIGHT)),
        ({"money_day": 600_000}, Denial(MONEY_DAY, DenialScope.OPERATOR, 600_000, MIDNIGHT)),
        ({"money_month": 799_999}, Denial(MONEY_MONTH, DenialScope.OPERATOR, 799_999, APRIL)),
    ],
)
async def test_a_cap_bounds_all_servers_together(
    admissions: AdmissionStore, guilds: GuildStore, limit: dict[str, int], denial: Denial
) -> None:
    await cap(guilds, **limit)
    verdicts = [await ask(admissions, a_job(guild_id=guild)) for guild in (1, 2, 1, 3, 1)]
    assert verdicts == [None, None, None, denial, denial]


@pytest.mark.parametrize("limit", [{"videos_day": 10}, {"money_day": 2_000_000}, {"money_month": 2_000_000}])
async def test_two_hundred_at_once_over_two_servers_and_two_processes_get_exactly_what_the_cap_allows(
    database_url: str, database: Database, guilds: GuildStore, counters: CounterStore, limit: dict[str, int]
) -> None:
    await cap(guilds, **limit)
    other = await Database.open(database_url)  # as another process has it
    try:
        stores = [AdmissionStore(database), AdmissionStore(other)]
        asked = [a_job(guild_id=1 + n % 2, user_id=1000 + n % 40) for n in range(200)]
        verdicts = await asyncio.gather(*(ask(stores[(n // 2) % 2], job) for n, job in enumerate(asked)))
    finally:
        await other.close()
    assert verdicts.count(None) == 10
    assert {denial.scope for denial in verdicts if denial} == {DenialScope.OPERATOR}
    of_all = (await counters.used(OPERATOR, None, NOON))[DAY]
    apart = [(await counters.used(guild, None, NOON))[DAY] for guild in (1, 2)]
    assert (of_all.videos, of_all.cost) == (10, 2_000_000)
    assert (sum(one.videos for one in apart), sum(one.cost for one in apart)) == (10, 2_000_000)


async def test_a_cap_that_is_set_at_noon_counts_the_morning(
    admissions: AdmissionStore, store: JobStore, guilds: GuildStore
) -> None:
    morning = NOON - timedelta(hours=4)
    for guild in (1, 2):
        job = await added(admissions, guild_id=guild, created_at=morning)
        await settle(store, job.id, Outcome.SUCCESS, morning + timedelta(minutes=2))
    await cap(guilds, videos_day=3)
    assert [await ask(admissions, a_job(guild_id=guild)) is None for guild in (3, 4)] == [True, False]


async def test_a_cap_of_nothing_lets_nothing_through_on_any_server(
    admissions: AdmissionStore, guilds: GuildStore, counters: CounterStore
) -> None:
    await cap(guilds, videos_day=0)
    assert await ask(admissions, a_job()) == Denial(VIDEOS_DAY, DenialScope.OPERATOR, 0, MIDNIGHT)
    assert (await counters.used(OPERATOR, None, NOON))[DAY].videos == 0


async def test_what_is_given_back_to_a_server_is_given_back_to_all_together(
    admissions: AdmissionStore, store: JobStore, guilds: GuildStore
) -> None:
    await cap(guilds, videos_day=1, money_month=200_000)
    job = await added(admissions, guild_id=1)
    assert await ask(admissions, a_job(guild_id=2))
    await settle(store, job.id, Outcome.CANCELLED, NOON, sent=False)
    assert await ask(admissions, a_job(guild_id=2)) is None


async def test_who_is_over_a_limit_of_their_own_uses_nothing_of_the_cap(
    admissions: AdmissionStore, guilds: GuildStore, counters: CounterStore
) -> None:
    await guilds.change(100, 1, NOON, lambda _: Policy(member=Allowance(videos_day=1)))
    verdicts = [await ask(admissions, a_job()) for _ in range(3)]
    assert [denial and denial.scope for denial in verdicts] == [None, DenialScope.MEMBER, DenialScope.MEMBER]
    assert (await counters.used(OPERATOR, None, NOON))[MONTH].videos == 1


async def test_a_cap_is_changed_limit_by_limit_lifted_and_written_into_the_record(guilds: GuildStore) -> None:
    assert (await guilds.get(0)).cap == Allowance()
    await guilds.change_cap(OLGA, NOON, {"videos_day": 5, "money_day": 7})
    assert await guilds.change_cap(OLGA, NOON, {"videos_day": 6}) == (
        Allowance(videos_day=5, money_day=7),
        Allowance(videos_day=6, money_day=7),
    )
    assert (await guilds.change_cap(OLGA, NOON, {"money_month": 8}, clear=True))[1] == Allowance(money_month=8)
    assert (await guilds.get(0)).cap == Allowance(money_month=8)
    await guilds.change_cap(OLGA, NOON, {}, clear=True)
    assert (await guilds.get(0)).cap == Allowance()
    record = [(change.user_id, change.what, change.before, change.after) for change in await guilds.changes(0)]
    assert record[0] == (OLGA, "cap.money_month", "8", "null")
    assert record[-1] == (OLGA, "cap.videos_day", "null", "5")


async def test_a_cap_and_the_rules_of_those_without_their_own_leave_each_other_alone(guilds: GuildStore) -> None:
    await guilds.set_default(Policy(member=Allowance(videos_day=2)), OLGA, NOON)
    await guilds.allow(0, False)
    await cap(guilds, videos_day=5)
    await guilds.set_default(Policy(member=Allowance(videos_day=3)), OLGA, NOON)
    rules = await guilds.get(77)
    assert (rules.policy.member, rules.allowed, rules.cap) == (Allowance(videos_day=3), False, Allowance(videos_day=5))


async def test_of_caps_changed_at_once_none_is_lost(guilds: GuildStore) -> None:
    limits = {"videos_day": 1, "money_day": 2, "money_month": 3}
    await asyncio.gather(*(cap(guilds, **{name: value}) for name, value in limits.items()))
    assert (await guilds.get(0)).cap == Allowance(**limits)


@pytest.mark.parametrize(
    ("rules", "bounded"),
    [
        (Policy(), False),
        (Policy(member=Allowance(at_once=1, cooldown=9)), False),
        (Policy(member=Allowance(videos_day=1)), True),
        (Policy(server=Allowance(money_month=1)), True),
        (Policy(by_role={7: Allowance(videos_month=1)}), True),
    ],
)
async def test_what_bounds_the_costs_of_any_server_is_found(guilds: GuildStore, rules: Policy, bounded: bool) -> None:
    await guilds.change(77, 1, NOON, lambda _: rules)
    assert await guilds.is_bounded() is bounded
    await cap(guilds, money_day=1)
    assert await guilds.is_bounded()


@pytest.mark.parametrize("text", ["{", "[]", '{"server": 5}', '{"by_role": {"x": {}}}', '{"channels": 5}', "null"])
@pytest.mark.parametrize("column", ["rules", "cap"])
async def test_rules_that_cannot_be_read_are_a_storage_error_that_names_the_row(
    admissions: AdmissionStore,
    store: JobStore,
    database: Database,
    guilds: GuildStore,
    refused: Callable[..., Any],
    column: str,
    text: str,
) -> None:
    if column == "cap" and text.startswith('{"'):
        text = '{"videos_day": '  # what an older Kinora does not know is left out
    guild = 77 if column == "rules" else 0
    job = await added(admissions, guild_id=77)
    await settle(store, job.id, Outcome.SUCCESS, NOON)
    async with database.write() as connection:
        await connection.execute(guilds_table.insert().values({"guild_id": guild, column: text}))
    named = f"the {column} in the row {guild} of guilds cannot be read"
    await refused(guilds.policy(77), named)
    await refused(ask(admissions, a_job(guild_id=77)), named)
    await refused(guilds.is_bounded(), named)
    # The operator can still see all servers.
    assert [line.guild_id for line in await UsageStore(database).over_guilds(NOON.date(), NOON.date())] == [77]
