"""
SQLite connections on which a statement takes one trip to the connection's thread.

aiosqlite takes four, for the cursor, the statement, the rows and the end. Each returns through the event loop, and
where that is busy with a thousand jobs, a transaction mostly waits for it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, Self

import aiosqlite

AT_ONCE = 256  # rows that come along with the statement; the others are fetched as they are asked for


def connect(*args: Any, **options: Any) -> aiosqlite.Connection:
    """Return a connection to be awaited. Takes what ``sqlite3.connect`` does."""
    connection = _Connection(lambda: sqlite3.connect(*args, **options), AT_ONCE)
    connection._thread.daemon = True  # as SQLAlchemy has those that it makes itself
    return connection


class _Connection(aiosqlite.Connection):
    def cursor(self) -> _Cursor:  # type: ignore[override]  # not awaited: its first statement opens it
        return _Cursor(self)

    async def rollback(self) -> None:
        # Pools ask for it after each commit too.
        if self.in_transaction:
            await super().rollback()


class _Cursor(aiosqlite.Cursor):
    """Knows of the latest statement what sqlite3's cursor would; that one is gone once it has no more rows."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None

    def __init__(self, connection: _Connection) -> None:
        self.iter_chunk_size = AT_ONCE
        self._conn = connection
        self._cursor: Any = None
        self._rows: list[Any] = []

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> Self:
        await self._trip(self._begin, "execute", sql, parameters or ())
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> Self:
        await self._trip(self._begin, "executemany", sql, parameters)
        return self

    async def fetchone(self) -> Any:
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        size = size or AT_ONCE
        if len(self._rows) < size and self._cursor:
            await self._trip(self._fetch, size - len(self._rows))
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    async def fetchall(self) -> list[Any]:
        if self._cursor:
            await self._trip(self._fetch, None)
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        if self._cursor:
            await self._trip(self._end)

    async def _trip(self, function: Callable[..., None], *arguments: Any) -> None:
        await self._execute(function, *arguments)  # type: ignore[no-untyped-call]

    # What follows runs in the connection's thread.

    def _begin(self, method: str, sql: str, parameters: Any) -> None:
        self._end()
        self._rows = []
        self._cursor = self._conn._conn.cursor()
        getattr(self._cursor, method)(sql, parameters)
        self.description, self.lastrowid = self._cursor.description, self._cursor.lastrowid
        self._fetch(AT_ONCE)

    def _fetch(self, most: int | None) -> None:
        rows = self._cursor.fetchall() if most is None else self._cursor.fetchmany(most)
        self._rows += rows
        self.rowcount = self._cursor.rowcount  # of what was changed and returned it is known with the last row
        if most is None or len(rows) < most:
            self._end()

    def _end(self) -> None:
        cursor, self._cursor = self._cursor, None
        if cursor:
            cursor.close()
