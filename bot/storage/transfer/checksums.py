"""Adds up the tables of a database, to the same numbers on every kind of database."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    Table,
    Text,
    cast,
    func,
    literal_column,
    select,
)

from bot.storage.engine.async_engine import AsyncConnection
from bot.storage.engine.tables import UtcDateTime

# Written out: PostgreSQL takes a bound number for one of another size.
_LOW: Any = literal_column(str(2**32 - 1))
_BITS: Any = literal_column("32")

_Added = tuple[int, int | float]


@dataclass(frozen=True, slots=True)
class Sums:
    """How many rows a table has, and how many values each column, with their sum."""

    rows: int
    columns: Mapping[str, _Added]

    def differing(self, other: Sums) -> list[str]:
        """Return the columns that do not add up to the same."""
        return [name for name, found in self.columns.items() if not _same(found, other.columns[name])]


async def sums(connection: AsyncConnection, table: Table) -> Sums:
    """
    Add up a table: numbers, of times the seconds since 1970, of texts the letters.

    Numbers are added in two halves, or the ids of a few servers would be more than SQLite can hold.
    """
    dialect = connection.dialect.name
    parts: list[Any] = [func.count()]
    for column in table.columns:
        value = _number(column, dialect)
        halves = [value.op("&")(_LOW), value.op(">>")(_BITS)]
        if isinstance(column.type, Float):
            halves = [value, cast(None, BigInteger)]
        parts += [func.count(column), *(func.sum(half) for half in halves)]
    row = (await connection.execute(select(*parts).select_from(table))).one()
    found = zip(table.columns, row[1::3], row[2::3], row[3::3], strict=True)
    return Sums(row[0], {column.name: (count, _total(low, high)) for column, count, low, high in found})


def _number(column: Column[Any], dialect: str) -> Any:
    """Return what is added up of a column: as whole numbers, if it holds any."""
    kind = column.type
    if isinstance(kind, Float):
        return column
    if isinstance(kind, Boolean):
        return cast(cast(column, Integer), BigInteger)
    if isinstance(kind, UtcDateTime | Date):
        # Cut off before the fraction: SQLite would round it.
        whole = func.strftime("%s", func.substr(column, 1, 19, type_=Text))
        return cast(whole if dialect == "sqlite" else func.floor(func.extract("epoch", column)), BigInteger)
    return cast(column if isinstance(kind, Integer) else func.length(column), BigInteger)


def _total(low: Any, high: Any) -> int | float:
    if isinstance(low, float):
        return low
    return (int(high or 0) << 32) + int(low or 0)


def _same(one: _Added, other: _Added) -> bool:
    if isinstance(one[1], float):  # they depend on the order in which they were added
        return one[0] == other[0] and math.isclose(one[1], other[1], rel_tol=1e-9)
    return one == other
