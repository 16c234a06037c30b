"""Jobs are written down whole, started once and settled once, whoever else tries."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from bot.errors import StorageError
from bot.models import Delivery, JobState, Outcome
from bot.policy.charges import charge_for
from bot.providers.base import TokenUsage
from bot.storage import AdmissionStore, Database, JobStore, UsageStore
from bot.storage.engine.tables import jobs
from tests.storage.records import LEASE, NOON, OWNER, added, ask, open_jobs, settle

LATER = NOON + timedelta(seconds=90)


async def test_job_is_read_as_it_was_written_down(admissions: AdmissionStore, store: JobStore) -> None:
    job = await added(admissions, prompt="ü 🎬\nnew line", guild_id=2**62, cost=2**40)
    assert await store.get(job.id, job.guild_id) == job


async def test_nul_and_halves_of_characters_are_taken_out_of_all_that_is_written_down(
    admissions: AdmissionStore, store: JobStore
) -> None:
    odd, clean = "a\0b\ud83d🎬", "ab?🎬"
    job = await added(admissions, prompt=odd, picture_link=f"https://cdn.example/{odd}")
    assert await settle(store, job.id, Outcome.SUCCESS, LATER, video_url=f"https://video.example/{odd}")
    found = await store.get(job.id, job.guild_id)
    assert found
    assert (found.prompt, found.picture_link) == (clean, f"https://cdn.example/{clean}")
    assert found.video_url == f"https://video.example/{clean}"


async def test_unknown_job_is_none(store: JobStore) -> None:
    assert await store.get("nothing", 100) is None


async def test_job_of_another_server_is_none(admissions: AdmissionStore, store: JobStore) -> None:
    job = await added(admissions)
    assert await store.get(job.id, job.guild_id + 1) is None


async def test_same_job_cannot_be_written_down_twice(
    admissions: AdmissionStore, store: JobStore, usage: UsageStore
) -> None:
    job = await added(admissions)
    with pytest.raises(StorageError):
        await ask(admissions, job)
    assert (await usage.report(job.guild_id, NOON.date(), NOON.date())).open == 1


async def test_owner_and_lease_stand_beside_a_job_until_its_end_was_shown(
    admissions: AdmissionStore, store: JobStore, database: Database
) -> None:
    job = await added(admissions)
    columns = select(jobs.c.owner, jobs.c.lease_until).where(jobs.c.id == job.id)
    async with database.read() as connection:
        assert tuple((await connection.execute(columns)).one()) == (OWNER, NOON + LEASE)
    await settle(store, job.id, Outcome.SUCCESS, LATER)
    async with database.read() as connection:
        assert (await connection.execute(columns)).one().lease_until == NOON + LEASE
    await store.deliver(job.id, Delivery.REPLY)
    async with database.read() as connection:
        assert (await connection.execute(columns)).one().lease_until is None


async def test_pictures_are_needed_by_the_jobs_that_wait_or_run(admissions: AdmissionStore, store: JobStore) -> None:
    await added(admissions, picture="waits.png")
    runs = await added(admissions, picture="a.png b.png")
    ended = await added(admissions, picture="ended.png")
    await store.start(runs.id, OWNER, LATER)
    await settle(store, ended.id, Outcome.SUCCESS, LATER)
    assert await store.pictures_needed() == {"waits.png", "a.png", "b.png"}


async def test_video_kept_as_a_file_is_needed_until_it_is_shown(admissions: AdmissionStore, store: JobStore) -> None:
    job = await added(admissions, picture="a.png")
    await settle(store, job.id, Outcome.SUCCESS, LATER, video_url="kept:1.mp4")
    assert await store.pictures_needed() == {"1.mp4"}
    await store.deliver(job.id, Delivery.KEPT)
    assert await store.pictures_needed() == {"1.mp4"}
    await store.deliver(job.id, Delivery.REPLY)
    assert await store.pictures_needed() == frozenset()


async def test_start_marks_the_job_as_running(admissions: AdmissionStore, store: JobStore) -> None:
    job = await added(admissions)
    assert await store.start(job.id, OWNER, LATER)
    assert await store.get(job.id, job.guild_id) == replace(job, state=JobState.RUNNING, started_at=LATER)


async def test_start_happens_once_among_many(admissions: AdmissionStore, store: JobStore) -> None:
    job = await added(admissions)
    moments = [LATER + timedelta(microseconds=place) for place in range(50)]
    started = await asyncio.gather(*(store.start(job.id, OWNER, moment) for moment in moments))
    assert started.count(True) == 1


async def test_start_whose_answer_was_lost_may_be_said_again(admissions: AdmissionStore, store: JobStore) -> None:
    job = await added(admissions)
    assert [await store.start(job.id, OWNER, LATER) for _ in range(2)] == [True, True]


async def test_job_that_another_process_looks_after_does_not_start(admissions: AdmissionStore, store: JobStore) -> None:
    job = await added(admissions)
    later = NOON + 2 * LEASE
    assert await store.claim("another", later, later + LEASE)
    assert not await store.start(job.id, OWNER, later)
    assert await store.start(job.id, "another", later)


async def test_settled_or_unknown_job_does_not_start(admissions: AdmissionStore, store: JobStore) -> None:
    job = await added(admissions)
    await settle(store, job.id, Outcome.CANCELLED, LATER)
    assert not await store.start(job.id, OWNER, LATER)
    assert not await store.start("nothing", OWNER, LATER)


async def test_success_keeps_price_link_and_percentage(admissions: AdmissionStore, store: JobStore) -> None:
    job = await added(admissions)
    await store.start(job.id, OWNER, NOON)
    assert await settle(store, job.id, Outcome.SUCCESS, LATER, percent=99.5, video_url="https://h/v.mp4")
    settled = await store.get(job.id, job.guild_id)
    assert settled == replace(
        job, state=JobState.DONE, outcome=Outcome.SUCCESS, percent=99.5, video_url="https://h/v.mp4",
        started_at=NOON, finished_at=LATER,
    )  # fmt: skip


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.SUCCESS])
async def test_all_other_endings_give_the_price_back_of_what_was_never_sent(
    admissions: AdmissionStore, store: JobStore, usage: UsageStore, outcome: Outcome
) -> None:
    job = await added(admissions)
    assert await settle(store, job.id, outcome, LATER, sent=False)
    settled = await store.get(job.id, job.guild_id)
    assert settled
    assert (settled.state, settled.outcome, settled.cost) == (JobState.DONE, outcome, 0)
    totals = await usage.report(job.guild_id, NOON.date(), NOON.date())
    assert (totals.by_outcome, totals.total.cost, totals.open) == ({outcome: 1}, 0, 0)


async def test_settle_happens_once_among_many(admissions: AdmissionStore, store: JobStore, usage: UsageStore) -> None:
    job = await added(admissions)
    possible = [outcome for outcome in Outcome if outcome is not Outcome.INTERRUPTED]  # which a success may follow
    outcomes = [possible[n % len(possible)] for n in range(50)]
    moments = [LATER + timedelta(microseconds=place) for place in range(50)]
    endings = zip(outcomes, moments, strict=True)
    settled = await asyncio.gather(*(settle(store, job.id, outcome, moment) for outcome, moment in endings))
    assert settled.count(True) == 1
    counted = outcomes[settled.index(True)]
    totals = await usage.report(job.guild_id, NOON.date(), NOON.date())
    assert totals.by_outcome == {counted: 1}
    booked = charge_for(counted, sent=True, refusals_cost=False).booking(job.cost)
    assert (totals.open, totals.total.cost + totals.total.unconfirmed) == (0, booked.cost)


async def test_second_ending_changes_nothing(admissions: AdmissionStore, store: JobStore) -> None:
    job = await added(admissions)
    await settle(store, job.id, Outcome.CANCELLED, NOON)
    before = await store.get(job.id, job.guild_id)
    assert not await settle(store, job.id, Outcome.SUCCESS, LATER, percent=100, video_url="https://h/v.mp4")
    assert await store.get(job.id, job.guild_id) == before


async def test_unknown_job_is_not_settled(store: JobStore) -> None:
    assert not await settle(store, "nothing", Outcome.SUCCESS, NOON)


@pytest.mark.parametrize(("said", "kept"), [(0, 0), (1234, 1234), (10**30, 2**31 - 1)])
async def test_token_counts_are_kept_and_never_stand_in_the_way(
    admissions: AdmissionStore, store: JobStore, database: Database, said: int, kept: int
) -> None:
    job = await added(admissions)
    assert await settle(store, job.id, Outcome.SUCCESS, LATER, usage=TokenUsage(said, said))
    columns = select(jobs.c.prompt_tokens, jobs.c.completion_tokens).where(jobs.c.id == job.id)
    async with database.read() as connection:
        assert tuple((await connection.execute(columns)).one()) == (kept, kept)


async def test_usage_day_is_the_utc_day_of_the_request(
    admissions: AdmissionStore, store: JobStore, usage: UsageStore
) -> None:
    # Half past midnight in a zone nine hours ahead: in UTC it is still the day before.
    tokyo = datetime(2026, 3, 2, 0, 30, tzinfo=timezone(timedelta(hours=9)))
    job = await added(admissions, created_at=tokyo)
    await settle(store, job.id, Outcome.SUCCESS, tokyo + timedelta(days=3))
    assert (await usage.report(job.guild_id, date(2026, 3, 1), date(2026, 3, 1))).by_outcome == {Outcome.SUCCESS: 1}
    later = await usage.report(job.guild_id, date(2026, 3, 2), date(2026, 3, 9))
    assert (later.total.jobs, later.total.cost) == (0, 0)


async def test_times_come_back_as_aware_utc(admissions: AdmissionStore, store: JobStore) -> None:
    zone = timezone(timedelta(hours=-5))
    job = await added(admissions, created_at=NOON.astimezone(zone))
    found = await store.get(job.id, job.guild_id)
    assert found
    assert (found.created_at, found.created_at.tzinfo) == (NOON, UTC)


async def test_time_without_a_zone_is_refused(admissions: AdmissionStore, store: JobStore) -> None:
    with pytest.raises(StorageError):
        await added(admissions, created_at=NOON.replace(tzinfo=None))
    assert await open_jobs(store) == []


async def test_open_jobs_are_those_without_an_end_the_oldest_first(admissions: AdmissionStore, store: JobStore) -> None:
    third = await added(admissions, created_at=NOON + timedelta(minutes=3))
    first = await added(admissions, created_at=NOON)
    ended = await added(admissions, created_at=NOON)
    second = await added(admissions, created_at=NOON + timedelta(minutes=2))
    await store.start(second.id, OWNER, LATER)
    await settle(store, ended.id, Outcome.CANCELLED, LATER)
    assert [job.id for job in await open_jobs(store)] == [first.id, second.id, third.id]


async def test_typical_time_is_the_median_of_the_latest_successes(admissions: AdmissionStore, store: JobStore) -> None:
    assert await store.typical_seconds("sora_video2") is None
    for number in range(25):  # the four oldest, which took an hour, no longer count
        seconds = 3600 if number < 4 else 60 + number
        await finish(admissions, store, NOON + timedelta(days=number), seconds)
    await finish(admissions, store, NOON, 5, model="another")
    await finish(admissions, store, NOON + timedelta(days=30), 5, outcome=Outcome.PROVIDER_ERROR)
    assert await store.typical_seconds("sora_video2") == 60 + 14


async def finish(
    admissions: AdmissionStore,
    store: JobStore,
    start: datetime,
    seconds: float,
    *,
    outcome: Outcome = Outcome.SUCCESS,
    **changes: object,
) -> None:
    job = await added(admissions, created_at=start - timedelta(seconds=9), **changes)
    await store.start(job.id, OWNER, start)
    await settle(store, job.id, outcome, start + timedelta(seconds=seconds))


async def test_a_live_owners_jobs_are_not_claimed_and_a_silent_ones_are(
    admissions: AdmissionStore, store: JobStore
) -> None:
    job = await added(admissions)
    within, after = NOON + LEASE / 2, NOON + LEASE
    assert await store.claim("new", within, within + LEASE) == []
    await store.renew(OWNER, after + LEASE)
    assert await store.claim("new", after, after + LEASE) == []
    late = after + LEASE
    assert [found.id for found in await store.claim("new", late, late + LEASE)] == [job.id]
    assert await store.claim("third", late, late + LEASE) == []


async def test_each_abandoned_job_goes_to_one_of_many_claimants(admissions: AdmissionStore, store: JobStore) -> None:
    jobs_left = {(await added(admissions)).id for _ in range(20)}
    late = NOON + 2 * LEASE
    claims = await asyncio.gather(*(store.claim(f"p{number}", late, late + LEASE) for number in range(8)))
    claimed = [job.id for claim in claims for job in claim]
    assert sorted(claimed) == sorted(jobs_left)


async def to_cancel(store: JobStore, owner: str) -> list[str]:
    return await store.renew(owner, NOON + LEASE)


async def test_wish_to_cancel_waits_for_whoever_looks_after_the_job(
    admissions: AdmissionStore, store: JobStore
) -> None:
    job, _ = await added(admissions), await added(admissions)
    assert await to_cancel(store, OWNER) == []
    assert await store.ask_to_cancel(job.id, job.guild_id, NOON)
    assert (await to_cancel(store, OWNER), await to_cancel(store, "another")) == ([job.id], [])
    late = NOON + 2 * LEASE
    claimed = {found.id: found.cancel_asked_at for found in await store.claim("new", late, late + LEASE)}
    assert [asked for asked in claimed.values() if asked] == [claimed[job.id]] == [NOON]
    assert (await to_cancel(store, OWNER), await to_cancel(store, "new")) == ([], [job.id])


async def test_wish_to_cancel_comes_too_late_for_an_ended_job(admissions: AdmissionStore, store: JobStore) -> None:
    job, wished = await added(admissions), await added(admissions)
    await store.ask_to_cancel(wished.id, wished.guild_id, NOON)
    for ended in (job, wished):
        await settle(store, ended.id, Outcome.SUCCESS, LATER)
    assert not await store.ask_to_cancel(job.id, job.guild_id, NOON)
    assert await to_cancel(store, OWNER) == []


async def test_job_of_another_server_cannot_be_cancelled(admissions: AdmissionStore, store: JobStore) -> None:
    job = await added(admissions)
    assert not await store.ask_to_cancel(job.id, job.guild_id + 1, NOON)
    assert await to_cancel(store, OWNER) == []


async def test_an_ended_job_is_claimed_until_its_end_was_shown(admissions: AdmissionStore, store: JobStore) -> None:
    job = await added(admissions)
    await settle(store, job.id, Outcome.SUCCESS, LATER, video_url="https://h/v.mp4")
    late = NOON + 2 * LEASE
    (found,) = await store.claim("new", late, late)
    assert (found.outcome, found.video_url) == (Outcome.SUCCESS, "https://h/v.mp4")
    await store.deliver(job.id, Delivery.REPLY)
    assert await store.claim("third", late, late) == []


async def test_kept_videos_are_found_by_their_member_and_server_alone(
    admissions: AdmissionStore, store: JobStore
) -> None:
    job = await added(admissions)
    await settle(store, job.id, Outcome.SUCCESS, LATER)
    await store.deliver(job.id, Delivery.KEPT)
    assert [kept.id for kept in await store.kept(job.guild_id, job.user_id)] == [job.id]
    assert await store.kept(job.guild_id + 1, job.user_id) == await store.kept(job.guild_id, job.user_id + 1) == []
    await store.deliver(job.id, Delivery.REPLY)
    assert await store.kept(job.guild_id, job.user_id) == []


async def test_a_job_that_starts_is_looked_after_anew_however_late_it_was_written_down(
    admissions: AdmissionStore, store: JobStore
) -> None:
    job = await added(admissions)
    start = NOON + 10 * LEASE
    assert await store.start(job.id, OWNER, start, until=start + LEASE)
    assert await store.claim("another", start, start + LEASE) == []
