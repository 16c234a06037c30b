"""
SQLAlchemy Core for asyncio, as far as it is used here.

``sqlalchemy.ext.asyncio`` has it too, and brings the whole ORM along, a fifteenth of the bot's memory. The work is done
in the same way: SQLAlchemy's own code runs in a greenlet, and what its drivers await is awaited outside of that.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    CursorResult,
    Dialect,
    Engine,
    Executable,
    PoolProxiedConnection,
    Row,
    ScalarResult,
)
from sqlalchemy.util import greenlet_spawn

T = TypeVar("T")
Rows = Sequence[Row[*tuple[Any, ...]]]


class AsyncConnection:
    """A connection in a transaction. All rows of a result are there already, except those of ``partitions``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        """What SQLAlchemy knows of this kind of database."""
        return self._connection.dialect

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[*tuple[Any, ...]]:
        """Execute ``statement``, with one set of parameters or a list of them."""
        return await greenlet_spawn(self._connection.execute, statement, parameters)

    async def scalar(self, statement: Executable, parameters: Any = None) -> Any:
        """Return the first column of the first row, None if there is none."""
        return (await self.execute(statement, parameters)).scalar()

    async def scalars(self, statement: Executable, parameters: Any = None) -> ScalarResult[Any]:
        """Return the first column of all rows."""
        return (await self.execute(statement, parameters)).scalars()

    async def partitions(self, statement: Executable, size: int) -> AsyncGenerator[Rows, None]:
        """Yield the rows, at most ``size`` at a time; no more of them are held."""
        options = {"stream_results": True}
        result = await greenlet_spawn(self._connection.execute, statement, execution_options=options)
        try:
            while rows := await greenlet_spawn(result.fetchmany, size):
                yield rows
        finally:
            await _complete(greenlet_spawn(result.close))

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        """Return what ``work`` returns, code that knows nothing of asyncio and is given the connection."""
        return await greenlet_spawn(work, self._connection)

    async def rollback(self) -> None:
        """Take back what the transaction has done; nothing more can be done in it."""
        await greenlet_spawn(self._connection.rollback)

    async def get_raw_connection(self) -> PoolProxiedConnection:
        """Return the driver's own connection, with what the pool adds to it."""
        return await greenlet_spawn(lambda: self._connection.connection)


class AsyncEngine:
    """Connections to one database; ``sync_engine`` is what SQLAlchemy's events are heard on."""

    def __init__(self, sync_engine: Engine) -> None:
        self.sync_engine = sync_engine

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A transaction on a connection of its own; committed unless the block fails."""
        connection = await greenlet_spawn(self.sync_engine.connect)
        try:
            transaction = await greenlet_spawn(connection.begin)
            try:
                yield AsyncConnection(connection)
                if transaction.is_active:  # and was not rolled back
                    await greenlet_spawn(transaction.commit)
            except BaseException:
                await greenlet_spawn(transaction.close)
                raise
        finally:
            await _complete(greenlet_spawn(connection.close))

    async def dispose(self) -> None:
        """Close the connections that are not in use."""
        await greenlet_spawn(self.sync_engine.dispose)


async def _complete(work: Coroutine[Any, Any, T]) -> T:
    """Do the work to its end also if the caller is cancelled; a connection is back in its pool before that goes on."""
    task = asyncio.create_task(work, name="give a connection back")
    cancelled = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    result = task.result()
    if cancelled:
        raise cancelled
    return result
