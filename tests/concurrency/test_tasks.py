"""Background tasks are kept, named, their failures logged, and awaited at the end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import weakref

import pytest

from bot.concurrency.tasks import Tasks, unless


async def test_task_is_kept_until_it_ends() -> None:
    tasks, gate = Tasks(), asyncio.Event()

    async def work() -> None:
        await gate.wait()

    task = tasks.start(work(), "the work")
    gc.collect()
    assert (len(tasks), task.get_name()) == (1, "the work")
    gate.set()
    await task
    await asyncio.sleep(0)
    assert len(tasks) == 0


async def test_failure_is_logged_with_name_and_traceback(caplog: pytest.LogCaptureFixture) -> None:
    tasks = Tasks()

    async def work() -> None:
        raise ValueError("why")

    tasks.start(work(), "the work")
    await tasks.finish(1)
    (record,) = caplog.records
    assert record.getMessage() == "the work failed"
    assert record.exc_info
    assert isinstance(record.exc_info[1], ValueError)


async def test_cancelled_task_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    tasks = Tasks()
    tasks.start(asyncio.sleep(60), "the work").cancel()
    await tasks.finish(1)
    assert not caplog.records


async def test_completed_work_answers_its_caller_and_its_failure_is_the_callers_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tasks = Tasks()

    async def work(fail: bool) -> int:
        await asyncio.sleep(0)
        if fail:
            raise ValueError("why")
        return 1

    assert await tasks.complete(work(False), "the work") == 1
    with pytest.raises(ValueError, match="why"):
        await tasks.complete(work(True), "the work")
    assert (len(tasks), caplog.records) == (0, [])


async def test_work_goes_on_when_its_caller_goes_away() -> None:
    tasks, ended = Tasks(), []

    async def work() -> None:
        await asyncio.sleep(0.01)
        ended.append(True)

    caller = asyncio.create_task(tasks.complete(work(), "the work"))
    await asyncio.sleep(0)
    caller.cancel()
    await asyncio.wait([caller])
    assert (caller.cancelled(), ended) == (True, [])
    await tasks.finish(5)
    assert ended == [True]


async def test_caller_whose_work_is_stopped_is_let_go() -> None:
    tasks = Tasks()
    caller = asyncio.create_task(tasks.complete(asyncio.sleep(60), "the work"))
    await asyncio.sleep(0)
    await tasks.finish(0)
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(1):
            await caller


async def test_finish_waits_for_tasks_that_end_in_time() -> None:
    tasks, ended = Tasks(), []

    async def work() -> None:
        await asyncio.sleep(0.01)
        ended.append(True)

    tasks.start(work(), "the work")
    await tasks.finish(5)
    assert ended == [True]


async def test_finish_waits_for_tasks_that_tasks_start_while_they_end() -> None:
    tasks, ended = Tasks(), []

    async def second() -> None:
        await asyncio.sleep(0.01)
        ended.append("second")

    async def first() -> None:
        await asyncio.sleep(0.01)
        tasks.start(second(), "second")

    tasks.start(first(), "first")
    await tasks.finish(5)
    assert ended == ["second"]


async def test_finish_cancels_what_takes_longer_and_awaits_its_cleanup() -> None:
    tasks, cleaned = Tasks(), []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    tasks.start(work(), "the work")
    await asyncio.sleep(0)
    await tasks.finish(0.01)
    assert (cleaned, len(tasks)) == ([True], 0)


async def test_what_failed_work_held_is_gone_with_its_error_also_while_the_collector_rests() -> None:
    class Bitmap:
        pass

    held: list[weakref.ref[Bitmap]] = []

    async def work() -> None:
        bitmap = Bitmap()
        held.append(weakref.ref(bitmap))
        raise ValueError(f"{type(bitmap)} is damaged")

    gc.disable()
    try:
        with contextlib.suppress(ValueError):
            await unless(asyncio.Event(), work())
        await asyncio.sleep(0)
        assert held[0]() is None
    finally:
        gc.enable()


async def test_finish_without_tasks_returns_at_once() -> None:
    await asyncio.wait_for(Tasks().finish(60), 1)
