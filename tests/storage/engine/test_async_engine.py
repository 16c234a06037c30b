"""A transaction ends as its block does, and its connection is back in the pool before anything goes on."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select, text

from bot.storage import Database
from bot.storage.engine.async_engine import AsyncConnection
from bot.storage.engine.tables import notes

COUNT = text("SELECT count(*) FROM notes")
NAMES = select(notes.c.name).order_by(notes.c.name)


async def put(connection: AsyncConnection, *names: str) -> None:
    await connection.execute(notes.insert(), [{"name": name, "value": "v"} for name in names])


async def count(database: Database) -> int:
    async with database.read() as connection:
        return int(await connection.scalar(COUNT))


async def test_what_a_block_does_is_kept(database: Database) -> None:
    async with database.write() as connection:
        await put(connection, "a", "b")
        assert await connection.scalar(COUNT) == 2

    assert await count(database) == 2


async def test_nothing_is_kept_of_a_block_that_fails(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as connection:
            await put(connection, "a")
            raise ValueError("of the block")

    with pytest.raises(ValueError, match="of the block"):
        await fail()

    assert await count(database) == 0


async def test_nothing_is_kept_of_a_block_that_is_rolled_back(database: Database) -> None:
    async with database.write() as connection:
        await put(connection, "a")
        await connection.rollback()

    assert await count(database) == 0


async def test_block_inside_the_handling_of_an_error_is_kept(database: Database) -> None:
    try:
        raise ValueError
    except ValueError:
        async with database.write() as connection:
            await put(connection, "a")

    assert await count(database) == 1


async def test_connection_of_a_cancelled_block_is_free_when_its_task_has_ended(database: Database) -> None:
    inside = asyncio.Event()

    async def write() -> None:
        async with database.write() as connection:
            await put(connection, "a")
            inside.set()
            await asyncio.Event().wait()

    for _ in range(12):  # more than there are connections
        task = asyncio.create_task(write())
        await inside.wait()
        inside.clear()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()

    async with asyncio.timeout(5):
        assert await count(database) == 0


@pytest.mark.parametrize("size", [2, 5, 100])
async def test_partitions_hold_all_rows_in_their_order(database: Database, size: int) -> None:
    async with database.write() as connection:
        await put(connection, *"abcde")
        parts = [[row.name for row in rows] async for rows in connection.partitions(NAMES, size)]

    assert [name for part in parts for name in part] == list("abcde")
    assert max(map(len, parts)) <= size
