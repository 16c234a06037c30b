"""Each statement takes one trip to SQLite's thread, and everything is as it would be with aiosqlite's own four."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.storage.engine.sqlite_driver import AT_ONCE, connect

ROWS = 2 * AT_ONCE + 3


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/it.db", connect_args={"async_creator_fn": connect})
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE numbers (id INTEGER PRIMARY KEY, square INTEGER)"))
        rows = [{"id": number, "square": number**2} for number in range(ROWS)]
        await connection.execute(text("INSERT INTO numbers VALUES (:id, :square)"), rows)
    yield engine
    await engine.dispose()


async def test_a_transaction_takes_one_trip_for_each_statement_and_one_to_commit(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "aiosqlite")
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE numbers SET square = 0 WHERE id = 1"))
        (await connection.execute(text("SELECT * FROM numbers WHERE id < 9"))).all()

    assert sum(record.message.startswith("executing") for record in caplog.records) == 3


@pytest.mark.parametrize("count", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, ROWS])
async def test_all_rows_come_in_order_however_many_they_are(engine: AsyncEngine, count: int) -> None:
    query = text("SELECT square FROM numbers WHERE id < :count ORDER BY id")
    async with engine.begin() as connection:
        at_once = list((await connection.scalars(query, {"count": count})).all())
        first = (await connection.execute(query, {"count": count})).first()
        streamed = [row.square async for row in await connection.stream(query, {"count": count})]

    expected = [number**2 for number in range(count)]
    assert at_once == streamed == expected
    assert first == ((0,) if count else None)


async def test_rows_that_are_streamed_are_not_all_held_at_once(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    async with engine.begin() as connection:
        result = await connection.stream(text("SELECT id FROM numbers"))
        caplog.set_level(logging.DEBUG, "aiosqlite")
        parts = [len(part) async for part in result.partitions(100)]

    assert parts == [100] * (ROWS // 100) + [ROWS % 100]
    assert sum("_fetch" in record.message for record in caplog.records if record.message.startswith("executing")) > 1


async def test_statements_say_how_many_rows_they_changed_and_return_what_they_are_asked_to(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        changed = await connection.execute(text("UPDATE numbers SET square = -1 WHERE id < 300"))
        returned = await connection.execute(text("DELETE FROM numbers WHERE id = 7 RETURNING id, square"))

    assert (changed.rowcount, returned.rowcount) == (300, 1)
    assert [(row.id, row.square) for row in returned] == [(7, -1)]


async def test_after_a_statement_that_failed_nothing_of_its_transaction_stays_and_the_next_one_works(
    engine: AsyncEngine,
) -> None:
    async def fail() -> None:
        async with engine.begin() as connection:
            await connection.execute(text("DELETE FROM numbers WHERE id > 1"))
            await connection.execute(text("INSERT INTO numbers VALUES (0, 0)"))

    with pytest.raises(IntegrityError):
        await fail()

    async with engine.begin() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM numbers")) == ROWS
