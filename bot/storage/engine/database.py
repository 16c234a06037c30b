"""The connection to the database: opens it, upgrades it, gives out transactions and closes it."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.concurrency.backoff import retry
from bot.errors import StorageError
from bot.installation.extras import Extra
from bot.storage.engine.async_engine import AsyncConnection, AsyncEngine
from bot.storage.engine.sqlite_driver import connect
from bot.storage.engine.tables import complete_for_postgresql
from bot.storage.engine.upgrade import keep_copy, upgrade, upgrade_due

BUSY_TIMEOUT = 5.0  # seconds a statement waits for another process to release the SQLite file
# What PostgreSQL gets for a statement and for a lock, and what it grants a transaction between two statements, in
# seconds: neither a silent server nor a machine without power may keep all others waiting.
STATEMENT_TIMEOUT, LOCK_TIMEOUT, IDLE_TIMEOUT = 15.0, 5.0, 15.0
LOCKED_PAUSE = 0.05  # seconds between two tries to upgrade a file that another process upgrades
READERS = 4  # connections to SQLite, beside the one that writes
CONNECTIONS = 10  # to PostgreSQL, beside the reserved one
_WRITER_PRAGMAS = (
    *("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"),
    "cache_size=-4096",  # KiB; each row that is written touches ten indexes
    "wal_autocheckpoint=4000",  # pages; with SQLite's own 1000 every third burst of requests waits
)
# 512 KiB for each connection; SQLite's own 2 MB, filled five times over, look like a leak.
_READER_PRAGMAS = ("query_only=ON", "cache_size=-512")
# Parameters are hidden, or a traceback in the log would hold a member's prompt.
_ENGINE: dict[str, Any] = {"max_overflow": 0, "pool_timeout": 60, "hide_parameters": True}
_MIGRATION_LOCK = 0x6B696E6F  # any number that no other program uses; here the letters "kino"


class Database:
    """
    An open, upgraded database. Use ``async with await Database.open(url)``: an SQLite connection left open keeps the
    process from ending.

    SQLite is written through one connection, so that writers queue here in order instead of polling a lock.
    """

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine, reserved: AsyncEngine) -> None:
        self._writer = writer
        self._reader = reader
        self._reserved = reserved
        self.dialect = writer.sync_engine.dialect.name

    @classmethod
    async def open(cls, url: str) -> Self:
        """Open ``url``, creating or upgrading the database. Raises StorageError."""
        database = cls.unmigrated(url)
        try:
            await database._upgrade()
        except BaseException:
            await database.close()
            raise
        if database.dialect == "sqlite":
            return database
        await database.close()  # an upgrade may take its time; what follows may not
        return cls(*_postgres(_parsed(url), deadlines=True))

    @classmethod
    def unmigrated(cls, url: str) -> Self:
        """Return the database of ``url``, not upgraded. Raises StorageError if ``url`` is malformed."""
        parsed = _parsed(url)
        return cls(*(_sqlite(parsed) if parsed.drivername.startswith("sqlite") else _postgres(parsed)))

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may write; committed unless the block fails. Raises StorageError."""
        async with _storage_errors(), self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def write_reserved(self) -> AsyncIterator[AsyncConnection]:
        """
        The same on a connection that waits for no other work of this process, where the database takes several writers.

        For what must not be late, and is short. Raises StorageError.
        """
        async with _storage_errors(), self._reserved.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads. Raises StorageError."""
        async with _storage_errors(), self._reader.begin() as connection:
            yield connection

    async def _upgrade(self) -> None:
        deadline = time.monotonic() + BUSY_TIMEOUT

        def check_locked(error: Exception) -> None:
            # Where two processes turn a new file to WAL at once, SQLite sends one away without any waiting.
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise error

        await retry(self._try_to_upgrade, [LOCKED_PAUSE], on=StorageError, on_retry=check_locked)

    async def _try_to_upgrade(self) -> None:
        if self.dialect == "sqlite":
            await self._keep_copy()
        async with self.write() as connection:
            await migrate(connection)

    async def _keep_copy(self) -> None:
        async with self.read() as connection:
            revision = await connection.run_sync(upgrade_due)
        if revision:
            await asyncio.to_thread(keep_copy, self._writer.sync_engine.url, revision, BUSY_TIMEOUT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections. May be called twice."""
        await self._writer.dispose()
        await self._reader.dispose()
        await self._reserved.dispose()


async def migrate(connection: AsyncConnection) -> None:
    """Upgrade the database in the caller's transaction; other upgrades wait until that ends."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    await connection.run_sync(upgrade)


@asynccontextmanager
async def _storage_errors() -> AsyncIterator[None]:
    try:
        yield
    except (SQLAlchemyError, OSError, UnicodeError, OverflowError) as error:
        raise StorageError(_words(error)) from None  # the driver's error may quote a whole row


def _words(error: Exception) -> str:
    """Return the error in words, without the values of the statement: a member's prompt may be among them."""
    if isinstance(error, UnicodeError):
        return "a text that is no valid Unicode cannot be stored"
    if isinstance(error, DBAPIError):
        # The driver's own words; SQLAlchemy's would add the statement. PostgreSQL puts the row into later lines, and
        # its driver quotes a value that it cannot encode.
        words = str(error.orig).partition("\n")[0]
        return "a value cannot be stored" if "invalid input for query argument" in words else words
    return str(getattr(error, "orig", None) or error)


def sqlite_file(url: str) -> Path | None:
    """Return the file of an SQLite database, None of any other. Raises StorageError if ``url`` is malformed."""
    parsed = _parsed(url)
    if not parsed.drivername.startswith("sqlite") or not parsed.database:
        return None
    return Path(parsed.database.removeprefix("file:"))


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (SQLAlchemyError, ValueError):
        raise StorageError("the address of the database is malformed") from None


def _sqlite(url: URL) -> tuple[AsyncEngine, AsyncEngine, AsyncEngine]:
    if url.database:
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"cannot create the folder of {url.database}: {error.strerror}") from error
        try:
            # Tried here first: where it fails, aiosqlite's thread outlives the loop and complains after our sentence.
            sqlite3.connect(url.database, uri="uri" in url.query).close()
        except sqlite3.Error as error:
            raise StorageError(str(error)) from error
    writer = _sqlite_engine(url, 1, "BEGIN IMMEDIATE", *_WRITER_PRAGMAS)
    return writer, _sqlite_engine(url, READERS, "BEGIN", *_READER_PRAGMAS), writer


def _sqlite_engine(url: URL, connections: int, begin: str, *pragmas: str) -> AsyncEngine:
    # No isolation level: the driver's own transaction control begins too late to protect what was read before.
    arguments = {"timeout": BUSY_TIMEOUT, "isolation_level": None, "async_creator_fn": connect}
    engine = AsyncEngine(create_engine(url, connect_args=arguments, pool_size=connections, **_ENGINE))
    _on_connect(engine, [f"PRAGMA {pragma}" for pragma in pragmas])
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _on_connect(engine: AsyncEngine, statements: Sequence[str]) -> None:
    def prepare(connection: Any, _record: object) -> None:
        try:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
            cursor.close()
            connection.commit()
        except BaseException:
            connection.close()  # no pool knows it yet, and its thread would live on
            raise

    event.listen(engine.sync_engine, "connect", prepare)


def _postgres(url: URL, *, deadlines: bool = False) -> tuple[AsyncEngine, AsyncEngine, AsyncEngine]:
    engine = _postgres_engine(url, CONNECTIONS, deadlines=deadlines)
    return engine, engine, _postgres_engine(url, 1, deadlines=deadlines)


def _postgres_engine(url: URL, connections: int, *, deadlines: bool) -> AsyncEngine:
    complete_for_postgresql()
    arguments = {"command_timeout": STATEMENT_TIMEOUT} if deadlines else {}
    try:
        engine = AsyncEngine(
            create_engine(url, connect_args=arguments, pool_size=connections, pool_pre_ping=True, **_ENGINE)
        )
    except ModuleNotFoundError as error:
        raise StorageError(f"PostgreSQL needs one more package: {Extra.POSTGRES.how_to_add}") from error
    if deadlines:
        # Set once connected, not while connecting: pgbouncer takes no settings there.
        settings = {"lock_timeout": LOCK_TIMEOUT, "idle_in_transaction_session_timeout": IDLE_TIMEOUT}
        _on_connect(engine, [f"SET {name} = {int(seconds * 1000)}" for name, seconds in settings.items()])
    return engine
