"""Limits hold, each alone and together, however many ask at once; who is turned away is told the right one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.models import JobRecord, Outcome
from bot.policy.admission import Denial, DenialReason, DenialScope
from bot.policy.blocks import KINORA, Block
from bot.policy.limit_kinds import DAY, MONTH, NOW
from bot.policy.policy import Allowance, Policy
from bot.storage import AdmissionStore, BlockStore, CounterStore, Database, GuildStore, HistoryStore, JobStore
from tests.policy.kinds import AT_ONCE, COOLDOWN, MONEY_DAY, MONEY_MONTH, VIDEOS_DAY, VIDEOS_MONTH
from tests.storage.records import NOON, a_job, added, ask, settle

GUILD, MEMBER = 100, 400
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, tzinfo=UTC)


async def rule(guilds: GuildStore, guild_id: int = GUILD, **rules: Any) -> None:
    """Let these rules hold in a server, and no others."""
    await guilds.change(guild_id, 1, NOON, lambda _: Policy(**rules))


def several(count: int, **changes: Any) -> list[JobRecord]:
    return [a_job(**changes) for _ in range(count)]


async def written(history: HistoryStore, guild_id: int = GUILD) -> int:
    return len((await history.page(guild_id, count=500)).jobs)


LIMITS = [
    ({"member": Allowance(at_once=3)}, Denial(AT_ONCE, DenialScope.MEMBER, 3)),
    ({"server": Allowance(at_once=3)}, Denial(AT_ONCE, DenialScope.SERVER, 3)),
    ({"member": Allowance(videos_day=3)}, Denial(VIDEOS_DAY, DenialScope.MEMBER, 3, MIDNIGHT)),
    ({"server": Allowance(videos_day=3)}, Denial(VIDEOS_DAY, DenialScope.SERVER, 3, MIDNIGHT)),
    ({"member": Allowance(videos_month=3)}, Denial(VIDEOS_MONTH, DenialScope.MEMBER, 3, APRIL)),
    ({"server": Allowance(videos_month=3)}, Denial(VIDEOS_MONTH, DenialScope.SERVER, 3, APRIL)),
    ({"member": Allowance(money_day=799_999)}, Denial(MONEY_DAY, DenialScope.MEMBER, 799_999, MIDNIGHT)),
    ({"server": Allowance(money_day=600_000)}, Denial(MONEY_DAY, DenialScope.SERVER, 600_000, MIDNIGHT)),
    ({"member": Allowance(money_month=600_000)}, Denial(MONEY_MONTH, DenialScope.MEMBER, 600_000, APRIL)),
    ({"server": Allowance(money_month=799_999)}, Denial(MONEY_MONTH, DenialScope.SERVER, 799_999, APRIL)),
]


@pytest.mark.parametrize(("rules", "denial"), LIMITS)
async def test_each_limit_alone_admits_three_and_names_itself_to_the_fourth(
    admissions: AdmissionStore, guilds: GuildStore, rules: dict[str, Any], denial: Denial
) -> None:
    await rule(guilds, **rules)
    assert [await ask(admissions, job) for job in several(5)] == [None, None, None, denial, denial]


@pytest.mark.parametrize(("rules", "denial"), LIMITS)
async def test_each_limit_holds_for_what_is_asked_at_the_same_moment(
    admissions: AdmissionStore, guilds: GuildStore, rules: dict[str, Any], denial: Denial
) -> None:
    await rule(guilds, **rules)
    verdicts = await asyncio.gather(*(ask(admissions, job) for job in several(5)))
    assert (verdicts.count(None), verdicts.count(denial)) == (3, 2)


async def test_two_hundred_at_once_against_a_limit_of_ten_grant_exactly_ten(
    database_url: str, database: Database, guilds: GuildStore, history: HistoryStore
) -> None:
    await rule(guilds, server=Allowance(videos_day=10), member=Allowance(videos_day=4, at_once=8, cooldown=0))
    other = await Database.open(database_url)  # as another process has it
    try:
        stores = [AdmissionStore(database), AdmissionStore(other)]
        asked = [a_job(user_id=1000 + number % 40) for number in range(200)]
        verdicts = await asyncio.gather(*(ask(stores[n % 2], job) for n, job in enumerate(asked)))
    finally:
        await other.close()
    assert verdicts.count(None) == 10
    assert {denial.reason for denial in verdicts if denial} == {VIDEOS_DAY}
    assert await written(history) == 10


async def test_places_that_are_given_back_meanwhile_are_granted_or_denied_and_nobody_fails(
    admissions: AdmissionStore, store: JobStore, guilds: GuildStore, counters: CounterStore
) -> None:
    await rule(guilds, server=Allowance(at_once=3))

    async def ask_and_cancel(job: JobRecord) -> Denial | None:
        denial = await ask(admissions, job)
        if denial is None:
            await settle(store, job.id, Outcome.CANCELLED, NOON)
        return denial

    verdicts = await asyncio.gather(*map(ask_and_cancel, several(60)))
    assert verdicts.count(None) >= 3
    assert {denial for denial in verdicts if denial} <= {Denial(AT_ONCE, DenialScope.SERVER, 3)}
    assert (await counters.used(GUILD, None, NOON))[NOW].videos == 0


async def test_a_race_for_money_never_passes_the_budget(
    admissions: AdmissionStore, guilds: GuildStore, counters: CounterStore
) -> None:
    await rule(guilds, server=Allowance(money_month=1_000_000))
    asked = [a_job(user_id=1 + n, cost=150_000 + 10_000 * (n % 3)) for n in range(60)]
    verdicts = await asyncio.gather(*(ask(admissions, job) for job in asked))
    spent = sum(job.cost for job, denial in zip(asked, verdicts, strict=True) if denial is None)
    assert spent == (await counters.used(GUILD, None, NOON))[MONTH].cost <= 1_000_000
    assert spent > 1_000_000 - 170_000


async def test_limits_together_the_strictest_of_each_member_and_server_holds(
    admissions: AdmissionStore, guilds: GuildStore
) -> None:
    await rule(guilds, server=Allowance(videos_day=5), member=Allowance(videos_day=2, at_once=2))
    verdicts = [await ask(admissions, a_job(user_id=member)) for member in (1, 1, 1, 2, 2, 3, 4)]
    mine, everybodys = Denial(AT_ONCE, DenialScope.MEMBER, 2), Denial(VIDEOS_DAY, DenialScope.SERVER, 5, MIDNIGHT)
    assert verdicts == [None, None, mine, None, None, None, everybodys]


async def test_limits_together_hold_for_what_is_asked_at_the_same_moment(
    admissions: AdmissionStore, guilds: GuildStore
) -> None:
    await rule(guilds, server=Allowance(videos_day=5), member=Allowance(videos_day=2, at_once=2))
    members = (1, 1, 1, 2, 2, 3, 4)
    verdicts = await asyncio.gather(*(ask(admissions, a_job(user_id=member)) for member in members))
    admitted = [member for member, denial in zip(members, verdicts, strict=True) if denial is None]
    assert len(admitted) == 5
    assert admitted.count(1) <= 2
    mine, everybodys = Denial(AT_ONCE, DenialScope.MEMBER, 2), Denial(VIDEOS_DAY, DenialScope.SERVER, 5, MIDNIGHT)
    assert all(denial in (None, mine, everybodys) for denial in verdicts)


async def test_who_is_turned_away_leaves_no_trace_on_any_counter(
    admissions: AdmissionStore, guilds: GuildStore, counters: CounterStore
) -> None:
    await rule(guilds, server=Allowance(videos_day=0))
    assert await ask(admissions, a_job()) == Denial(VIDEOS_DAY, DenialScope.SERVER, 0, MIDNIGHT)
    assert (await counters.used(GUILD, MEMBER, NOON))[MONTH].videos == 0
    await rule(guilds, member=Allowance(videos_day=1))
    assert await ask(admissions, a_job()) is None


async def test_limits_of_one_server_do_not_count_in_another(admissions: AdmissionStore, guilds: GuildStore) -> None:
    for guild in (1, 2):
        await rule(guilds, guild, server=Allowance(videos_day=1))
    assert [await ask(admissions, a_job(guild_id=guild)) for guild in (1, 2)] == [None, None]
    verdicts = await asyncio.gather(*(ask(admissions, a_job(guild_id=guild)) for guild in (1, 2, 3)))
    assert [verdict is None for verdict in verdicts] == [False, False, True]


# -- giving back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.SUCCESS])
async def test_what_was_never_sent_frees_its_place_and_its_price(
    admissions: AdmissionStore, store: JobStore, guilds: GuildStore, outcome: Outcome
) -> None:
    one = Allowance(videos_day=1, videos_month=1, at_once=1, money_day=200_000, money_month=200_000)
    await rule(guilds, server=one, member=one)
    job = await added(admissions)
    assert await ask(admissions, a_job())
    await settle(store, job.id, outcome, NOON, sent=False)
    assert await ask(admissions, a_job()) is None


async def test_a_video_keeps_its_place_in_day_and_month_and_frees_the_one_among_the_open(
    admissions: AdmissionStore, store: JobStore, guilds: GuildStore, counters: CounterStore
) -> None:
    await rule(guilds, member=Allowance(videos_day=2, at_once=1))
    await settle(store, (await added(admissions)).id, Outcome.SUCCESS, NOON)
    await added(admissions)
    used = await counters.used(GUILD, MEMBER, NOON)
    assert (used[NOW].videos, used[DAY].videos, used[MONTH].cost) == (1, 2, 400_000)


async def test_refund_happens_once_however_often_a_job_is_settled(
    admissions: AdmissionStore, store: JobStore, counters: CounterStore
) -> None:
    job, _other = await added(admissions), await added(admissions)
    await asyncio.gather(*(settle(store, job.id, Outcome.CANCELLED, NOON, sent=False) for _ in range(20)))
    for whose in (None, MEMBER):
        used = await counters.used(GUILD, whose, NOON)
        assert (used[NOW].videos, used[DAY].videos, used[MONTH].videos, used[MONTH].cost) == (1, 1, 1, 200_000)


async def test_refusals_count_where_the_server_says_so(
    admissions: AdmissionStore, store: JobStore, guilds: GuildStore, counters: CounterStore
) -> None:
    await rule(guilds, refusals_count=True)
    for outcome in (Outcome.MODERATION_IMAGE, Outcome.PROVIDER_ERROR):
        await settle(store, (await added(admissions)).id, outcome, NOON)
    used = await counters.used(GUILD, MEMBER, NOON)
    assert (used[DAY].videos, used[DAY].cost, used[NOW].videos) == (1, 0, 0)


async def test_a_refusal_that_is_charged_for_keeps_its_money_though_not_its_place(
    admissions: AdmissionStore, store: JobStore, counters: CounterStore
) -> None:
    await settle(store, (await added(admissions)).id, Outcome.MODERATION_IMAGE, NOON, refusals_cost=True)
    used = await counters.used(GUILD, None, NOON)
    assert (used[DAY].videos, used[DAY].cost, used[MONTH].cost, used[NOW].cost) == (0, 200_000, 200_000, 0)


async def test_a_job_is_given_back_to_the_day_it_was_asked_on(
    admissions: AdmissionStore, store: JobStore, counters: CounterStore
) -> None:
    job = await added(admissions, created_at=MIDNIGHT - timedelta(seconds=1))
    await settle(store, job.id, Outcome.CANCELLED, MIDNIGHT + timedelta(minutes=1), sent=False)
    assert (await counters.used(GUILD, MEMBER, MIDNIGHT - timedelta(seconds=1)))[DAY].videos == 0
    assert (await counters.used(GUILD, MEMBER, MIDNIGHT))[DAY].videos == 0


# -- time --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allowance", "last", "first"),
    [
        (Allowance(videos_day=1), datetime(2026, 2, 28, 23, 59, 59, 999999, UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        (Allowance(videos_month=1), datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        # 00:30 in Berlin is still the day before in UTC; the night on which clocks are turned makes no difference.
        (
            Allowance(videos_day=1),
            datetime.fromisoformat("2026-03-29T01:59:59+01:00"),
            datetime.fromisoformat("2026-03-30T02:00:00+02:00"),
        ),
    ],
)
async def test_days_and_months_begin_anew_at_midnight_utc(
    admissions: AdmissionStore, guilds: GuildStore, allowance: Allowance, last: datetime, first: datetime
) -> None:
    await rule(guilds, member=allowance)
    assert await ask(admissions, a_job(created_at=last)) is None
    denial = await ask(admissions, a_job(created_at=last))
    assert denial
    assert denial.retry_at
    assert denial.retry_at <= first
    assert await ask(admissions, a_job(created_at=denial.retry_at)) is None


async def test_between_two_requests_of_a_member_the_pause_is_kept_to_the_millisecond(
    admissions: AdmissionStore, guilds: GuildStore
) -> None:
    await rule(guilds, member=Allowance(cooldown=60))
    assert await ask(admissions, a_job()) is None
    early = a_job(created_at=NOON + timedelta(seconds=59, milliseconds=999))
    assert await ask(admissions, early) == Denial(COOLDOWN, DenialScope.MEMBER, 60, NOON + timedelta(seconds=60))
    assert await ask(admissions, a_job(user_id=5, created_at=early.created_at)) is None
    assert await ask(admissions, a_job(created_at=NOON + timedelta(seconds=60))) is None


async def test_of_requests_at_the_same_moment_the_pause_lets_one_through(
    admissions: AdmissionStore, guilds: GuildStore
) -> None:
    await rule(guilds, member=Allowance(cooldown=60))
    members = (1, 1, 2, 1, 2)
    verdicts = await asyncio.gather(*(ask(admissions, a_job(user_id=member)) for member in members))
    admitted = [member for member, verdict in zip(members, verdicts, strict=True) if verdict is None]
    assert sorted(admitted) == [1, 2]


async def test_cancelling_does_not_shorten_the_pause(
    admissions: AdmissionStore, store: JobStore, guilds: GuildStore
) -> None:
    await rule(guilds, member=Allowance(cooldown=60))
    await settle(store, (await added(admissions)).id, Outcome.CANCELLED, NOON)
    denial = await ask(admissions, a_job(created_at=NOON + timedelta(seconds=1)))
    assert denial
    assert denial.reason is COOLDOWN


async def test_a_clock_that_was_set_back_locks_nobody_out(admissions: AdmissionStore, guilds: GuildStore) -> None:
    await rule(guilds, member=Allowance(cooldown=60))
    assert await ask(admissions, a_job(created_at=NOON + timedelta(days=300))) is None
    assert await ask(admissions, a_job()) is None


# -- who and where -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "brought", "denial"),
    [
        ({"channels": {7}}, {"channel_ids": frozenset({8})}, Denial(DenialReason.CHANNEL, allowed=(7,))),
        ({"channels": {7, 9}}, {"channel_ids": frozenset({8, 9})}, None),
        ({"roles": {7}}, {"roles": frozenset({8})}, Denial(DenialReason.ROLE, allowed=(7,))),
        ({"roles": {7, 9}}, {"roles": frozenset({8, 9})}, None),
        ({"models": {"other"}}, {}, Denial(DenialReason.MODEL, allowed=("other",))),
        ({"models": {"other", "sora_video2"}}, {}, None),
    ],
)
async def test_channels_roles_and_models_are_those_of_the_rules(
    admissions: AdmissionStore, guilds: GuildStore, rules: dict[str, Any], brought: Any, denial: Denial | None
) -> None:
    await rule(guilds, **{name: frozenset(values) for name, values in rules.items()})
    assert await ask(admissions, a_job(), **brought) == denial


@pytest.mark.parametrize(("only", "marked"), [(True, True), (True, False), (False, True), (False, False)])
async def test_a_server_may_keep_videos_to_age_restricted_channels(
    admissions: AdmissionStore, guilds: GuildStore, only: bool, marked: bool
) -> None:
    await rule(guilds, age_restricted=only)
    refused = Denial(DenialReason.AGE_RESTRICTED) if only and not marked else None
    assert await ask(admissions, a_job(age_restricted=marked)) == refused


async def test_a_roles_own_allowance_replaces_what_it_names(admissions: AdmissionStore, guilds: GuildStore) -> None:
    by_role = {7: Allowance(videos_day=3), 8: Allowance(videos_day=2), 9: Allowance(unlimited=True)}
    await rule(guilds, member=Allowance(videos_day=1), by_role=by_role)

    async def granted(member: int, *roles: int) -> int:
        return [await ask(admissions, a_job(user_id=member), roles=frozenset(roles)) for _ in range(6)].count(None)

    assert [await granted(1), await granted(2, 8), await granted(3, 7, 8), await granted(4, 8, 9)] == [1, 2, 3, 6]


async def test_the_servers_limit_holds_for_the_unlimited_too(admissions: AdmissionStore, guilds: GuildStore) -> None:
    await rule(guilds, server=Allowance(videos_day=1), by_role={9: Allowance(unlimited=True)})
    verdicts = [await ask(admissions, a_job(), roles=frozenset({9})) for _ in range(2)]
    assert verdicts == [None, Denial(VIDEOS_DAY, DenialScope.SERVER, 1, MIDNIGHT)]


async def test_a_blocked_member_is_turned_away_until_the_block_ends(
    admissions: AdmissionStore, blocks: BlockStore
) -> None:
    until = NOON + timedelta(hours=1)
    await blocks.put(Block(GUILD, MEMBER, until, "spam", by=9, at=NOON))
    assert await ask(admissions, a_job()) == Denial(DenialReason.BLOCKED, retry_at=until, note="spam")
    assert await ask(admissions, a_job(guild_id=GUILD + 1)) is None
    assert await ask(admissions, a_job(user_id=MEMBER + 1)) is None
    assert await ask(admissions, a_job(created_at=until)) is None


async def test_a_pause_by_kinora_is_told_as_such(admissions: AdmissionStore, blocks: BlockStore) -> None:
    until = NOON + timedelta(hours=1)
    await blocks.put(Block(GUILD, MEMBER, until, "", by=KINORA, at=NOON))
    assert await ask(admissions, a_job()) == Denial(DenialReason.PAUSED, retry_at=until)


async def test_a_server_that_the_operator_denies_makes_nothing(admissions: AdmissionStore, guilds: GuildStore) -> None:
    await guilds.allow(GUILD, False)
    assert await ask(admissions, a_job()) == Denial(DenialReason.GUILD)
    await guilds.allow(GUILD, True)
    assert await ask(admissions, a_job()) is None


async def test_unnamed_servers_follow_what_is_said_of_all(admissions: AdmissionStore, guilds: GuildStore) -> None:
    await guilds.allow(0, False)
    await guilds.allow(GUILD, True)
    assert await ask(admissions, a_job()) is None
    assert await ask(admissions, a_job(guild_id=5)) == Denial(DenialReason.GUILD)


async def test_a_job_that_cannot_be_written_leaves_every_counter_as_it_was(
    admissions: AdmissionStore, counters: CounterStore
) -> None:
    job = await added(admissions)
    before = await counters.used(GUILD, None, NOON)
    with pytest.raises(Exception, match=r".+"):
        await ask(admissions, replace(a_job(), id=job.id))
    assert await counters.used(GUILD, None, NOON) == before
