"""A fresh database for each test: an SQLite file, and PostgreSQL too where ``TEST_POSTGRES_URL`` names a server."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import StorageError
from bot.storage import (
    AdmissionStore,
    BlockStore,
    CounterStore,
    Database,
    GuildStore,
    HistoryStore,
    JobStore,
    KeyValueStore,
    UsageStore,
)
from bot.storage.engine.tables import metadata
from tests.conftest import apart, migrate

POSTGRES = os.environ.get("TEST_POSTGRES_URL")


async def on_server(statement: str) -> None:
    """Do something that PostgreSQL does outside of transactions only."""
    engine = create_async_engine(make_url(POSTGRES or ""), isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(statement))
    finally:
        await engine.dispose()


def postgres_url(name: str) -> str:
    return make_url(POSTGRES or "").set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def template(migrated_file: Path) -> Iterator[Callable[[str], str]]:
    """For each kind of database, one that is up to date, to be copied."""
    made: list[str] = []

    @cache
    def make(kind: str) -> str:
        if kind == "sqlite":
            return str(migrated_file)
        name = f"kinora_template_{uuid.uuid4().hex}"
        apart(on_server(f"CREATE DATABASE {name}"))
        made.append(name)
        apart(migrate(postgres_url(name)))
        return name

    yield make
    for name in made:
        apart(on_server(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on."""
    return str(request.param)


@pytest.fixture
async def empty_database_url(kind: str, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a database that does not exist yet (SQLite) or has no tables (PostgreSQL)."""
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/kinora.db"
        return
    name = f"kinora_{uuid.uuid4().hex}"
    await on_server(f"CREATE DATABASE {name}")
    yield postgres_url(name)
    await on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database_url(kind: str, template: Callable[[str], str], tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a database that is up to date and holds nothing. Its tables are to stay as they are."""
    if kind == "sqlite":
        shutil.copyfile(template(kind), tmp_path / "kinora.db")
        yield f"sqlite+aiosqlite:///{tmp_path}/kinora.db"
        return
    url = postgres_url(template(kind))
    yield url
    await _emptied(url)


_END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def _emptied(url: str) -> None:
    """Leave a database of PostgreSQL as it was made, which takes a tenth of the time that a new one takes."""
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.execute(text(_END_OTHERS))
            await connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY"))
    finally:
        await engine.dispose()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = await Database.open(database_url)
    yield database
    await database.close()


@pytest.fixture
def refused() -> Callable[[Coroutine[Any, Any, Any], str], Coroutine[Any, Any, None]]:
    """A function that awaits what has to raise a StorageError with words that match."""

    async def check(work: Coroutine[Any, Any, Any], words: str) -> None:
        with pytest.raises(StorageError, match=words):
            await work

    return check


@pytest.fixture
def store(database: Database) -> JobStore:
    return JobStore(database)


@pytest.fixture
def usage(database: Database) -> UsageStore:
    return UsageStore(database)


@pytest.fixture
def key_values(database: Database) -> KeyValueStore:
    return KeyValueStore(database)


@pytest.fixture
def admissions(database: Database) -> AdmissionStore:
    return AdmissionStore(database)


@pytest.fixture
def history(database: Database) -> HistoryStore:
    return HistoryStore(database)


@pytest.fixture
def blocks(database: Database) -> BlockStore:
    return BlockStore(database)


@pytest.fixture
def counters(database: Database) -> CounterStore:
    return CounterStore(database)


@pytest.fixture
def guilds(database: Database) -> GuildStore:
    return GuildStore(database)
