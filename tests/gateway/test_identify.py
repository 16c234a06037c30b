"""Shards identify in turn: a turn is given to one, kept while it is waited for, and never used late."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import StorageError
from bot.gateway.identify import INTERVAL, MARGIN, IdentifyQueue, LocalSlots

START = datetime(2026, 3, 1, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.present = START

    def __call__(self) -> datetime:
        return self.present


class Slots:
    """Gives turns so many seconds from now, and remembers who asked."""

    def __init__(self, seconds: float = 0, error: Exception | None = None) -> None:
        self.seconds = seconds
        self.error = error
        self.taken: list[str] = []

    async def reserve(self, name: str, now: datetime, every: timedelta) -> datetime:
        self.taken.append(name)
        if self.error:
            raise self.error
        return now + timedelta(seconds=self.seconds)


async def waits(turns: IdentifyQueue, shard_id: int, seconds: float) -> bool:
    """Whether the turn is further away than ``seconds``."""
    try:
        async with asyncio.timeout(0.02):
            await turns.wait_until_near(shard_id, ahead=seconds)
    except TimeoutError:
        return True
    return False


async def test_turns_of_one_name_are_an_interval_apart_and_names_do_not_wait_for_one_another() -> None:
    slots = LocalSlots()
    first, second = [await slots.reserve("a", START, timedelta(seconds=6)) for _ in range(2)]
    other = await slots.reserve("b", START, timedelta(seconds=6))
    much_later = await slots.reserve("a", START + timedelta(hours=1), timedelta(seconds=6))

    assert (first, second, other) == (START, START + timedelta(seconds=6), START)
    assert much_later == START + timedelta(hours=1)


async def test_shards_ask_for_the_turn_of_their_bucket() -> None:
    slots = Slots()
    turns = IdentifyQueue(slots, max_concurrency=16)
    for shard_id in (0, 5, 16, 37):
        await turns.wait(shard_id)

    assert slots.taken == ["identify 0", "identify 5", "identify 0", "identify 5"]


async def test_a_turn_that_is_still_to_come_is_kept_by_a_shard_that_stopped_waiting() -> None:
    slots = Slots(seconds=30)
    turns = IdentifyQueue(slots, 1, Clock())
    for _ in range(3):
        assert await waits(turns, 0, seconds=29.9)

    assert len(slots.taken) == 1


async def test_a_turn_is_used_once() -> None:
    slots = Slots()
    turns = IdentifyQueue(slots, 1, Clock())
    await turns.wait(0)
    await turns.wait(0)

    assert len(slots.taken) == 2


async def test_a_turn_may_be_used_a_little_late_but_not_so_late_that_the_next_comes_too_close() -> None:
    slots, clock = Slots(), Clock()
    turns = IdentifyQueue(slots, 1, clock)
    await turns.wait_until_near(0, ahead=10)
    clock.present += MARGIN
    await turns.wait_until_near(0, ahead=10)
    assert len(slots.taken) == 1
    clock.present += timedelta(milliseconds=1)
    await turns.wait(0)
    assert len(slots.taken) == 2


async def test_a_turn_that_a_busy_machine_slept_through_is_not_used() -> None:
    slots, clock = Slots(), Clock()
    moments = iter([START, START, START + MARGIN * 2])

    def oversleeping() -> datetime:
        clock.present = next(moments, clock.present)
        return clock.present

    await IdentifyQueue(slots, 1, oversleeping).wait(0)

    assert len(slots.taken) == 2


@pytest.mark.parametrize(
    "slots",
    [Slots(error=StorageError("away")), Slots(error=TimeoutError()), Slots(seconds=86_400)],
    ids=["a database that is away", "one that does not answer", "a clock that was a day ahead"],
)
async def test_where_no_turn_can_be_had_a_shard_waits_the_plain_interval(slots: Slots) -> None:
    turns = IdentifyQueue(slots, 1, Clock())
    seconds = INTERVAL.total_seconds()

    assert await waits(turns, 0, seconds=seconds - 0.5)
    assert not await waits(turns, 0, seconds=seconds)
