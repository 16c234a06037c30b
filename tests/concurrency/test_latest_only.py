"""The newest value reaches a slow consumer at its own pace, and the last one always."""

from __future__ import annotations

import asyncio

import pytest

from bot.concurrency.latest_only import LatestOnly


class Slow:
    """A consumer that notes what it got and when; while ``gate`` is closed, it does not come back."""

    def __init__(self) -> None:
        self.got: list[int] = []
        self.times: list[float] = []
        self.arrived = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def deliver(self, value: int) -> None:
        self.got.append(value)
        self.times.append(asyncio.get_running_loop().time())
        self.arrived.set()
        await self.gate.wait()


def paced(consumer: Slow, every: float) -> LatestOnly[int]:
    return LatestOnly(consumer.deliver, every=lambda: every)


async def test_producer_never_waits_and_what_was_replaced_is_skipped() -> None:
    consumer = Slow()
    consumer.gate.clear()
    latest = paced(consumer, 0)
    async with latest.running():
        latest.offer(1)
        await consumer.arrived.wait()
        for value in range(2, 1000):
            latest.offer(value)
        assert consumer.got == [1]
        consumer.gate.set()
    assert consumer.got == [1, 999]


async def test_first_value_goes_out_at_once() -> None:
    consumer = Slow()
    latest = paced(consumer, 60)
    async with latest.running():
        latest.offer(1)
        await asyncio.wait_for(consumer.arrived.wait(), 1)


async def test_value_offered_before_the_block_is_delivered() -> None:
    consumer = Slow()
    latest = paced(consumer, 60)
    latest.offer(1)
    async with latest.running():
        await asyncio.wait_for(consumer.arrived.wait(), 1)
    assert consumer.got == [1]


async def test_last_value_goes_out_at_once_when_the_block_is_left() -> None:
    consumer = Slow()
    latest = paced(consumer, 60)
    async with asyncio.timeout(1), latest.running():
        latest.offer(1)
        await consumer.arrived.wait()
        latest.offer(2)
    assert consumer.got == [1, 2]


async def test_last_value_goes_out_when_the_block_fails() -> None:
    consumer = Slow()
    latest = paced(consumer, 60)

    async def body() -> None:
        async with latest.running():
            latest.offer(1)
            raise ValueError("why")

    with pytest.raises(ValueError, match="why"):
        await body()
    assert consumer.got == [1]


async def test_last_value_goes_out_when_the_block_is_cancelled() -> None:
    consumer = Slow()
    latest = paced(consumer, 60)

    async def body() -> None:
        async with latest.running():
            latest.offer(1)
            await consumer.arrived.wait()
            latest.offer(2)
            await asyncio.Event().wait()

    task = asyncio.create_task(body())
    await consumer.arrived.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert consumer.got == [1, 2]


async def test_two_deliveries_lie_at_least_the_interval_apart_except_for_the_last() -> None:
    consumer = Slow()
    latest = paced(consumer, 0.05)
    async with latest.running():
        for value in range(60):
            latest.offer(value)
            await asyncio.sleep(0.003)
    gaps = [later - earlier for earlier, later in zip(consumer.times, consumer.times[1:], strict=False)]
    assert len(gaps) >= 2
    assert min(gaps[:-1]) >= 0.049
    assert consumer.got[-1] == 59


async def test_interval_is_asked_anew_each_time() -> None:
    consumer, asked = Slow(), []

    def every() -> float:
        asked.append(True)
        return 0.0

    latest = LatestOnly(consumer.deliver, every=every)
    async with latest.running():
        for value in range(3):
            consumer.arrived.clear()
            latest.offer(value)
            await consumer.arrived.wait()
    assert len(asked) >= 3


async def test_nothing_offered_returns_promptly_and_delivers_nothing() -> None:
    consumer = Slow()
    async with asyncio.timeout(1), paced(consumer, 60).running():
        pass
    assert consumer.got == []


async def test_failing_delivery_surfaces_when_the_block_is_left_and_not_before() -> None:
    arrived = asyncio.Event()

    async def deliver(_value: int) -> None:
        arrived.set()
        raise ConnectionError("nobody there")

    latest = LatestOnly[int](deliver, every=lambda: 0)
    left = asyncio.Event()

    async def body() -> None:
        async with latest.running():
            latest.offer(1)
            await arrived.wait()
            await asyncio.sleep(0)
            latest.offer(2)
            left.set()

    with pytest.raises(ConnectionError):
        await body()
    assert left.is_set()


async def test_no_task_is_left_behind() -> None:
    consumer = Slow()
    latest = paced(consumer, 60)
    async with latest.running():
        latest.offer(1)
    assert asyncio.all_tasks() == {asyncio.current_task()}
