"""An urgent value does not wait for the pace, and is made up for: over time there are no more deliveries."""

from __future__ import annotations

import asyncio
from collections.abc import Container
from contextlib import AsyncExitStack
from itertools import pairwise

import pytest

from benchmarks.soak.fuzz.virtual_loop import VirtualLoop
from bot.concurrency.latest_only import LONGEST_PAUSE, LatestOnly

EVERY = 2.5  # seconds
TICK = 0.25  # a value is offered at each
LATE = 30.0  # seconds; by then an early delivery is made up for
FIRST = [TICK * ticks for ticks in range(1, 11)]  # moments in all phases of the interval


def deliveries(seconds: float, *, urgent: Container[float] = (), takes: float = 0.0) -> list[tuple[float, float]]:
    """
    Return when something was delivered, and when it had been offered, while a new value came at each tick.

    ``urgent`` are the moments at which it was urgent; a delivery ``takes`` so long.
    """

    async def play(loop: VirtualLoop) -> list[tuple[float, float]]:
        delivered: list[tuple[float, float]] = []

        async def deliver(value: float) -> None:
            delivered.append((loop.time(), value))
            await asyncio.sleep(takes)

        latest = LatestOnly(deliver, every=lambda: EVERY)
        async with AsyncExitStack() as block:
            await block.enter_async_context(latest.running())
            while loop.time() < seconds:
                latest.offer(loop.time(), urgent=loop.time() in urgent)
                await loop.quiet()
                loop.advance(TICK)
            leaving = asyncio.create_task(block.aclose())
            while not leaving.done():
                await loop.quiet()
                loop.advance(TICK)
        return [(time, value) for time, value in delivered if time < seconds]

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, VirtualLoop)
        return runner.run(play(loop))


@pytest.mark.parametrize("moment", FIRST)
def test_an_urgent_value_goes_out_at_once(moment: float) -> None:
    assert deliveries(moment + TICK, urgent=[moment]) == [(0.0, 0.0), (moment, moment)]


def test_an_urgent_value_that_comes_during_a_delivery_goes_out_after_it_as_what_replaced_it() -> None:
    assert deliveries(3.0, urgent=[0.5], takes=1.0) == [(0.0, 0.0), (1.0, 1.0)]


@pytest.mark.parametrize("moment", FIRST)
def test_an_urgent_value_adds_no_delivery_once_it_is_made_up_for(moment: float) -> None:
    for later in range(10):
        seconds = LATE + later * TICK
        assert len(deliveries(seconds, urgent=[moment])) <= len(deliveries(seconds))


@pytest.mark.parametrize("moment", FIRST)
def test_no_pause_is_much_longer_than_the_interval(moment: float) -> None:
    times = [time for time, _ in deliveries(LATE, urgent=[moment])]
    pauses = [later - earlier for earlier, later in pairwise(times[1:])]
    assert EVERY <= min(pauses) <= max(pauses) <= EVERY * LONGEST_PAUSE


@pytest.mark.parametrize("takes", [0.0, 1.0])
def test_what_is_delivered_is_the_newest_at_that_moment(takes: float) -> None:
    delivered = deliveries(LATE, urgent=[0.5], takes=takes)
    assert [time for time, _ in delivered] == [value for _, value in delivered]
