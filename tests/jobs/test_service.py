"""Jobs run in turn, are written down before anything is paid, and end exactly once, whoever watches or stops them."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import ShuttingDown, StorageError
from bot.jobs import service as service_module
from bot.jobs.job import Job
from bot.jobs.lease import LEASE, RENEWAL
from bot.models import (
    Delivery,
    Finished,
    HandedOff,
    JobRecord,
    JobState,
    Outcome,
    Queued,
    Running,
    VideoModel,
)
from bot.policy.admission import Denial, DenialReason, Denied
from bot.policy.limit_kinds import DAY
from bot.providers.base import Failure, FinishedVideo, Progress, ProviderEvent, Refusal
from bot.storage import CounterStore, JobStore
from bot.storage.engine.tables import jobs
from cogs.video.recovery import INTERVAL
from tests.jobs.world import (
    GUILD,
    NOON,
    VIDEO,
    Make,
    World,
    booked,
    end,
    running,
    successor,
)
from tests.storage.records import open_jobs


async def test_a_video_that_came_inside_the_reply_is_stored_and_shown_under_the_link_it_is_kept_by(make: Make) -> None:
    async def keep(video: FinishedVideo) -> str:
        return "kept:1.mp4" if video.urls[0].startswith("data:") else video.urls[0]

    world = make(keep_video=keep)
    world.service.answers = [[FinishedVideo(("data:video/mp4;base64,AAAA",))]]
    world.service.gate.set()
    job = await world.submit()
    assert (await end(job)).video_url == "kept:1.mp4"
    assert (await world.row(job)).video_url == "kept:1.mp4"


async def test_job_runs_to_its_video(make: Make) -> None:
    world = make()
    world.service.answers = [[Progress(10), Progress(90), Progress(40), VIDEO]]
    job = await world.submit()
    await running(job)
    world.clock.now += timedelta(seconds=90)
    world.service.gate.set()
    assert await end(job) == Finished(Outcome.SUCCESS, 90.0, 90, "https://h/v.mp4", cost=5, sent=True)
    row = await world.row(job)
    assert (row.state, row.outcome, row.percent, row.video_url) == (
        JobState.DONE,
        Outcome.SUCCESS,
        90,
        "https://h/v.mp4",
    )
    assert (row.cost, row.started_at, row.finished_at) == (5, NOON, NOON + timedelta(seconds=90))
    assert world.jobs.find(job.id) is None


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [
        (Refusal(Outcome.MODERATION_IMAGE), Outcome.MODERATION_IMAGE),
        (Failure(Outcome.QUOTA, "no credit"), Outcome.QUOTA),
    ],
)
async def test_refusals_and_faults_end_the_job_and_cost_nothing(
    make: Make, ending: ProviderEvent, outcome: Outcome
) -> None:
    world = make()
    world.service.gate.set()
    world.service.answers = [[ending]]
    job = await world.submit()
    assert (await end(job)).outcome is outcome
    assert (await world.row(job)).cost == 0


async def test_service_that_says_nothing_is_a_bad_stream(make: Make) -> None:
    world = make()
    world.service.gate.set()
    world.service.answers = [[Progress(50)]]
    assert (await end(await world.submit())).outcome is Outcome.BAD_STREAM


async def test_job_is_written_down_as_running_before_the_service_is_asked(make: Make) -> None:
    world = make()
    job = await world.submit()
    await asyncio.wait_for(world.service.arrived.wait(), 5)
    assert (await world.row(job)).state is JobState.RUNNING
    assert (await world.usage.report(GUILD, NOON.date(), NOON.date())).open == 1


async def test_no_more_than_the_bound_run_at_once_and_in_order(make: Make) -> None:
    world = make(max_jobs=3)
    submitted = [await world.submit() for _ in range(12)]
    await asyncio.gather(*(running(job) for job in submitted[:3]))
    assert [job.state for job in submitted[3:]] == [Queued(place) for place in range(1, 10)]
    world.service.gate.set()
    await asyncio.gather(*(end(job) for job in submitted))
    assert (world.service.most_at_once, len(world.service.asked)) == (3, 12)


async def test_places_move_up_when_the_line_moves(make: Make) -> None:
    world = make(max_jobs=1)
    first, second, third, fourth = [await world.submit() for _ in range(4)]
    assert [job.state for job in (second, third, fourth)] == [Queued(1), Queued(2), Queued(3)]
    assert world.jobs.cancel(third)
    assert [job.state for job in (second, fourth)] == [Queued(1), Queued(2)]
    await running(first)
    assert world.jobs.cancel(first)
    await running(second)
    assert fourth.state == Queued(1)


async def test_cancelled_waiting_job_is_never_sent(make: Make) -> None:
    world = make(max_jobs=1)
    await world.submit()
    await asyncio.wait_for(world.service.arrived.wait(), 5)
    job = await world.submit()
    assert world.jobs.cancel(job)
    assert (await end(job)).outcome is Outcome.CANCELLED
    row = await world.row(job)
    assert (row.outcome, row.cost, row.started_at) == (Outcome.CANCELLED, 0, None)
    world.service.gate.set()
    await world.jobs.close(5)
    assert len(world.service.asked) == 1


async def test_cancelled_running_job_stops_the_service_and_ends_once(make: Make) -> None:
    world = make()
    job = await world.submit()
    await asyncio.wait_for(world.service.arrived.wait(), 5)
    await running(job)
    assert world.jobs.cancel(job)
    assert not world.jobs.cancel(job)
    assert (await end(job)).outcome is Outcome.CANCELLED
    assert not world.jobs.cancel(job)
    assert (world.service.at_once, world.store.settles) == (0, 1)


@pytest.mark.parametrize("steps", range(0, 40, 3))
async def test_job_cancelled_at_any_moment_ends_once_as_it_was_told(make: Make, steps: int) -> None:
    world = make()
    world.service.gate.set()
    job = await world.submit()
    for _ in range(steps):
        await asyncio.sleep(0)
    cancelled = world.jobs.cancel(job)
    done = await end(job)
    assert (done.outcome is Outcome.CANCELLED) is cancelled
    assert world.store.settles == 1
    assert (await world.row(job)).outcome is done.outcome


async def test_cancel_after_the_end_says_no(make: Make) -> None:
    world = make()
    world.service.gate.set()
    job = await world.submit()
    await end(job)
    assert not world.jobs.cancel(job)
    assert (await world.row(job)).outcome is Outcome.SUCCESS


@pytest.mark.usefixtures("quick_retries")
async def test_cancel_while_an_end_is_written_down_says_no(make: Make) -> None:
    world = make()
    world.service.gate.set()
    world.store.fails = {"settle": 1}
    job = await world.submit()
    assert (await end(job)).outcome is Outcome.SUCCESS
    assert not world.jobs.cancel(job)


@pytest.mark.usefixtures("quick_retries")
async def test_cancel_while_the_start_cannot_be_written_down_ends_a_job_that_was_never_sent(make: Make) -> None:
    world = make()
    world.store.fails = {"start": 10**9}
    job = await world.submit()
    async with asyncio.timeout(5):
        await world.store.was_away.wait()
    assert world.jobs.cancel(job)
    assert (await end(job)).outcome is Outcome.CANCELLED
    assert (world.service.asked, (await world.row(job)).cost) == ([], 0)


async def test_service_that_fails_in_an_unforeseen_way_interrupts_the_job(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    world = make()
    world.service.gate.set()
    world.service.answers = [[Progress(5), ZeroDivisionError("why")]]
    job = await world.submit()
    assert (await end(job)).outcome is Outcome.INTERRUPTED
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.exc_info
    assert (vars(record)["job"], vars(record)["guild"]) == (job.id, GUILD)


async def test_request_turned_away_unstarted_is_sent_once_more(make: Make) -> None:
    world = make()
    world.service.gate.set()
    world.service.answers = [[Failure(Outcome.RATE_LIMITED, "busy", retry_after=0.01)], [VIDEO]]
    assert (await end(await world.submit())).outcome is Outcome.SUCCESS
    assert len(world.service.asked) == 2


async def test_request_turned_away_twice_is_not_sent_a_third_time(make: Make) -> None:
    world = make()
    world.service.gate.set()
    world.service.answers = [[Failure(Outcome.RATE_LIMITED, "busy", retry_after=0.01)]] * 2
    assert (await end(await world.submit())).outcome is Outcome.RATE_LIMITED
    assert len(world.service.asked) == 2


@pytest.mark.parametrize("outcome", [Outcome.PROVIDER_ERROR, Outcome.TIMEOUT, Outcome.BAD_STREAM])
async def test_fault_without_leave_to_retry_is_final(make: Make, outcome: Outcome) -> None:
    world = make()
    world.service.gate.set()
    world.service.answers = [[Progress(90), Failure(outcome, "broke")]]
    assert (await end(await world.submit())).outcome is outcome
    assert len(world.service.asked) == 1


async def waits_to_retry(job: Job) -> None:
    async with asyncio.timeout(5):
        async for update in job.updates(60):
            if isinstance(update, Running) and update.retrying:
                return
    raise AssertionError("it ended")


async def test_waiting_to_retry_is_shown_and_can_be_cancelled(make: Make) -> None:
    world = make()
    world.service.gate.set()
    world.service.answers = [[Failure(Outcome.RATE_LIMITED, "busy", retry_after=60)]]
    job = await world.submit()
    await waits_to_retry(job)
    assert world.jobs.cancel(job)
    assert (await end(job)).outcome is Outcome.CANCELLED
    assert len(world.service.asked) == 1


async def test_job_that_cannot_be_written_down_does_not_run(make: Make) -> None:
    world = make()
    world.admissions.fails = 1
    with pytest.raises(StorageError):
        await world.submit()
    await world.jobs.close(1)
    assert (world.service.asked, await open_jobs(world.store)) == ([], [])
    assert (await world.usage.report(GUILD, NOON.date(), NOON.date())).total.jobs == 0


@pytest.mark.usefixtures("quick_retries")
async def test_what_was_written_down_without_an_answer_is_taken_back(make: Make) -> None:
    world = make()
    world.admissions.loses_answers = 1
    world.store.fails = {"settle": 2}
    with pytest.raises(StorageError):
        await world.submit()
    async with asyncio.timeout(5):
        await world.store.delivered.wait()

    assert await open_jobs(world.store) == []
    report = await world.usage.report(GUILD, NOON.date(), NOON.date())
    assert (report.open, report.reserved, report.total.cost) == (0, 0, 0)
    other = successor(make, world)
    assert (await other.jobs.reclaim_abandoned(), world.service.asked) == ([], [])


@pytest.mark.usefixtures("quick_retries")
async def test_while_no_start_can_be_written_down_nothing_is_sent_and_the_line_stands_still(make: Make) -> None:
    world = make(max_jobs=1)
    world.store.fails = {"start": 3}
    jobs = [await world.submit() for _ in range(3)]
    async with asyncio.timeout(5):
        while world.store.fails["start"]:
            assert not world.service.asked
            assert not any(isinstance(job.state, Finished) for job in jobs)
            await asyncio.sleep(0.001)
    world.service.gate.set()
    assert [(await end(job)).outcome for job in jobs] == [Outcome.SUCCESS] * 3
    assert len(world.service.asked) == 3


async def test_job_goes_on_where_the_usual_time_is_not_known(make: Make) -> None:
    world = make()
    world.store.fails = {"typical_seconds": 1}
    world.service.gate.set()
    assert (await end(await world.submit())).outcome is Outcome.SUCCESS


async def test_job_taken_over_by_somebody_else_is_neither_sent_nor_settled_here(make: Make) -> None:
    world = make(max_jobs=1)
    first = await world.submit()
    await running(first)
    job = await world.submit()
    later = NOON + 2 * LEASE
    await JobStore.claim(world.store, "another", later, later + LEASE)
    await JobStore.start(world.store, job.id, "another", later)
    world.service.gate.set()
    await end(first)
    assert [update async for update in job.updates()][-1] == HandedOff()
    assert (len(world.service.asked), (await world.row(job)).state) == (1, JobState.RUNNING)


@pytest.mark.usefixtures("quick_retries")
async def test_end_is_shown_first_and_written_down_later_when_the_database_is_away(make: Make) -> None:
    world = make()
    world.service.gate.set()
    world.store.fails = {"settle": 3}
    job = await world.submit()
    assert (await end(job)).outcome is Outcome.SUCCESS
    assert (await world.row(job)).state is JobState.RUNNING
    await asyncio.wait_for(world.store.written.wait(), 5)
    assert (await world.row(job)).outcome is Outcome.SUCCESS
    assert world.store.settles == 1


@pytest.mark.usefixtures("quick_retries")
async def test_database_that_stays_away_frees_the_place_all_the_same(make: Make) -> None:
    world = make(max_jobs=1)
    world.service.gate.set()
    world.store.fails = {"settle": 8}
    first, second = await world.submit(), await world.submit()
    await end(first)
    assert (await end(second)).outcome is Outcome.SUCCESS


async def test_closing_keeps_those_that_wait_and_lets_the_running_ones_end(make: Make) -> None:
    world = make(max_jobs=1)
    first, second = await world.submit(), await world.submit()
    await running(first)
    closing = asyncio.create_task(world.jobs.close(10))
    assert [update async for update in second.updates()][-1] == HandedOff()
    world.service.gate.set()
    await closing
    assert ((await world.row(first)).outcome, (await world.row(second)).state) == (Outcome.SUCCESS, JobState.QUEUED)


async def test_closing_interrupts_what_outlasts_the_grace(make: Make) -> None:
    world = make()
    job = await world.submit()
    await running(job)
    await asyncio.wait_for(world.jobs.close(0.05), 5)
    assert (await world.row(job)).outcome is Outcome.INTERRUPTED
    assert (world.service.at_once, await open_jobs(world.store)) == (0, [])


@pytest.mark.parametrize("steps", range(0, 30, 3))
async def test_closing_at_any_moment_leaves_no_job_half_done(make: Make, steps: int) -> None:
    world = make(max_jobs=2)
    for _ in range(4):
        await world.submit()
    for _ in range(steps):
        await asyncio.sleep(0)
    await asyncio.wait_for(world.jobs.close(0), 5)
    waiting = await open_jobs(world.store)
    assert {job.state for job in waiting} <= {JobState.QUEUED}
    assert world.store.settles == 4 - len(waiting)


async def test_submit_after_closing_is_told_kindly(make: Make) -> None:
    world = make()
    await world.jobs.close(0)
    with pytest.raises(ShuttingDown):
        await world.submit()


async def test_submit_overtaken_by_closing_is_not_sent_but_kept_for_the_next_process(make: Make) -> None:
    world = make()
    world.admissions.slow = asyncio.Event()
    submitting = asyncio.create_task(world.submit())
    await asyncio.sleep(0)
    closing = asyncio.create_task(world.jobs.close(0))
    await asyncio.sleep(0)
    world.admissions.slow.set()
    job = await submitting
    await closing
    assert job.state == HandedOff()
    assert (world.service.asked, [kept.id for kept in await open_jobs(world.store)]) == ([], [job.id])


async def test_job_whose_member_goes_away_while_it_is_written_down_still_runs(make: Make) -> None:
    world = make()
    world.service.gate.set()
    world.admissions.slow = asyncio.Event()
    submitting = asyncio.create_task(world.submit())
    await asyncio.sleep(0)
    submitting.cancel()
    await asyncio.wait([submitting])
    world.admissions.slow.set()
    await asyncio.wait_for(world.service.arrived.wait(), 5)
    await world.jobs.close(5)
    assert world.store.settles == 1


async def test_job_goes_on_when_its_watcher_goes_away(make: Make) -> None:
    world = make()
    job = await world.submit()
    watcher = asyncio.create_task(end(job))
    await running(job)
    watcher.cancel()
    await asyncio.wait([watcher])
    world.service.gate.set()
    assert (await end(job)).outcome is Outcome.SUCCESS


async def test_many_jobs_leave_no_task_and_no_open_row_behind(make: Make) -> None:
    world = make(max_jobs=20)
    world.service.gate.set()
    submitted = await asyncio.gather(*(world.submit() for _ in range(200)))
    assert {(await end(job)).outcome for job in submitted} == {Outcome.SUCCESS}
    await world.jobs.close(5)
    left = {task.get_name() for task in asyncio.all_tasks() - {asyncio.current_task()}}
    assert not [name for name in left if name.startswith(("job", "generation", "stop", "admit"))]
    assert (await world.usage.report(GUILD, NOON.date(), NOON.date())).by_outcome == {Outcome.SUCCESS: 200}
    assert world.service.most_at_once <= 20


async def test_a_waiting_job_of_a_dead_process_runs_in_the_next_one(make: Make) -> None:
    world = make(max_jobs=1)
    await running(await world.submit())
    waiting = await world.submit()
    other = successor(make, world)
    other.service.gate.set()
    taken = {job.id: job for job in await other.jobs.reclaim_abandoned()}
    assert (await end(taken[waiting.id])).outcome is Outcome.SUCCESS
    assert [request.prompt for request in other.service.asked] == ["a lighthouse"]


async def test_a_sent_job_of_a_dead_process_is_interrupted_and_never_sent_again(make: Make) -> None:
    world = make()
    await running(await world.submit())
    other = successor(make, world)
    (job,) = await other.jobs.reclaim_abandoned()
    assert (await end(job)).outcome is Outcome.INTERRUPTED
    assert other.service.asked == []
    row = await world.row(job)
    assert (row.cost, row.unconfirmed) == (5, True)


async def test_a_waiting_job_whose_picture_is_gone_is_interrupted(make: Make) -> None:
    world = make(max_jobs=1)
    await running(await world.submit())
    waiting = await world.submit()
    other = successor(make, world)
    other.pictures_gone = True
    taken = {job.id: job for job in await other.jobs.reclaim_abandoned()}
    assert (await end(taken[waiting.id])).outcome is Outcome.INTERRUPTED


async def test_an_end_that_was_not_shown_is_returned_with_its_link(make: Make) -> None:
    world = make()
    world.service.gate.set()
    job = await world.submit()
    await end(job)
    (taken,) = await successor(make, world).jobs.reclaim_abandoned()
    assert await end(taken) == Finished(Outcome.SUCCESS, 0.0, None, VIDEO.urls[0], cost=5, sent=True)


async def test_a_living_process_keeps_its_jobs(make: Make) -> None:
    world = make()
    await running(await world.submit())
    other = successor(make, world)
    other.clock.now = world.clock.now + LEASE / 2
    assert await other.jobs.reclaim_abandoned() == []


async def test_job_that_another_process_was_asked_to_cancel_is_cancelled_where_it_runs(make: Make) -> None:
    world, other = make(), make()
    wished, left = await world.submit(), await world.submit()
    await running(wished)
    await running(left)
    assert other.jobs.find(wished.id) is None
    assert await other.store.ask_to_cancel(wished.id, GUILD, NOON)
    await world.jobs.renew_lease()
    assert (await end(wished)).outcome is Outcome.CANCELLED
    assert (await world.row(wished)).cost == 5
    world.service.gate.set()
    assert (await end(left)).outcome is Outcome.SUCCESS


async def test_cancel_reaches_a_job_wherever_it_runs_and_says_no_of_one_that_has_ended(make: Make) -> None:
    world, other = make(), make()
    here, there = await world.submit(), await world.submit()
    await running(here)
    await running(there)
    assert await world.jobs.cancel_anywhere(here.record)
    assert (await end(here)).outcome is Outcome.CANCELLED
    assert await other.jobs.cancel_anywhere(there.record)
    await world.jobs.renew_lease()
    assert (await end(there)).outcome is Outcome.CANCELLED
    assert not await world.jobs.cancel_anywhere(here.record)
    assert not await other.jobs.cancel_anywhere(there.record)


async def test_a_job_is_found_by_any_process_in_its_own_server_only(make: Make) -> None:
    world = make()
    job = await world.submit()
    await running(job)
    assert await world.jobs.record(job.id, GUILD) is job.record
    assert await make().jobs.record(job.id, GUILD) == job.record
    for asked in (world, make()):
        assert await asked.jobs.record(job.id, GUILD + 1) is None
        assert await asked.jobs.record("0" * 32, GUILD) is None


async def test_a_job_of_this_process_is_found_and_cancelled_while_the_database_is_away(make: Make) -> None:
    world = make()
    job = await world.submit()
    await running(job)
    world.store.fails = {"get": 1, "ask_to_cancel": 1}
    record = await world.jobs.record(job.id, GUILD)
    assert record
    assert await world.jobs.cancel_anywhere(record)
    assert world.store.fails == {"get": 1, "ask_to_cancel": 1}


async def test_waiting_job_that_another_process_was_asked_to_cancel_is_never_sent(make: Make) -> None:
    world = make(max_jobs=1)
    await running(await world.submit())
    waiting = await world.submit()
    assert await make().store.ask_to_cancel(waiting.id, GUILD, NOON)
    await world.jobs.renew_lease()
    assert (await end(waiting)).outcome is Outcome.CANCELLED
    assert len(world.service.asked) == 1


async def test_cancelling_a_job_that_nobody_looks_after_holds_for_whoever_takes_it_over(make: Make) -> None:
    world = make(max_jobs=1)
    sent, waiting = await world.submit(), await world.submit()
    await running(sent)
    other = successor(make, world)
    for job in (sent, waiting):
        assert await other.store.ask_to_cancel(job.id, GUILD, NOON)
    ends = [await end(job) for job in await other.jobs.reclaim_abandoned()]
    assert [done.outcome for done in ends] == [Outcome.CANCELLED] * 2
    assert other.service.asked == []


async def test_process_that_could_not_reach_the_database_takes_nothing_over_before_the_others_are_back(
    make: Make,
) -> None:
    world = make()
    await running(await world.submit())
    other = make()
    await other.jobs.renew_lease()
    other.clock.now += 2 * LEASE  # in which neither of them could renew anything
    assert await other.jobs.reclaim_abandoned() == []
    await other.jobs.renew_lease()
    assert await other.jobs.reclaim_abandoned() == []
    world.clock.now = other.clock.now = other.clock.now + timedelta(seconds=RENEWAL)
    await world.jobs.renew_lease()
    for _ in range(5):
        other.clock.now += timedelta(seconds=RENEWAL)
        await other.jobs.renew_lease()
        assert await other.jobs.reclaim_abandoned() == []


async def test_process_that_could_reach_the_database_again_takes_over_what_stays_abandoned(make: Make) -> None:
    world = make()
    await running(await world.submit())
    other = make()
    for away in (timedelta(), 2 * LEASE, timedelta(seconds=RENEWAL), timedelta(seconds=RENEWAL + 1)):
        other.clock.now += away
        await other.jobs.renew_lease()
    assert len(await other.jobs.reclaim_abandoned()) == 1


@pytest.mark.parametrize("skew", [-10, 10])
async def test_living_process_keeps_its_jobs_by_a_clock_that_is_ten_seconds_off(make: Make, skew: int) -> None:
    world, other = make(), make()
    job = await world.submit()
    await running(job)
    for _ in range(3):  # of three renewals two failed
        world.clock.now += timedelta(seconds=RENEWAL)
        other.clock.now = world.clock.now + timedelta(seconds=skew)
        assert await other.jobs.reclaim_abandoned() == []
    await world.jobs.renew_lease()


@pytest.mark.parametrize("skew", [-10, 0, 10])
async def test_dead_process_is_noticed_within_a_minute_by_a_clock_that_is_ten_seconds_off(
    make: Make, skew: int
) -> None:
    world, other = make(), make()
    await running(await world.submit())
    other.clock.now = world.clock.now + timedelta(seconds=60 - INTERVAL + skew)
    assert len(await other.jobs.reclaim_abandoned()) == 1


async def test_a_claim_whose_answer_was_lost_leaves_no_job_that_belongs_to_nobody(make: Make) -> None:
    world = make(max_jobs=1)
    sent, waiting = await world.submit(), await world.submit()
    await running(sent)
    other = successor(make, world)
    other.service.gate.set()
    other.store.fails = {"claim's answer": 1}
    with pytest.raises(StorageError):
        await other.jobs.reclaim_abandoned()
    ends = {job.id: (await end(job)).outcome for job in await other.jobs.reclaim_abandoned()}
    assert ends == {sent.id: Outcome.INTERRUPTED, waiting.id: Outcome.SUCCESS}
    assert await other.jobs.reclaim_abandoned(ends) == []


async def test_a_job_that_cannot_be_adopted_loses_no_other_and_is_tried_again(make: Make) -> None:
    world = make(max_jobs=1)
    await running(await world.submit())
    waiting = [await world.submit() for _ in range(2)]
    other = successor(make, world)
    other.service.gate.set()
    other.cannot_rebuild = 1
    first = await other.jobs.reclaim_abandoned()
    second = await other.jobs.reclaim_abandoned([job.id for job in first])
    assert (len(first), len(second)) == (2, 1)
    assert {job.id for job in (*first, *second)} >= {job.id for job in waiting}
    assert [(await end(job)).outcome for job in second] == [Outcome.SUCCESS]


@pytest.mark.usefixtures("quick_retries")
async def test_a_process_claims_nothing_that_it_looks_after_itself(make: Make) -> None:
    world = make(max_jobs=1)
    await running(await world.submit())
    await world.submit()
    world.admissions.loses_answers = 1
    world.store.fails = {"settle": 10**9}
    with pytest.raises(StorageError):
        await world.submit()  # stored, and to be revoked once that can be stored as well
    world.service.gate.set()
    assert len(await open_rows(world)) == 3
    assert await world.jobs.reclaim_abandoned() == []
    world.store.fails = {}


async def test_a_job_that_is_asked_for_while_a_claim_is_under_way_is_not_adopted_beside(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make()
    claim = world.store.claim

    async def slow(*claimed: Any) -> list[JobRecord]:
        await running(await world.submit())
        return await claim(*claimed)

    monkeypatch.setattr(world.store, "claim", slow)
    assert await world.jobs.reclaim_abandoned() == []
    assert len(world.service.asked) == 1


async def test_a_job_that_is_here_again_before_it_is_known_that_it_was_put_back_is_shown(make: Make) -> None:
    world = make()
    await world.jobs.renew_lease()

    def sleep() -> None:
        world.clock.now += LEASE
        world.service.connected = lambda: None

    world.service.connected = sleep
    world.store.fails = {"unstart's answer": 2}
    job = await world.submit()
    assert [update async for update in job.updates()][-1] == HandedOff()
    for _ in range(4):
        await world.jobs.renew_lease()
        world.clock.now += timedelta(seconds=RENEWAL)
    (taken,) = await world.jobs.reclaim_abandoned()
    await asyncio.wait_for(world.store.put_back.wait(), 5)
    await asyncio.sleep(0.2)  # until that is known
    assert world.jobs.find(job.id) is taken
    world.service.gate.set()
    assert (await end(taken)).outcome is Outcome.SUCCESS
    assert len(world.service.asked) == 1


async def test_a_machine_that_wakes_up_sends_nothing_that_another_process_may_have_taken_over(make: Make) -> None:
    world = make()
    world.service.gate.set()
    await world.jobs.renew_lease()

    def sleep() -> None:
        world.clock.now += LEASE
        world.service.connected = lambda: None

    world.service.connected = sleep
    job = await world.submit()
    assert [update async for update in job.updates()][-1] == HandedOff()
    assert (world.service.asked, (await world.row(job)).state) == ([], JobState.QUEUED)
    for _ in range(4):
        await world.jobs.renew_lease()
        world.clock.now += timedelta(seconds=RENEWAL)
    (taken,) = await world.jobs.reclaim_abandoned()
    assert (taken.id, (await end(taken)).outcome) == (job.id, Outcome.SUCCESS)


async def open_rows(world: World) -> list[str]:
    async with world.database.read() as connection:
        return list((await connection.scalars(select(jobs.c.id).where(jobs.c.outcome.is_(None)))).all())


# -- what the database does not take ----------------------------------------------------------------------------


async def gone(world: World) -> None:
    """Let a process go while the database is away, so that nothing that it has in memory is of use any more."""
    await world.jobs.close(0)


@pytest.mark.usefixtures("quick_retries")
async def test_an_end_that_was_shown_while_the_database_was_away_is_what_the_next_process_shows(make: Make) -> None:
    world = make()
    world.service.gate.set()
    world.store.fails = {"settle": 10**9}
    job = await world.submit()
    assert (await end(job)).outcome is Outcome.SUCCESS
    await gone(world)
    other = successor(make, world)
    (taken,) = await other.jobs.reclaim_abandoned()
    assert await end(taken) == Finished(Outcome.SUCCESS, 0.0, None, VIDEO.urls[0], cost=5, sent=True)
    assert await booked(other) == (1, 5, 0)
    assert other.told == [("log", Outcome.SUCCESS)]
    assert list(world.data.glob("*.spool")) == []


async def test_an_end_that_is_just_being_written_when_the_process_leaves_is_not_lost(make: Make) -> None:
    world = make()
    world.service.gate.set()
    world.store.hangs = asyncio.Event()
    job = await world.submit()
    async with asyncio.timeout(5):
        await world.store.hangs.wait()
    await gone(world)
    (taken,) = await successor(make, world).jobs.reclaim_abandoned()
    assert (taken.id, (await end(taken)).outcome) == (job.id, Outcome.SUCCESS)


async def test_a_job_whose_reply_shows_its_video_already_is_saved_as_that_and_its_reply_left_alone(make: Make) -> None:
    world = make()
    job = await world.submit()
    await running(job)
    other = successor(make, world)

    async def shown(record: JobRecord) -> str | None:
        return VIDEO.urls[0] if record.id == job.id else None

    other.jobs.shown_video = shown
    assert await other.jobs.reclaim_abandoned() == []
    await asyncio.wait_for(other.store.delivered.wait(), 5)
    row = await world.row(job)
    assert (row.outcome, row.video_url, row.cost, row.unconfirmed) == (Outcome.SUCCESS, VIDEO.urls[0], 5, False)
    assert await booked(other) == (1, 5, 0)
    assert await successor(make, other).jobs.reclaim_abandoned() == []


async def test_a_video_that_stands_there_is_shown_again_where_it_cannot_be_saved_that_it_does(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    world = make()
    job = await world.submit()
    await running(job)
    other = successor(make, world)

    async def shown(_: JobRecord) -> str:
        return VIDEO.urls[0]

    other.jobs.shown_video = shown
    other.store.fails = {"deliver": 1}
    assert await other.jobs.reclaim_abandoned() == []
    await asyncio.wait_for(other.store.was_away.wait(), 5)
    (taken,) = await other.jobs.reclaim_abandoned()
    assert (taken.id, (await end(taken)).outcome) == (job.id, Outcome.SUCCESS)
    assert [line.levelname for line in caplog.records if line.levelno >= logging.ERROR] == []


@pytest.mark.usefixtures("quick_retries")
async def test_what_was_told_as_not_started_is_taken_back_by_the_next_process(make: Make) -> None:
    world = make()
    world.admissions.loses_answers = 1
    world.store.fails = {"settle": 10**9}
    with pytest.raises(StorageError):
        await world.submit()
    await gone(world)
    other = successor(make, world)
    assert await other.jobs.reclaim_abandoned() == []
    assert (await booked(other), world.service.asked, other.service.asked) == ((0, 0, 0), [], [])


async def test_a_request_that_waits_for_the_database_when_the_bot_leaves_is_told_so_and_taken_back(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "SETTLE_PAUSES", (0.01,) * 3)
    world = make()
    world.admissions.answers = asyncio.Event()
    submitting = asyncio.create_task(world.submit())
    async with asyncio.timeout(5):
        while not await open_rows(world):  # noqa: ASYNC110 - what is stored has no event
            await asyncio.sleep(0.01)
    await gone(world)
    with pytest.raises(ShuttingDown):
        await submitting
    other = successor(make, world)
    assert await other.jobs.reclaim_abandoned() == []
    assert (await open_rows(world), await booked(world), other.service.asked) == ([], (0, 0, 0), [])


@pytest.mark.usefixtures("quick_retries")
async def test_a_job_that_did_not_leave_waits_for_the_next_process_although_that_could_not_be_stored(
    make: Make,
) -> None:
    world = make()
    world.store.on_started = world.jobs.closing.set
    world.store.fails = {"unstart": 10**9}
    job = await world.submit()
    assert [update async for update in job.updates()][-1] == HandedOff()
    assert (await world.row(job)).state is JobState.RUNNING
    await gone(world)
    await runs_in(successor(make, world), job)


@pytest.mark.usefixtures("quick_retries")
async def test_what_a_living_process_still_tries_to_save_is_left_to_it(make: Make) -> None:
    world, other = make(), make()
    world.service.gate.set()
    world.store.fails = {"settle": 10**9}
    job = await world.submit()
    await end(job)
    assert await other.jobs.reclaim_abandoned() == []
    assert (await world.row(job)).state is JobState.RUNNING
    world.store.fails = {}
    async with asyncio.timeout(5):
        while list(world.data.glob("*.spool")):  # noqa: ASYNC110 - a file has no event
            await asyncio.sleep(0.01)
    assert ((await world.row(job)).outcome, other.told) == (Outcome.SUCCESS, [])
    assert world.told.count(("log", Outcome.SUCCESS)) == 1


@pytest.mark.usefixtures("quick_retries")
async def test_one_end_that_the_database_refuses_keeps_no_other_job_from_being_adopted(make: Make) -> None:
    world = make()
    world.service.gate.set()
    world.store.fails = {"settle": 10**9}
    ends = [await world.submit() for _ in range(2)]
    for job in ends:
        await end(job)
    await gone(world)
    other = successor(make, world)
    other.store.fails = {"settle": 1}
    first = await other.jobs.reclaim_abandoned()
    second = await other.jobs.reclaim_abandoned([job.id for job in first])
    assert [len(first), len(second)] == [1, 1]
    assert {(await end(job)).outcome for job in (*first, *second)} == {Outcome.SUCCESS}


async def test_what_is_released_may_be_taken_over_at_once(make: Make) -> None:
    world = make(max_jobs=1)
    await running(await world.submit())
    waiting = await world.submit()
    await world.jobs.close(0)
    await world.jobs.release_jobs()
    other = successor(make, world)
    other.clock.now = world.clock.now
    await world.jobs.renew_lease()  # too late to take them back
    assert waiting.id in {job.id for job in await other.jobs.reclaim_abandoned()}


# -- money follows what was sent -----------------------------------------------------------------------------------


def heard(*outcomes: Outcome) -> list[tuple[str, Outcome]]:
    return [(listener, outcome) for outcome in outcomes for listener in ("alerts", "meters", "log")]


async def test_a_job_cancelled_at_90_percent_stays_booked_and_says_so(make: Make) -> None:
    world = make()
    job = await world.submit()
    await asyncio.wait_for(world.service.arrived.wait(), 5)
    job.peak_percent = 90
    assert world.jobs.cancel(job)
    assert await end(job) == Finished(Outcome.CANCELLED, 0.0, 90, cost=5, sent=True)
    assert await booked(world) == (1, 5, 0)


async def test_a_job_cancelled_while_it_waits_costs_nothing_and_says_so(make: Make) -> None:
    world = make(max_jobs=1)
    await running(await world.submit())
    waiting = await world.submit()
    world.jobs.cancel(waiting)
    assert await end(waiting) == Finished(Outcome.CANCELLED, 0.0)
    assert await booked(world) == (1, 5, 1)


async def test_a_job_stopped_between_its_start_and_its_sending_costs_nothing(make: Make) -> None:
    world = make()
    world.store.on_started = lambda: world.jobs.cancel(job)
    job = await world.submit()
    assert await end(job) == Finished(Outcome.CANCELLED, 0.0)
    assert (world.service.asked, await booked(world)) == ([], (0, 0, 0))
    assert (await world.row(job)).started_at is None


async def test_a_job_cancelled_after_the_service_turned_it_away_costs_nothing(make: Make) -> None:
    world = make()
    world.service.gate.set()
    world.service.answers = [[Failure(Outcome.RATE_LIMITED, "busy", retry_after=60)]]
    job = await world.submit()
    async with asyncio.timeout(5):
        async for update in job.updates(60):
            if isinstance(update, Running) and update.retrying:
                break
    world.jobs.cancel(job)
    assert await end(job) == Finished(Outcome.CANCELLED, 0.0)
    assert await booked(world) == (0, 0, 0)


async def test_a_job_cancelled_on_its_way_from_one_service_to_the_next_costs_nothing(make: Make) -> None:
    world = make()
    left = asyncio.Event()

    def leave() -> None:
        world.service.may_connect.clear()
        left.set()

    world.service.connected = leave
    world.service.routes = [VideoModel("m", "M", 5, service=name) for name in ("relay", "home")]
    job = await world.submit()
    await asyncio.wait_for(left.wait(), 5)
    world.jobs.cancel(job)
    assert await end(job) == Finished(Outcome.CANCELLED, 0.0)
    assert await booked(world) == (0, 0, 0)


async def test_a_waiting_job_that_is_not_let_in_any_more_ends_with_its_denial_and_costs_nothing(make: Make) -> None:
    world = make(max_jobs=1)
    first = await world.submit()
    await running(first)
    waiting = await world.submit()
    world.jobs.is_in_guild = lambda guild_id: guild_id != GUILD
    world.service.gate.set()
    assert (await end(first)).outcome is Outcome.SUCCESS
    assert await end(waiting) == Denied(Outcome.CANCELLED, 0.0, denial=Denial(DenialReason.ABSENT))
    assert (len(world.service.asked), await booked(world)) == (1, (1, 5, 0))
    assert [told for told in world.told if told[1] is Outcome.CANCELLED] == [
        (who, Outcome.CANCELLED) for who in ("alerts", "meters", "log")
    ]


async def test_a_waiting_job_whose_model_the_operator_has_taken_out_is_not_sent(make: Make) -> None:
    gone = Denial(DenialReason.NOT_OFFERED, allowed=("Other",))
    world = make(not_offered=lambda record: gone if record.model == "m" else None)
    assert await end(await world.submit()) == Denied(Outcome.CANCELLED, 0.0, denial=gone)
    assert (world.service.asked, await booked(world)) == ([], (0, 0, 0))


async def test_a_job_whose_start_is_just_written_when_the_bot_is_asked_to_leave_waits_again(make: Make) -> None:
    world = make()
    world.store.on_started = world.jobs.closing.set
    job = await world.submit()
    assert [update async for update in job.updates()][-1] == HandedOff()
    row = await world.row(job)
    assert (world.service.asked, row.state, row.started_at) == ([], JobState.QUEUED, None)
    await runs_in(successor(make, world), job)


async def test_a_job_that_is_cancelled_while_it_is_put_back_is_not_sent_by_the_next_process(make: Make) -> None:
    world = make()
    world.store.on_started = world.jobs.closing.set
    world.store.puts_back = asyncio.Event()
    job = await world.submit()
    async with asyncio.timeout(5):
        await world.store.puts_back.wait()
    assert await world.jobs.cancel_anywhere(job.record)
    world.store.may_go_on.set()
    assert [update async for update in job.updates()][-1] == HandedOff()
    other = successor(make, world)
    (adopted,) = await other.jobs.reclaim_abandoned()
    assert (await end(adopted)).outcome is Outcome.CANCELLED
    assert (other.service.asked, (await world.row(job)).cost) == ([], 0)


async def test_nothing_leaves_for_a_connection_that_opens_after_the_bot_was_asked_to_leave(make: Make) -> None:
    world = make()
    world.service.connected = world.jobs.closing.set
    job = await world.submit()
    assert [update async for update in job.updates()][-1] == HandedOff()
    assert (world.service.asked, (await world.row(job)).state) == ([], JobState.QUEUED)


async def test_a_job_that_was_turned_away_is_not_sent_again_once_the_bot_was_asked_to_leave(make: Make) -> None:
    world = make()
    world.service.gate.set()
    world.service.answers = [[Failure(Outcome.RATE_LIMITED, "busy", retry_after=60)]]
    job = await world.submit()
    await waits_to_retry(job)
    await world.jobs.close(5)
    assert job.state == HandedOff()
    assert (len(world.service.asked), (await world.row(job)).state) == (1, JobState.QUEUED)
    await runs_in(successor(make, world), job)


async def runs_in(other: World, job: Job) -> None:
    """Let another process adopt ``job``, and send it."""
    other.service.gate.set()
    (taken,) = await other.jobs.reclaim_abandoned()
    assert (taken.id, (await end(taken)).outcome) == (job.id, Outcome.SUCCESS)


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.BAD_STREAM])
async def test_what_broke_off_is_unconfirmed_and_uses_up_nothing_of_the_members(make: Make, outcome: Outcome) -> None:
    world = make()
    world.service.gate.set()
    world.service.answers = [[Failure(outcome, "silence")]]
    job = await world.submit()
    assert await end(job) == Finished(outcome, 0.0, cost=5, unconfirmed=True, sent=True)
    assert await booked(world) == (0, 5, 0)
    own = await CounterStore(world.database).used(GUILD, 4, NOON)
    assert (own[DAY].videos, own[DAY].cost) == (0, 0)


async def test_a_success_that_comes_after_another_process_wrote_interrupted_wins_and_is_heard_of_once(
    make: Make,
) -> None:
    world = make()
    job = await world.submit()
    await running(job)
    other = successor(make, world)
    (taken,) = await other.jobs.reclaim_abandoned()
    assert (await end(taken)).outcome is Outcome.INTERRUPTED
    assert other.told == heard(Outcome.INTERRUPTED)
    await other.store.deliver(job.id, Delivery.REPLY)
    world.service.gate.set()
    assert await end(job) == Finished(Outcome.SUCCESS, 0.0, None, VIDEO.urls[0], cost=5, sent=True)
    await world.jobs.close(5)
    assert world.told == heard(Outcome.SUCCESS)
    row = await world.row(job)
    assert (row.outcome, row.video_url, row.cost, row.unconfirmed) == (Outcome.SUCCESS, VIDEO.urls[0], 5, False)
    assert (row.delivery, await booked(world)) == (None, (1, 5, 0))


async def test_an_end_that_another_process_wrote_first_is_shown_and_nobody_hears_of_the_second(make: Make) -> None:
    world = make()
    job = await world.submit()
    await running(job)
    (taken,) = await successor(make, world).jobs.reclaim_abandoned()
    await end(taken)
    world.service.answers = [[Failure(Outcome.TIMEOUT, "silence")]]
    world.jobs.cancel(job)
    assert (await end(job)).outcome is Outcome.INTERRUPTED
    await world.jobs.close(5)
    assert world.told == []


@pytest.mark.usefixtures("quick_retries")
async def test_an_ending_whose_answer_was_lost_is_heard_of_once(make: Make) -> None:
    world = make()
    world.service.gate.set()
    world.store.fails["settle's answer"] = 2
    job = await world.submit()
    assert (await end(job)).outcome is Outcome.SUCCESS
    await world.jobs.close(5)
    assert world.told == heard(Outcome.SUCCESS)
    assert await booked(world) == (1, 5, 0)


async def test_a_cancel_through_a_process_that_slept_reaches_the_one_that_took_the_job_over(make: Make) -> None:
    world = make(max_jobs=1)
    await world.jobs.renew_lease()
    await running(await world.submit())
    waiting = await world.submit()
    other = successor(make, world)
    adopted = {job.id: job for job in await other.jobs.reclaim_abandoned()}
    await running(adopted[waiting.id])
    world.clock.now = other.clock.now
    assert await world.jobs.cancel_anywhere(waiting.record)
    row = await world.row(waiting)
    assert (row.state, row.cancel_asked_at) == (JobState.RUNNING, other.clock.now)
    await other.jobs.renew_lease()
    assert (await end(adopted[waiting.id])).outcome is Outcome.CANCELLED
