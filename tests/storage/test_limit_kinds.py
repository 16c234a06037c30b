"""A limit kind that only the table knows is stored, counted and enforced like those of old, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.models import Outcome
from bot.policy import limit_kinds
from bot.policy.admission import Denial, DenialScope
from bot.policy.limit_kinds import MONTH
from bot.policy.policy import Allowance, PolicyChange
from bot.storage import AdmissionStore, CounterStore, GuildStore, JobStore
from tests.policy.videos_week import VIDEOS_WEEK, WEEK, WITH_VIDEOS_WEEK
from tests.storage.records import a_job, added, ask, settle

GUILD, MEMBER, MANAGER = 100, 400, 9
FRIDAY = datetime(2027, 1, 1, 12, tzinfo=UTC)  # in a week that began in the month, and the year, before
MONDAY = datetime(2027, 1, 4, tzinfo=UTC)
DENIED = Denial(VIDEOS_WEEK, DenialScope.MEMBER, 2, MONDAY)


@pytest.fixture(autouse=True)
async def two_a_week(guilds: GuildStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more kind, in the table alone, and a limit of it for each member."""
    monkeypatch.setattr(limit_kinds, "KINDS", WITH_VIDEOS_WEEK)
    await guilds.change(
        GUILD, MANAGER, FRIDAY, lambda policy: replace(policy, member=Allowance(videos_week=2, videos_day=9))
    )


async def test_it_is_stored_and_its_change_recorded(guilds: GuildStore) -> None:
    assert (await guilds.policy(GUILD)).member == Allowance(videos_week=2, videos_day=9)
    assert PolicyChange(FRIDAY, MANAGER, "member.videos_week", "null", "2") in await guilds.changes(GUILD)


async def test_the_one_too_many_is_denied_until_the_week_ends(admissions: AdmissionStore) -> None:
    days = [FRIDAY - timedelta(days=1), FRIDAY, FRIDAY + timedelta(days=2), MONDAY - timedelta(seconds=1), MONDAY]
    assert [await ask(admissions, a_job(created_at=day)) for day in days] == [None, None, DENIED, DENIED, None]


async def test_it_holds_for_what_is_asked_at_the_same_moment_over_the_turn_of_the_week(
    admissions: AdmissionStore,
) -> None:
    moments = [MONDAY - timedelta(seconds=1)] * 3 + [MONDAY] * 3
    verdicts = await asyncio.gather(*(ask(admissions, a_job(created_at=moment)) for moment in moments))
    before, after = verdicts[:3], verdicts[3:]
    next_week = replace(DENIED, retry_at=MONDAY + timedelta(days=7))
    assert (before.count(None), before.count(DENIED)) == (2, 1)
    assert (after.count(None), after.count(next_week)) == (2, 1)


async def test_what_became_no_video_is_given_back_to_the_week_it_was_asked_in(
    admissions: AdmissionStore, store: JobStore, counters: CounterStore
) -> None:
    job = await added(admissions, created_at=FRIDAY)
    await added(admissions, created_at=FRIDAY)
    assert await ask(admissions, a_job(created_at=FRIDAY)) == DENIED
    await settle(store, job.id, Outcome.CANCELLED, MONDAY + timedelta(hours=1), sent=False)
    assert await ask(admissions, a_job(created_at=FRIDAY)) is None
    used = await counters.used(GUILD, MEMBER, FRIDAY)
    assert (used[WEEK].videos, used[WEEK].cost, used[MONTH].videos) == (2, 400_000, 2)


async def test_its_counters_are_deleted_when_its_window_is_over_for_long(
    admissions: AdmissionStore, counters: CounterStore
) -> None:
    await added(admissions, created_at=FRIDAY)
    for days, videos in ((79, 1), (90, 0)):
        await counters.prune(FRIDAY + timedelta(days=days))
        assert (await counters.used(GUILD, MEMBER, FRIDAY))[WEEK].videos == videos
    assert (await counters.used(GUILD, MEMBER, FRIDAY))[MONTH].videos == 1
