"""A job that the service has accepted as a task is created once, and followed to its end by any process."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.errors import FetchError
from bot.jobs.job import Job
from bot.jobs.lease import LEASE, RENEWAL
from bot.models import Finished, HandedOff, JobState, Outcome, Queued, Running, VideoModel
from bot.providers.base import Failure, FinishedVideo, Progress, TaskHandle
from bot.storage.engine.tables import jobs
from tests.jobs.world import GUILD, VIDEO, Make, World, booked, end, running, successor

TASK = TaskHandle("video_1", "m", {"poll": "https://service.example/v1/videos/video_1"}, created=1_772_366_400.5)


def with_tasks(make: Make) -> World:
    world = make()
    world.service.task = TASK
    return world


async def at_work(world: World) -> Job:
    """Return a job that the service is at work on; its task, if there is one, is written down."""
    job = await world.submit()
    async with asyncio.timeout(5):
        await world.service.arrived.wait()
    return job


async def test_the_task_is_written_down_before_it_is_followed(make: Make) -> None:
    world = with_tasks(make)
    job = await at_work(world)
    row = await world.row(job)
    assert (row.state, row.task and TaskHandle.from_text(row.task)) == (JobState.RUNNING, TASK)
    world.service.gate.set()
    assert (await end(job)).outcome is Outcome.SUCCESS


@pytest.mark.usefixtures("quick_retries")
async def test_a_task_that_the_database_does_not_take_is_safe_in_the_spool_and_followed_meanwhile(make: Make) -> None:
    world = with_tasks(make)
    world.store.fails["accept"] = 10**9
    job = await at_work(world)
    assert (await world.row(job)).task is None
    await world.jobs.close(0)
    assert job.state == HandedOff(making=True)
    other = successor(make, world)
    other.service.gate.set()
    (taken,) = await other.jobs.reclaim_abandoned()
    assert (await end(taken)).outcome is Outcome.SUCCESS
    assert (other.service.followed, other.service.asked) == ([TASK], [])


async def test_a_task_of_a_killed_process_is_followed_by_the_next_and_never_created_again(make: Make) -> None:
    world = with_tasks(make)
    job = await at_work(world)
    other = successor(make, world)
    other.service.answers = [[Progress(60), VIDEO]]
    (taken,) = await other.jobs.reclaim_abandoned()
    await running(taken)
    assert isinstance(taken.state, Running)
    assert taken.state.started_at == (await world.row(job)).started_at
    other.service.gate.set()
    seconds = (2 * LEASE).total_seconds()
    assert await end(taken) == Finished(Outcome.SUCCESS, seconds, 60, "https://h/v.mp4", cost=5, sent=True)
    assert (other.service.followed, other.service.asked) == ([TASK], [])


async def test_a_process_that_slept_follows_the_tasks_that_it_takes_over(make: Make) -> None:
    world = with_tasks(make)
    await at_work(world)
    other = successor(make, world)
    for seconds in (0, 3600, RENEWAL, RENEWAL, RENEWAL):  # it sleeps for an hour
        other.clock.now += timedelta(seconds=seconds)
        await other.jobs.renew_lease()
    other.service.gate.set()
    (taken,) = await other.jobs.reclaim_abandoned()
    assert (await end(taken)).outcome is Outcome.SUCCESS


async def test_a_task_is_followed_although_its_pictures_are_gone(make: Make) -> None:
    world = with_tasks(make)
    await at_work(world)
    other = successor(make, world)
    other.pictures_gone = True
    other.service.gate.set()
    (taken,) = await other.jobs.reclaim_abandoned()
    assert (await end(taken)).outcome is Outcome.SUCCESS


async def test_tasks_are_followed_on_however_many_run(make: Make) -> None:
    world = with_tasks(make)
    jobs = [await world.submit() for _ in range(5)]
    for job in jobs:
        await running(job)
    other = make(max_jobs=2)
    other.clock.now = world.clock.now + timedelta(hours=1)
    taken = await other.jobs.reclaim_abandoned()
    for job in taken:
        await running(job)
    waits = await other.submit()
    assert isinstance(waits.state, Queued)
    other.service.gate.set()
    await asyncio.gather(*map(end, taken))
    assert other.service.followed == [TASK] * 5
    assert (await end(waits)).outcome is Outcome.SUCCESS


async def test_leaving_leaves_a_task_to_the_next_process_at_once_and_cancels_nothing(make: Make) -> None:
    world = with_tasks(make)
    job = await at_work(world)
    await world.jobs.close(0)
    assert job.state == HandedOff(making=True)
    assert (await world.row(job)).state is JobState.RUNNING
    assert world.service.cancelled == []


async def test_a_request_that_has_no_task_yet_is_interrupted_when_the_process_leaves(make: Make) -> None:
    world = make()
    job = await at_work(world)
    await world.jobs.close(0)
    assert (await end(job)).outcome is Outcome.INTERRUPTED


async def test_cancelling_reaches_the_service_and_stays_booked(make: Make) -> None:
    world = with_tasks(make)
    job = await at_work(world)
    assert world.jobs.cancel(job)
    assert await end(job) == Finished(Outcome.CANCELLED, 0.0, cost=5, sent=True)
    await world.jobs.close(1)
    assert world.service.cancelled == [TASK]


async def test_a_task_that_was_to_be_cancelled_when_its_process_died_is_cancelled_at_the_service(make: Make) -> None:
    world = with_tasks(make)
    job = await at_work(world)
    await world.store.ask_to_cancel(job.id, GUILD, world.clock.now)
    other = successor(make, world)
    (taken,) = await other.jobs.reclaim_abandoned()
    assert (await end(taken)).outcome is Outcome.CANCELLED
    await other.jobs.close(1)
    assert (other.service.cancelled, other.service.followed) == ([TASK], [])


async def test_a_task_that_took_too_long_is_cancelled_at_the_service(make: Make) -> None:
    world = with_tasks(make)
    world.service.answers = [[Failure(Outcome.TIMEOUT, "it took too long")]]
    world.service.gate.set()
    job = await world.submit()
    assert await end(job) == Finished(Outcome.TIMEOUT, 0.0, cost=5, unconfirmed=True, sent=True)
    await world.jobs.close(1)
    assert world.service.cancelled == [TASK]


async def test_a_task_that_cannot_be_read_is_interrupted_and_leaves_the_others_alone(make: Make) -> None:
    world = with_tasks(make)
    odd = await at_work(world)
    world.service.arrived.clear()
    other_job = await at_work(world)
    async with world.database.write() as connection:
        await connection.execute(update(jobs).where(jobs.c.id == odd.id).values(task="{"))
    other = successor(make, world)
    other.service.gate.set()
    taken = {job.id: job for job in await other.jobs.reclaim_abandoned()}
    assert (await end(taken[odd.id])).outcome is Outcome.INTERRUPTED
    assert (await end(taken[other_job.id])).outcome is Outcome.SUCCESS


def test_a_task_that_a_newer_kinora_wrote_down_is_understood() -> None:
    assert TaskHandle.from_text(TASK.as_text().replace("{", '{"since": "then", ', 1)) == TASK


async def test_no_answer_to_the_create_is_booked_as_unconfirmed_and_asked_for_once(make: Make) -> None:
    world = make()
    world.service.answers = [[Failure(Outcome.INTERRUPTED, "no answer to the create")]]
    world.service.gate.set()
    job = await world.submit()
    assert await end(job) == Finished(Outcome.INTERRUPTED, 0.0, cost=5, unconfirmed=True, sent=True)
    assert len(world.service.asked) == 1


@pytest.mark.parametrize(("may_cost", "cost"), [(True, 5), (False, 0)])
async def test_a_failure_is_free_only_where_the_service_said_that_it_failed(
    make: Make, may_cost: bool, cost: int
) -> None:
    world = with_tasks(make)
    world.service.answers = [[Failure(Outcome.PROVIDER_ERROR, "not known any more", may_cost=may_cost)]]
    world.service.gate.set()
    job = await world.submit()
    await end(job)
    row = await world.row(job)
    assert (row.outcome, row.cost, row.unconfirmed) == (Outcome.PROVIDER_ERROR, cost, may_cost)


async def test_what_the_service_says_that_it_cost_stands_beside_the_price(make: Make) -> None:
    world = with_tasks(make)
    world.service.answers = [[FinishedVideo(("https://h/v.mp4",), cost=0.4)]]
    world.service.gate.set()
    job = await world.submit()
    await end(job)
    row = await world.row(job)
    assert (row.cost, row.service_cost) == (5, 400_000)


async def test_a_task_is_booked_at_the_price_of_the_service_that_accepted_it(make: Make) -> None:
    world = with_tasks(make)
    world.service.routes = [VideoModel("m", "M", 3, service="home")]
    job = await at_work(world)
    assert (job.record.cost, (await world.row(job)).cost) == (3, 3)
    other = successor(make, world)
    other.service.gate.set()
    (taken,) = await other.jobs.reclaim_abandoned()
    assert (await end(taken)).cost == 3
    assert await booked(world) == (1, 3, 0)


async def test_a_video_is_booked_at_the_price_of_the_service_that_made_it(make: Make) -> None:
    world = make()
    world.service.routes = [VideoModel("m", "M", 5, service="relay"), VideoModel("m", "M", 3, service="home")]
    world.service.gate.set()
    job = await world.submit()
    assert (await end(job)).cost == 3
    row = await world.row(job)
    assert (row.cost, row.service) == (3, "home")
    assert await booked(world) == (1, 3, 0)


async def test_a_video_that_cannot_be_had_is_no_success_and_its_price_is_unconfirmed(make: Make) -> None:
    async def keep(video: FinishedVideo) -> str:
        raise FetchError("the transfer failed")

    world = make(keep_video=keep)
    world.service.gate.set()
    job = await world.submit()
    assert await end(job) == Finished(Outcome.BAD_STREAM, 0.0, cost=5, unconfirmed=True, sent=True)


async def test_a_process_that_leaves_while_a_video_is_fetched_leaves_it_to_the_next(make: Make) -> None:
    fetching = asyncio.Event()

    async def keep(video: FinishedVideo) -> str:
        fetching.set()
        await asyncio.Event().wait()
        return video.urls[0]

    world = make(keep_video=keep)
    world.service.task = TASK
    world.service.gate.set()
    job = await world.submit()
    async with asyncio.timeout(5):
        await fetching.wait()
    await world.jobs.close(0)
    assert job.state == HandedOff(making=True)
    other = successor(make, world)
    other.service.gate.set()
    (taken,) = await other.jobs.reclaim_abandoned()
    assert (await end(taken)).outcome is Outcome.SUCCESS
