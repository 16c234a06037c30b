"""Watchers of a job see its state now, each change they are in time for, and its end."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.jobs.job import Job, new_record
from bot.models import (
    Exchange,
    Finished,
    JobRecord,
    JobState,
    JobUpdate,
    Outcome,
    Picture,
    Queued,
    VideoModel,
    VideoRequest,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DONE = Finished(Outcome.SUCCESS, 5.0, 100.0, "https://h/v.mp4")


def waiting_job() -> Job:
    model = VideoModel("m", "m")
    request = VideoRequest(1, 2, 3, 4, model, "a lighthouse", (Picture(Path("p.png"), "image/png", 10),))
    record = JobRecord("j", 1, 2, 3, 4, "m", "a lighthouse", JobState.QUEUED, 0, "p.png", "", NOW)
    return Job(record, request, Queued(3))


async def collect(job: Job, seen: list[JobUpdate], heartbeat: float = 60) -> None:
    async for update in job.updates(heartbeat):
        seen.append(update)


async def test_watcher_sees_the_state_now_each_change_and_ends_after_done() -> None:
    job, seen = waiting_job(), []
    async with asyncio.timeout(5), aclosing(job.updates(60)) as updates:
        async for update in updates:
            seen.append(update)
            if isinstance(update, Queued):
                job.set_state(Queued(update.place - 1) if update.place > 1 else DONE)
    assert seen == [Queued(3), Queued(2), Queued(1), DONE]


async def test_slow_watcher_skips_what_was_replaced_meanwhile() -> None:
    job = waiting_job()
    async with aclosing(job.updates(60)) as updates:
        assert await anext(updates) == Queued(3)
        job.set_state(Queued(2))
        job.set_state(Queued(1))
        job.set_state(DONE)
        assert [update async for update in updates] == [DONE]


async def test_watcher_that_comes_after_the_end_sees_only_the_end() -> None:
    job = waiting_job()
    job.set_state(DONE)
    assert [update async for update in job.updates(60)] == [DONE]


async def test_state_is_repeated_while_nothing_changes() -> None:
    job = waiting_job()
    async with asyncio.timeout(5), aclosing(job.updates(0.01)) as updates:
        assert [await anext(updates) for _ in range(3)] == [Queued(3)] * 3


async def test_several_watchers_all_see_the_end() -> None:
    job = waiting_job()
    seen: list[list[JobUpdate]] = [[] for _ in range(20)]
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        for each in seen:
            group.create_task(collect(job, each))
        await asyncio.sleep(0)
        job.set_state(DONE)
    assert seen == [[Queued(3), DONE]] * 20


async def test_watcher_that_goes_away_changes_nothing_for_the_others() -> None:
    job, seen = waiting_job(), []
    leaver = asyncio.create_task(collect(job, []))
    stayer = asyncio.create_task(collect(job, seen))
    await asyncio.sleep(0)
    leaver.cancel()
    await asyncio.wait([leaver])
    job.set_state(DONE)
    await asyncio.wait_for(stayer, 5)
    assert seen[-1] == DONE


async def test_watcher_cancelled_in_the_moment_of_a_change_goes_away() -> None:
    job = waiting_job()
    watcher = asyncio.create_task(collect(job, []))
    for _ in range(3):
        await asyncio.sleep(0)
    job.set_state(Queued(2))
    watcher.cancel()
    await asyncio.wait([watcher], timeout=1)
    assert watcher.cancelled()


async def test_first_reason_to_stop_is_kept() -> None:
    job = waiting_job()
    job.request_stop(Outcome.CANCELLED)
    job.request_stop(Outcome.INTERRUPTED)
    assert job.stop_outcome is Outcome.CANCELLED


def test_all_pictures_of_a_request_are_written_down_in_order() -> None:
    pictures = [Picture(Path(f"/store/{name}.png"), "image/png", 1, link) for name, link in PICTURES]
    request = VideoRequest(1, 2, 3, 4, VideoModel("m", "m"), "x", tuple(pictures), spoiler=True)
    record = new_record(replace(request, parent="p"), NOW)
    assert record.pictures == (("a.png", "https://h/a?x=1"), ("b.png", ""), ("c.png", "https://h/c%20d"))
    assert (record.parent, record.spoiler) == ("p", True)


PICTURES = (("a", "https://h/a?x=1"), ("b", ""), ("c", "https://h/c d"))


def test_a_job_whose_pictures_were_erased_has_none() -> None:
    record = waiting_job().record
    assert record.pictures == (("p.png", ""),)
    assert replace(record, picture="").pictures == ()


def test_what_a_service_may_repeat_holds_the_former_turns_and_the_links() -> None:
    request = waiting_job().request
    assert request
    more = (*request.pictures, Picture(Path("q.png"), "image/png", 1, "https://h/q.png"))
    told = replace(request, prompt="at night", history=(Exchange("a fox", "https://v/1.mp4"),), pictures=more)
    assert told.echoable_text.split("\n") == ["a fox", "https://v/1.mp4", "at night", "https://h/q.png"]
    assert request.echoable_text == "a lighthouse"
