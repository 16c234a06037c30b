"""What waits is judged anew in the transaction that lets it run, and ends, unpaid, where it would not be let in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import literal, select, update

from bot.models import JobRecord, JobState, Outcome
from bot.policy.admission import AdmissionRequest, Denial, DenialReason
from bot.policy.blocks import KINORA, Block
from bot.policy.limit_kinds import DAY, NOW
from bot.policy.limits import OPERATOR
from bot.policy.policy import Allowance, Policy
from bot.policy.server_pause import ServerPause
from bot.reports.refusal_report import RefusalStage
from bot.storage import AdmissionStore, BlockStore, CounterStore, Database, GuildStore, JobStore, UsageStore
from bot.storage.engine.tables import jobs
from tests.policy.kinds import MONEY_DAY, VIDEOS_DAY
from tests.storage.records import NOON, OWNER, a_job, added, ask, settle

GUILD, MEMBER, ROLE, CHANNEL = 100, 400, 77, 200
PRICE = 200_000
LATER = NOON + timedelta(minutes=1)


class Rules:
    """What managers, moderators and the operator change while a job waits."""

    def __init__(self, database: Database) -> None:
        self._guilds = GuildStore(database)
        self._blocks = BlockStore(database)

    async def are(self, **rules: Any) -> None:
        await self._guilds.change(GUILD, 1, NOON, lambda _: Policy(**rules))

    async def cap(self, **limits: int) -> None:
        await self._guilds.change_cap(9, NOON, limits)

    async def deny(self) -> None:
        await self._guilds.allow(GUILD, False)

    async def pause(self, pause: ServerPause | None) -> None:
        await self._guilds.set_pause(GUILD, 9, NOON, pause)

    async def forbid(self, *words: str) -> None:
        await self._guilds.change_words(GUILD, 9, NOON, lambda before: before.with_words(words))

    async def block(self, by: int) -> None:
        await self._blocks.put(Block(GUILD, MEMBER, LATER + timedelta(hours=1), "spam", by, NOON))


@pytest.fixture
def rules(database: Database) -> Rules:
    return Rules(database)


async def waiting(admissions: AdmissionStore, **columns: Any) -> JobRecord:
    """A job of a member with a role, in a channel, that waits."""
    job = a_job(**columns)
    request = AdmissionRequest(job, frozenset({ROLE}), frozenset({CHANNEL}))
    assert await admissions.admit(request, owner=OWNER, lease=timedelta(minutes=5)) is None
    return job


async def counted(counters: CounterStore) -> set[tuple[int, int, int]]:
    """What stands on the counters of member, server and all servers: videos and money of the day, open jobs."""
    holders = ((GUILD, MEMBER), (GUILD, None), (OPERATOR, None))
    used = [await counters.used(guild, member, NOON) for guild, member in holders]
    return {(each[DAY].videos, each[DAY].cost, each[NOW].videos) for each in used}


Change = Callable[[Rules], Awaitable[None]]
CHANGES: dict[str, tuple[Change, object]] = {
    "operator's deny": (lambda rules: rules.deny(), DenialReason.GUILD),
    "block": (lambda rules: rules.block(by=9), DenialReason.BLOCKED),
    "pause": (lambda rules: rules.block(by=KINORA), DenialReason.PAUSED),
    "channel": (lambda rules: rules.are(channels=frozenset({201})), DenialReason.CHANNEL),
    "role": (lambda rules: rules.are(roles=frozenset({78})), DenialReason.ROLE),
    "model": (lambda rules: rules.are(models=frozenset({"other"})), DenialReason.MODEL),
    "word": (lambda rules: rules.forbid("LIGHTHOUSE"), DenialReason.WORDS),
    "videos of the member": (lambda rules: rules.are(member=Allowance(videos_day=0)), VIDEOS_DAY),
    "money of the role": (lambda rules: rules.are(by_role={ROLE: Allowance(money_day=PRICE - 1)}), MONEY_DAY),
    "money of the server": (lambda rules: rules.are(server=Allowance(money_day=PRICE - 1)), MONEY_DAY),
    "money of all": (lambda rules: rules.cap(money_day=PRICE - 1), MONEY_DAY),
}


@pytest.mark.parametrize(("change", "reason"), CHANGES.values(), ids=CHANGES)
async def test_a_waiting_job_that_would_not_be_let_in_any_more_ends_unpaid(
    admissions: AdmissionStore,
    store: JobStore,
    counters: CounterStore,
    rules: Rules,
    change: Change,
    reason: object,
) -> None:
    job = await waiting(admissions)
    await change(rules)
    denial = await store.start(job.id, OWNER, LATER)
    assert isinstance(denial, Denial)
    assert denial.reason is reason
    row = await store.get(job.id, GUILD)
    assert row
    assert (row.outcome, row.started_at, row.cost) == (Outcome.CANCELLED, None, 0)
    assert await counted(counters) == {(0, 0, 0)}


@pytest.mark.parametrize(("change", "reason"), CHANGES.values(), ids=CHANGES)
async def test_a_preview_says_what_the_admission_would_and_counts_nothing(
    admissions: AdmissionStore, counters: CounterStore, rules: Rules, change: Change, reason: object
) -> None:
    request = AdmissionRequest(a_job(), frozenset({ROLE}), frozenset({CHANNEL}))
    assert await admissions.preview(request) is None
    await change(rules)
    denial = await admissions.preview(request)
    assert denial
    assert denial.reason is reason
    assert denial == await admissions.admit(request, owner=OWNER, lease=timedelta(minutes=5))
    assert await counted(counters) == {(0, 0, 0)}


async def test_a_pause_of_the_server_keeps_out_who_asks_now_and_not_what_waits(
    admissions: AdmissionStore, store: JobStore, rules: Rules
) -> None:
    job = await waiting(admissions)
    until = LATER + timedelta(hours=1)
    await rules.pause(ServerPause(9, until, "a raid"))
    paused = Denial(DenialReason.SERVER_PAUSED, retry_at=until, note="a raid")
    assert paused.is_lasting
    for asked in (AdmissionRequest(a_job(created_at=LATER)), AdmissionRequest(a_job(user_id=9, created_at=LATER))):
        assert await admissions.preview(asked) == paused
        assert await admissions.admit(asked, owner=OWNER, lease=timedelta(minutes=5)) == paused
    assert await ask(admissions, a_job(guild_id=GUILD + 1)) is None
    assert await store.start(job.id, OWNER, LATER) is True
    assert await ask(admissions, a_job(created_at=until)) is None


async def test_a_pause_without_an_end_holds_until_it_is_taken_away(admissions: AdmissionStore, rules: Rules) -> None:
    await rules.pause(ServerPause(9))
    late = a_job(created_at=NOON + timedelta(days=999))
    assert await ask(admissions, late) == Denial(DenialReason.SERVER_PAUSED)
    await rules.pause(None)
    assert await ask(admissions, late) is None


async def test_a_pause_made_by_one_process_holds_in_another_at_once(
    database_url: str, admissions: AdmissionStore, rules: Rules
) -> None:
    other = await Database.open(database_url)
    try:
        for member in range(1, 11):
            await Rules(other).pause(ServerPause(9))
            assert await ask(admissions, a_job(user_id=member)) == Denial(DenialReason.SERVER_PAUSED)
            await Rules(other).pause(None)
            assert await ask(admissions, a_job(user_id=member)) is None
    finally:
        await other.close()


async def test_a_word_is_not_wanted_in_any_turn_of_a_conversation(admissions: AdmissionStore, rules: Rules) -> None:
    await rules.forbid("dragon")
    for prompt, earlier in (("a Dragon!", ()), ("make it blue", ("a cat", "a DRAGON"))):
        asked = AdmissionRequest(a_job(prompt=prompt), earlier=earlier)
        denial = await admissions.admit(asked, owner=OWNER, lease=timedelta(minutes=5))
        assert denial == Denial(DenialReason.WORDS, note="dragon")
        assert not denial.is_lasting
    assert await ask(admissions, a_job(prompt="dragonflies")) is None
    assert await ask(admissions, a_job(prompt="a dragon", guild_id=GUILD + 1)) is None


async def test_what_the_word_list_refuses_is_counted_by_member_and_in_no_other_number(
    admissions: AdmissionStore, store: JobStore, rules: Rules, usage: UsageStore
) -> None:
    job = await waiting(admissions)
    await rules.forbid("lighthouse")
    for member in (MEMBER, MEMBER, 9):
        await admissions.count_word_refusal(a_job(user_id=member))
    assert isinstance(await store.start(job.id, OWNER, LATER), Denial)  # ends as cancelled, and is counted here too
    day = NOON.date()
    report, own = await usage.report(GUILD, day, day), await usage.report(GUILD, day, day, member=MEMBER)
    assert report.refusals
    assert (report.refusals.by_stage, report.total.jobs, report.total.refused) == ({RefusalStage.WORDS: 4}, 1, 0)
    assert own.refusals
    assert own.refusals.by_stage == {RefusalStage.WORDS: 3}


async def test_a_preview_knows_what_is_open_and_what_was_just_asked_for(
    admissions: AdmissionStore, rules: Rules
) -> None:
    await waiting(admissions)
    asked = AdmissionRequest(a_job(created_at=NOON + timedelta(seconds=1)))
    for allowance in (Allowance(at_once=1), Allowance(cooldown=60)):
        await rules.are(member=allowance)
        denial = await admissions.preview(asked)
        assert denial
        assert not denial.is_lasting
        assert denial == await admissions.admit(asked, owner=OWNER, lease=timedelta(minutes=5))


async def test_a_waiting_job_within_its_rules_starts_although_its_limits_are_used_up_by_itself(
    admissions: AdmissionStore, store: JobStore, rules: Rules
) -> None:
    job = await waiting(admissions)
    allowance = Allowance(videos_day=1, money_day=PRICE, at_once=1, cooldown=600)
    await rules.are(
        member=allowance,
        server=allowance,
        roles=frozenset({ROLE}),
        channels=frozenset({CHANNEL}),
        by_role={9: allowance},
    )
    assert await store.start(job.id, OWNER, LATER) is True


async def test_of_two_waiting_jobs_that_are_one_too_many_one_starts(
    admissions: AdmissionStore, store: JobStore, rules: Rules, counters: CounterStore
) -> None:
    asked = [await waiting(admissions) for _ in range(2)]
    await rules.are(member=Allowance(videos_day=1))
    verdicts = await asyncio.gather(*(store.start(job.id, OWNER, LATER) for job in asked))
    assert verdicts.count(True) == 1
    assert await counted(counters) == {(1, PRICE, 1)}


async def test_jobs_that_are_denied_and_jobs_that_end_at_once_do_not_wait_for_each_other_in_a_circle(
    admissions: AdmissionStore, store: JobStore, rules: Rules, counters: CounterStore
) -> None:
    waits, runs = [[await waiting(admissions) for _ in range(20)] for _ in range(2)]
    await asyncio.gather(*(store.start(job.id, OWNER, LATER) for job in runs))
    await rules.are(member=Allowance(videos_day=0))
    denied = [store.start(job.id, OWNER, LATER) for job in waits]
    ended = [settle(store, job.id, Outcome.TIMEOUT, LATER) for job in runs]
    verdicts = await asyncio.gather(*(each for pair in zip(denied, ended, strict=True) for each in pair))
    assert True not in verdicts[::2]
    assert await counted(counters) == {(0, 0, 0), (0, 20 * PRICE, 0)}


async def test_a_job_from_before_its_roles_and_channels_were_kept_passes_as_it_was_admitted(
    admissions: AdmissionStore, store: JobStore, database: Database, rules: Rules
) -> None:
    job = await waiting(admissions)
    async with database.write() as connection:
        await connection.execute(update(jobs).values(role_ids="", place_ids=""))
    narrow = {"roles": frozenset({78}), "channels": frozenset({201})}
    await rules.are(**narrow, member=Allowance(videos_day=0), by_role={ROLE: Allowance(videos_day=5)})
    assert await store.start(job.id, OWNER, LATER) is True


@pytest.mark.parametrize("marked", [True, False])
async def test_where_a_job_was_asked_for_is_kept_for_the_rule_about_age(
    admissions: AdmissionStore, store: JobStore, rules: Rules, marked: bool
) -> None:
    job = await waiting(admissions, age_restricted=marked)
    await rules.are(age_restricted=True)
    assert await store.start(job.id, OWNER, LATER) == (marked or Denial(DenialReason.AGE_RESTRICTED))


async def test_a_job_from_before_the_mark_was_kept_counts_as_asked_for_elsewhere(
    admissions: AdmissionStore, store: JobStore, database: Database, rules: Rules
) -> None:
    job = await waiting(admissions)
    row = {column.name: column for column in jobs.columns if column.name not in ("age_restricted", "id")}
    async with database.write() as connection:  # written down again as an older Kinora would
        copied = jobs.insert().from_select(["id", *row], select(literal("f" * 32), *row.values()))
        await connection.execute(copied)
    await rules.are(age_restricted=True, channels=frozenset({201}))
    async with database.write() as connection:
        await connection.execute(update(jobs).values(role_ids="", place_ids=""))
    assert await store.start(job.id, OWNER, LATER) == Denial(DenialReason.AGE_RESTRICTED)
    assert await store.start("f" * 32, OWNER, LATER) == Denial(DenialReason.AGE_RESTRICTED)


async def test_what_the_caller_knows_against_a_job_ends_it(
    admissions: AdmissionStore, store: JobStore, counters: CounterStore
) -> None:
    job, gone = await added(admissions), Denial(DenialReason.ABSENT)
    assert await store.start(job.id, OWNER, LATER, denial=gone) == gone
    assert await counted(counters) == {(0, 0, 0)}


@pytest.mark.parametrize("price", [PRICE // 2, 2 * PRICE])
async def test_a_price_that_has_changed_is_booked_in_place_of_the_old_one(
    admissions: AdmissionStore, store: JobStore, counters: CounterStore, price: int
) -> None:
    job = await waiting(admissions)
    assert [await store.start(job.id, OWNER, LATER, price=price) for _ in range(2)] == [True, True]
    row = await store.get(job.id, GUILD)
    assert row
    assert (row.state, row.cost) == (JobState.RUNNING, price)
    assert await counted(counters) == {(1, price, 1)}


async def test_a_price_that_has_risen_past_a_limit_ends_the_job(
    admissions: AdmissionStore, store: JobStore, counters: CounterStore, rules: Rules
) -> None:
    job = await waiting(admissions)
    await rules.are(server=Allowance(money_day=2 * PRICE))
    denial = await store.start(job.id, OWNER, LATER, price=2 * PRICE + 1)
    assert isinstance(denial, Denial)
    assert denial.reason is MONEY_DAY
    assert await counted(counters) == {(0, 0, 0)}
    assert await ask(admissions, a_job(cost=2 * PRICE)) is None


async def test_that_a_job_waits_again_changes_nothing_once_it_was_started_anew(
    admissions: AdmissionStore, store: JobStore
) -> None:
    job = await waiting(admissions)
    assert await store.start(job.id, OWNER, LATER) is True
    await store.unstart(job.id, OWNER, LATER - timedelta(seconds=1))
    assert (await store.get(job.id, GUILD) or job).state is JobState.RUNNING


async def test_a_job_that_did_not_leave_waits_again(admissions: AdmissionStore, store: JobStore) -> None:
    job = await waiting(admissions)
    assert await store.start(job.id, OWNER, LATER) is True
    await store.unstart(job.id, "another", LATER)
    assert (await store.get(job.id, GUILD) or job).state is JobState.RUNNING
    await store.unstart(job.id, OWNER, LATER)
    assert await store.get(job.id, GUILD) == job
    assert await store.start(job.id, OWNER, LATER) is True
