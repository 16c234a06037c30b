"""Each moment is handed out once, however many processes ask at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.storage import Database, SlotStore
from tests.storage.records import NOON

EVERY = timedelta(seconds=5, microseconds=1)


async def test_first_one_may_go_at_once(database: Database) -> None:
    assert await SlotStore(database).take("identify", NOON, EVERY) == NOON


async def test_hundred_takes_at_once_get_a_hundred_moments_evenly_apart(database: Database, database_url: str) -> None:
    other = await Database.open(database_url)
    try:
        stores = [SlotStore(database), SlotStore(other)]
        taken = await asyncio.gather(*(stores[n % 2].take("identify", NOON, EVERY) for n in range(100)))
    finally:
        await other.close()
    assert sorted(taken) == [NOON + n * EVERY for n in range(100)]


async def test_time_that_nobody_used_is_not_made_up_for(database: Database) -> None:
    slots = SlotStore(database)
    late = NOON + timedelta(hours=1)
    taken = [await slots.take("identify", now, EVERY) for now in (NOON, late, late)]
    assert taken == [NOON, late, late + EVERY]


async def test_names_do_not_wait_for_each_other(database: Database) -> None:
    slots = SlotStore(database)
    assert [await slots.take(name, NOON, EVERY) for name in ("identify 0", "identify 1")] == [NOON, NOON]
