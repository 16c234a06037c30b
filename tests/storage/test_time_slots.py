"""Each moment is handed out once, however many processes ask at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.storage import Database, TimeSlotStore
from tests.storage.records import NOON

EVERY = timedelta(seconds=5, microseconds=1)


async def test_first_one_may_go_at_once(database: Database) -> None:
    assert await TimeSlotStore(database).reserve("identify", NOON, EVERY) == NOON


async def test_hundred_takes_at_once_get_a_hundred_moments_evenly_apart(database: Database, database_url: str) -> None:
    other = await Database.open(database_url)
    try:
        stores = [TimeSlotStore(database), TimeSlotStore(other)]
        taken = await asyncio.gather(*(stores[n % 2].reserve("identify", NOON, EVERY) for n in range(100)))
    finally:
        await other.close()
    assert sorted(taken) == [NOON + n * EVERY for n in range(100)]


async def test_time_that_nobody_used_is_not_made_up_for(database: Database) -> None:
    slots = TimeSlotStore(database)
    late = NOON + timedelta(hours=1)
    taken = [await slots.reserve("identify", now, EVERY) for now in (NOON, late, late)]
    assert taken == [NOON, late, late + EVERY]


async def test_names_do_not_wait_for_each_other(database: Database) -> None:
    slots = TimeSlotStore(database)
    assert [await slots.reserve(name, NOON, EVERY) for name in ("identify 0", "identify 1")] == [NOON, NOON]
