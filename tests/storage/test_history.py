"""Pages, exports and erasures keep to their server and member, and what is erased still counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.models import Delivery, JobRecord, Outcome
from bot.storage import AdmissionStore, CounterStore, HistoryStore, JobStore, UsageStore
from bot.storage import history as module
from tests.storage.records import NOON, added, settle

GUILD, MEMBER = 100, 400
TODAY = NOON.date()


def place(job: JobRecord) -> tuple[object, str]:
    return job.created_at, job.id


async def test_pages_lead_through_all_jobs_and_back(admissions: AdmissionStore, history: HistoryStore) -> None:
    # Some of one moment: their order is that of their ids, and none is shown twice or left out.
    jobs = [await added(admissions, created_at=NOON + timedelta(seconds=n // 3)) for n in range(11)]
    expected = sorted(jobs, key=place, reverse=True)
    seen, pages = [], []
    page = await history.page(GUILD, count=4)
    assert not page.has_newer
    while True:
        seen += page.jobs
        pages.append(page.jobs)
        if not page.has_older:
            break
        page = await history.page(GUILD, count=4, older_than=place(page.jobs[-1]))  # type: ignore[arg-type]
        assert page.has_newer
    assert seen == expected
    back = await history.page(GUILD, count=4, newer_than=place(pages[2][0]))  # type: ignore[arg-type]
    assert (back.jobs, back.has_older, back.has_newer) == (pages[1], True, True)
    first = await history.page(GUILD, count=4, newer_than=place(pages[1][0]))  # type: ignore[arg-type]
    assert (first.jobs, first.has_newer) == (pages[0], False)


async def test_a_page_keeps_to_server_member_and_outcome(
    admissions: AdmissionStore, store: JobStore, history: HistoryStore
) -> None:
    mine = await added(admissions)
    await settle(store, mine.id, Outcome.TIMEOUT, NOON)
    await added(admissions, user_id=5)
    await added(admissions, guild_id=1)
    assert len((await history.page(GUILD)).jobs) == 2
    assert [job.id for job in (await history.page(GUILD, member=MEMBER)).jobs] == [mine.id]
    assert [job.id for job in (await history.page(GUILD, outcome=Outcome.TIMEOUT)).jobs] == [mine.id]
    assert (await history.page(GUILD, member=5, outcome=Outcome.TIMEOUT)).jobs == ()


async def test_an_export_holds_each_job_of_its_days_once_the_oldest_first(
    admissions: AdmissionStore, history: HistoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 4)
    jobs = [await added(admissions, created_at=NOON + timedelta(hours=n // 2)) for n in range(30)]
    await added(admissions, guild_id=1)
    await added(admissions, created_at=NOON - timedelta(hours=13))
    chunks = [chunk async for chunk in history.export(GUILD, TODAY, TODAY)]
    expected = [job for job in sorted(jobs, key=place) if job.created_at.date() == TODAY]
    assert [job for chunk in chunks for job in chunk] == expected
    assert max(map(len, chunks)) == 4


async def test_an_empty_export_has_no_chunk(history: HistoryStore) -> None:
    assert [chunk async for chunk in history.export(GUILD, TODAY, TODAY)] == []


async def shown(admissions: AdmissionStore, store: JobStore, **changes: object) -> JobRecord:
    job = await added(admissions, **changes)
    await settle(store, job.id, Outcome.SUCCESS, NOON, video_url="https://h/v.mp4")
    await store.deliver(job.id, Delivery.REPLY)
    return job


async def test_erasing_a_member_names_the_file_of_a_video_that_came_inside_the_reply(
    admissions: AdmissionStore, store: JobStore, history: HistoryStore
) -> None:
    job = await added(admissions)
    await settle(store, job.id, Outcome.SUCCESS, NOON, video_url="kept:1.mp4")
    await store.deliver(job.id, Delivery.REPLY)
    assert (await history.erase_member(GUILD, MEMBER)).pictures == ("p.jpg", "1.mp4")


async def test_erasing_a_member_takes_the_words_and_leaves_the_counts(
    admissions: AdmissionStore, store: JobStore, history: HistoryStore, usage: UsageStore, counters: CounterStore
) -> None:
    mine, others = await shown(admissions, store), await shown(admissions, store, user_id=5)
    elsewhere = await shown(admissions, store, guild_id=1)
    before = (await usage.report(GUILD, TODAY, TODAY), await counters.used(GUILD, MEMBER, NOON))
    erased = await history.erase_member(GUILD, MEMBER)
    assert (erased.jobs, erased.pictures) == (1, ("p.jpg",))
    gone = await store.get(mine.id, GUILD)
    assert gone
    assert (gone.prompt, gone.picture, gone.picture_link, gone.video_url) == ("", "", "", None)
    assert (gone.user_id, gone.cost, gone.outcome) == (MEMBER, 200_000, Outcome.SUCCESS)
    for job, guild in ((others, GUILD), (elsewhere, 1)):
        kept = await store.get(job.id, guild)
        assert kept
        assert kept.prompt == "a lighthouse at dusk"
    assert (await usage.report(GUILD, TODAY, TODAY), await counters.used(GUILD, MEMBER, NOON)) == before
    assert (await history.erase_member(GUILD, MEMBER)).jobs == 0


async def test_erasing_names_each_of_several_pictures(
    admissions: AdmissionStore, store: JobStore, history: HistoryStore
) -> None:
    await shown(admissions, store, picture="a.jpg b.png", picture_link="https://h/a https://h/b")
    assert (await history.erase_member(GUILD, MEMBER)).pictures == ("a.jpg", "b.png")


async def test_what_is_open_or_was_not_shown_yet_keeps_its_words(
    admissions: AdmissionStore, store: JobStore, history: HistoryStore
) -> None:
    waiting, unshown, kept = [await added(admissions) for _ in range(3)]
    await settle(store, unshown.id, Outcome.SUCCESS, NOON)
    await settle(store, kept.id, Outcome.SUCCESS, NOON, video_url="https://h/v.mp4")
    await store.deliver(kept.id, Delivery.KEPT)
    assert (await history.erase_member(GUILD, MEMBER)).jobs == 0
    for job in (waiting, unshown, kept):
        found = await store.get(job.id, GUILD)
        assert found
        assert found.prompt


async def test_past_the_retention_a_kept_video_loses_its_prompt_and_keeps_its_link(
    admissions: AdmissionStore, store: JobStore, history: HistoryStore
) -> None:
    waiting, kept = [await added(admissions) for _ in range(2)]
    await settle(store, kept.id, Outcome.SUCCESS, NOON, video_url="https://h/v.mp4")
    await store.deliver(kept.id, Delivery.KEPT)
    assert await history.purge_before(GUILD, NOON + timedelta(days=1)) == 1
    found = await store.get(kept.id, GUILD)
    assert found
    assert (found.prompt, found.video_url) == ("", "https://h/v.mp4")
    still = await store.get(waiting.id, GUILD)
    assert still
    assert still.prompt


async def test_old_words_are_erased_in_chunks_in_one_server(
    admissions: AdmissionStore, store: JobStore, history: HistoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    for days in range(5):
        await shown(admissions, store, created_at=NOON - timedelta(days=days))
    await shown(admissions, store, guild_id=1, created_at=NOON - timedelta(days=9))
    assert sorted(await history.guilds_with_prompts()) == [1, GUILD]
    cutoff = NOON - timedelta(days=1)
    assert [await history.purge_before(GUILD, cutoff) for _ in range(3)] == [2, 1, 0]
    prompts = [job.prompt for job in (await history.page(GUILD)).jobs]
    assert [bool(prompt) for prompt in prompts] == [True, True, False, False, False]
    assert sorted(await history.guilds_with_prompts()) == [1, GUILD]


async def test_a_job_is_found_by_the_message_that_shows_it(admissions: AdmissionStore, store: JobStore) -> None:
    job = await added(admissions, message_id=77)
    assert await store.by_message(GUILD, 77) == job
    assert await store.by_message(1, 77) is None
    await settle(store, job.id, Outcome.SUCCESS, NOON)
    await store.deliver(job.id, Delivery.MESSAGE, 88)
    found = await store.by_message(GUILD, 88)
    assert found
    assert found.id == job.id
    assert await store.by_message(GUILD, 77) is None
