"""Moves all data from one database to another, of the same kind or not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from bot.errors import StorageError
from bot.storage.engine.async_engine import AsyncConnection
from bot.storage.engine.database import Database, migrate, sqlite_file
from bot.storage.engine.tables import jobs, metadata
from bot.storage.engine.upgrade import why_not_newest
from bot.storage.transfer.checksums import Sums, sums
from bot.storage.transfer.portability import corrupt_value, unsupported_value

BATCH = 5000  # rows in memory at a time

_INDEXES = [index for table in metadata.sorted_tables for index in table.indexes]
_REPAIR = "; repair it in the database to move from. Nothing was moved"

Tell = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Check:
    """One table as it was read back from both sides after the move."""

    table: str
    here: Sums
    there: Sums

    @property
    def differing(self) -> list[str]:
        """The columns that do not add up to the same on both sides."""
        return self.here.differing(self.there)

    @property
    def is_equal(self) -> bool:
        """Whether rows and all sums are the same."""
        return self.here.rows == self.there.rows and not self.differing


async def move(source_url: str, target_url: str, now: datetime, tell: Tell) -> list[Check]:
    """
    Copy every table into the database of ``target_url``, which is made by the migrations and must hold no rows.

    All of it is one transaction there, and one snapshot here, where nothing is changed. Where the two do not add up to
    the same, which the returned checks say, nothing is kept. ``tell`` is called now and then with a table and how many
    of its rows are copied. Raises StorageError.
    """
    if (file := sqlite_file(source_url)) and not file.is_file():  # SQLite would make it
        raise StorageError(f"there is no file {file} to move from")
    async with Database.unmigrated(source_url) as source, source.read() as here:
        await _check_source(here, now)
        async with Database.unmigrated(target_url) as target, target.write() as there:
            await _check_empty(there)
            await migrate(there)
            for index in _INDEXES:  # created again afterwards: quicker than updating them row by row
                await there.run_sync(index.drop)
            for table in metadata.sorted_tables:
                await _copy(table, here, there, tell)
                await _count_on(table, there)
            for index in _INDEXES:
                await there.run_sync(index.create)
            checks = [
                Check(table.name, await sums(here, table), await sums(there, table)) for table in metadata.sorted_tables
            ]
            if not all(check.is_equal for check in checks):
                await there.rollback()
    return checks


async def _check_source(here: AsyncConnection, now: datetime) -> None:
    if here.dialect.name == "postgresql":
        await here.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    if why := await here.run_sync(why_not_newest):
        raise StorageError(f"the one to move from: {why}")
    held = select(func.count()).where(jobs.c.delivery.is_(None), jobs.c.lease_until > now)
    if count := await here.scalar(held):
        raise StorageError(
            f"Kinora still looks after {count} of its jobs. Stop Kinora first; if it was killed, wait for half a minute"
        )


async def _check_empty(there: AsyncConnection) -> None:
    present = set(await there.run_sync(_tables))
    for table in metadata.sorted_tables:
        if table.name in present and (await there.execute(select(text("1")).select_from(table).limit(1))).first():
            raise StorageError(f"the one to move to is not empty: its table {table.name} has rows. Nothing was changed")


def _tables(connection: Connection) -> list[str]:
    return inspect(connection).get_table_names()


async def _copy(table: Table, here: AsyncConnection, there: AsyncConnection, tell: Tell) -> None:
    copied = 0
    async for rows in _batches(table, here):
        try:
            await _write(table, there, rows)
        except Exception as error:  # noqa: BLE001 - whatever a driver raises may quote a row
            if found := unsupported_value(table, [dict(row._mapping) for row in rows]):
                raise StorageError(f"{found}{_REPAIR}") from None
            name = type(error).__name__
            raise StorageError(f"table {table.name} could not be written ({name}). Nothing was moved") from None
        copied += len(rows)
        tell(table.name, copied)


async def _write(table: Table, there: AsyncConnection, rows: Sequence[Row[Any]]) -> None:
    if there.dialect.name == "postgresql":
        driver: Any = (await there.get_raw_connection()).driver_connection
        # PostgreSQL's COPY, several times as quick as inserting.
        await driver.copy_records_to_table(table.name, records=rows, columns=[column.name for column in table.columns])
    else:
        await there.execute(table.insert(), [dict(row._mapping) for row in rows])


async def _count_on(table: Table, there: AsyncConnection) -> None:
    """Let new rows have higher numbers than those that were brought along; SQLite does so by itself."""
    key = table.autoincrement_column
    if key is not None and there.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, key.name)
        highest = func.max(key)
        await there.execute(select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None))))


async def _batches(table: Table, here: AsyncConnection) -> AsyncIterator[Sequence[Row[Any]]]:
    try:
        async for rows in here.partitions(select(table), BATCH):
            yield rows
    except (DBAPIError, ValueError):
        # The driver's own words would quote a text that it cannot read.
        found = await corrupt_value(here, table) if here.dialect.name == "sqlite" else None
        raise StorageError(f"{found or f'a row of table {table.name} cannot be read'}{_REPAIR}") from None
