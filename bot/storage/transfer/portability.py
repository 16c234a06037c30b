"""Finds values that the other database cannot store, and names their row without showing the value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Date, Integer, LargeBinary, Row, String, Table, cast, select

from bot.storage.engine.async_engine import AsyncConnection
from bot.storage.engine.tables import UtcDateTime, WritableText

_TEXT = String | WritableText
ROWS = 1000  # in memory at a time
_LARGEST = 2**31 - 1  # what PostgreSQL's INTEGER holds


def unsupported_value(table: Table, rows: Sequence[Mapping[str, Any]]) -> str | None:
    """Return which value of ``rows`` PostgreSQL does not take, and why, None if none is known."""
    for row in rows:
        for column in table.columns:
            if why := _why_not(column, row[column.name]):
                return _named(table, column, row) + why
    return None


def _why_not(column: Column[Any], value: Any) -> str | None:
    if isinstance(value, str):
        longest = column.type.length if isinstance(column.type, String) else None
        if "\0" in value:
            return "holds a NUL character"
        if longest is not None and len(value) > longest:
            return f"is longer than {longest} characters"
        return None if isinstance(column.type, _TEXT) else "is a text instead of a number"
    if isinstance(value, int) and type(column.type) is Integer and abs(value) > _LARGEST:
        return "is too large a number"
    return None


async def corrupt_value(connection: AsyncConnection, table: Table) -> str | None:
    """Return which text or time of an SQLite table is not what it should be, None if none is known."""
    doubtful = [column for column in table.columns if isinstance(column.type, _TEXT | UtcDateTime | Date)]
    raw = [cast(column, LargeBinary).label(column.name) for column in doubtful]
    keys = [column for column in table.primary_key if column not in doubtful]
    async with aclosing(connection.partitions(select(*keys, *raw), ROWS)) as parts:
        async for rows in parts:
            for row in rows:
                if found := _corrupt_of(row, table, doubtful):
                    return found
    return None


def _corrupt_of(row: Row[Any], table: Table, doubtful: Sequence[Column[Any]]) -> str | None:
    for column in doubtful:
        value = getattr(row, column.name)
        if value is not None and not _is_readable(column, value):
            what = "is no valid Unicode" if isinstance(column.type, _TEXT) else "is no time"
            return _named(table, column, dict(row._mapping)) + what
    return None


def _is_readable(column: Column[Any], value: bytes) -> bool:
    try:
        text = value.decode()
        if not isinstance(column.type, _TEXT):
            datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _named(table: Table, column: Column[Any], row: Mapping[str, Any]) -> str:
    keys = ", ".join(f"{key.name} {_shown(row[key.name])}" for key in table.primary_key)
    return f"column {column.name} of table {table.name}, in the row with {keys}, "


def _shown(key: Any) -> str:
    text = key.decode("utf-8", "replace") if isinstance(key, bytes) else str(key)
    return ascii(text) if not text.isprintable() else text
