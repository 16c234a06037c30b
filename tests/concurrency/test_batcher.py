"""What is asked for while others wait goes in one go, each gets its own answer, and nothing waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.concurrency.batcher import MOST, Batcher
from bot.concurrency.tasks import Tasks


class Worker:
    """Doubles numbers, once its gate is open; raises what it is told to."""

    def __init__(self) -> None:
        self.tasks = Tasks()
        self.together = Batcher[int, int](self.work, self.tasks)
        self.gate = asyncio.Event()
        self.batches: list[list[int]] = []
        self.error: Exception | None = None

    async def work(self, asked: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(asked))
        await self.gate.wait()
        if self.error:
            raise self.error
        return [2 * number for number in asked]


async def test_what_is_asked_at_one_moment_goes_together_in_order() -> None:
    worker = Worker()
    worker.gate.set()
    assert await asyncio.gather(*(worker.together.submit(n) for n in range(10))) == [2 * n for n in range(10)]
    assert worker.batches == [list(range(10))]


async def test_what_comes_while_the_work_is_busy_makes_the_next_go() -> None:
    worker = Worker()
    first = asyncio.create_task(worker.together.submit(0))
    while not worker.batches:  # noqa: ASYNC110 - a step of the loop, not a wait
        await asyncio.sleep(0)
    later = [asyncio.create_task(worker.together.submit(n)) for n in range(1, 4)]
    await asyncio.sleep(0)
    worker.gate.set()
    assert await asyncio.gather(first, *later) == [0, 2, 4, 6]
    assert worker.batches == [[0], [1, 2, 3]]


async def test_no_go_is_larger_than_the_most() -> None:
    worker = Worker()
    worker.gate.set()
    await asyncio.gather(*(worker.together.submit(n) for n in range(MOST + 1)))
    assert [len(batch) for batch in worker.batches] == [MOST, 1]


async def test_a_failure_reaches_all_of_its_go_and_none_of_the_next() -> None:
    worker = Worker()
    worker.gate.set()
    worker.error = ValueError("away")
    results = await asyncio.gather(*(worker.together.submit(n) for n in range(3)), return_exceptions=True)
    assert results == [worker.error] * 3
    worker.error = None
    assert await worker.together.submit(4) == 8


async def test_one_who_goes_away_changes_nothing_for_the_others() -> None:
    worker = Worker()
    asked = [asyncio.create_task(worker.together.submit(n)) for n in range(3)]
    while not worker.batches:  # noqa: ASYNC110 - a step of the loop, not a wait
        await asyncio.sleep(0)
    asked[1].cancel()
    await asyncio.sleep(0)
    worker.gate.set()
    assert await asyncio.gather(asked[0], asked[2]) == [0, 4]
    assert asked[1].cancelled()


async def test_who_waits_when_the_work_is_stopped_is_let_go() -> None:
    worker = Worker()
    asked = asyncio.create_task(worker.together.submit(1))
    while not worker.batches:  # noqa: ASYNC110 - a step of the loop, not a wait
        await asyncio.sleep(0)
    await worker.tasks.finish(0)
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(1):
            await asked
