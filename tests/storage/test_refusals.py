"""Who was refused, how often and at which stage, is counted once for each request, by the day it was asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.models import Outcome
from bot.reports.refusal_report import RefusalStage
from bot.storage import AdmissionStore, JobStore, UsageStore
from tests.storage.records import NOON, a_job, added, settle

GUILD, TODAY = 100, NOON.date()
YESTERDAY = TODAY - timedelta(days=1)
STAGES = {stage.value: stage for stage in RefusalStage}


@pytest.mark.parametrize("outcome", Outcome)
async def test_each_refusal_of_the_service_counts_once_and_no_other_end_does(
    admissions: AdmissionStore, store: JobStore, usage: UsageStore, outcome: Outcome
) -> None:
    job = await added(admissions, user_id=7)
    for _ in range(2):
        await settle(store, job.id, outcome, NOON)
    report = await usage.refusals(GUILD, TODAY, TODAY, 5)
    expected = {STAGES[outcome.value]: 1} if outcome.is_refusal else {}
    assert report.by_stage == expected
    assert report.members == (((7, expected),) if expected else ())


async def test_those_who_were_refused_most_come_first_with_each_stage_and_how_many_there_were(
    admissions: AdmissionStore, store: JobStore, usage: UsageStore
) -> None:
    for member, outcome in (
        (1, Outcome.MODERATION_IMAGE),
        (2, Outcome.MODERATION_PROMPT),
        (2, Outcome.MODERATION_PROMPT),
        (2, Outcome.MODERATION_RESULT),
        (3, Outcome.MODERATION_UNKNOWN),
    ):
        await settle(store, (await added(admissions, user_id=member)).id, outcome, NOON)
    for _ in range(4):
        await admissions.count_word_refusal(a_job(user_id=3))
    report = await usage.refusals(GUILD, TODAY, TODAY, 2)
    assert report.members == (
        (3, {RefusalStage.UNKNOWN: 1, RefusalStage.WORDS: 4}),
        (2, {RefusalStage.PROMPT: 2, RefusalStage.RESULT: 1}),
    )
    assert report.member_count == 3
    assert sum(report.by_stage.values()) == 9


async def test_days_and_servers_are_kept_apart(admissions: AdmissionStore, store: JobStore, usage: UsageStore) -> None:
    job = await added(admissions, user_id=7, created_at=NOON - timedelta(hours=12, seconds=1))
    await settle(store, job.id, Outcome.MODERATION_PROMPT, NOON)
    counts = {RefusalStage.PROMPT: 1}
    for since, until, found in ((YESTERDAY, YESTERDAY, counts), (YESTERDAY, TODAY, counts), (TODAY, TODAY, {})):
        assert (await usage.refusals(GUILD, since, until, 5)).by_stage == found
    assert (await usage.refusals(GUILD + 1, YESTERDAY, TODAY, 5)).by_stage == {}


async def test_a_channel_is_not_known_of_and_a_member_has_their_own(
    admissions: AdmissionStore, usage: UsageStore
) -> None:
    for member in (7, 7, 8):
        await admissions.count_word_refusal(a_job(user_id=member))
    assert (await usage.report(GUILD, TODAY, TODAY, channel=200)).refusals is None
    own = (await usage.report(GUILD, TODAY, TODAY, member=7)).refusals
    assert own
    assert own.by_stage == {RefusalStage.WORDS: 2}
