"""A fresh database for each test: an SQLite file, and PostgreSQL too where ``TEST_POSTGRES_URL`` names a server."""

from __future__ import annotations

import asyncio
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

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


async def migrated(url: str) -> None:
    """Bring the database up to date."""
    await (await Database.open(url)).close()


def apart(work: Coroutine[Any, Any, None]) -> None:
    """Run ``work`` in a loop of its own; fixtures of a whole session have none."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """For each kind of database, one that is up to date, to be copied: the migrations take longer than most tests."""
    made: list[str] = []

    @cache
    def make(kind: str) -> str:
        if kind == "sqlite":
            path = tmp_path_factory.mktemp("template") / "kinora.db"
            apart(migrated(f"sqlite+aiosqlite:///{path}"))
            return str(path)
        name = f"kinora_template_{uuid.uuid4().hex}"
        apart(on_server(f"CREATE DATABASE {name}"))
        made.append(name)
        apart(migrated(postgres_url(name)))
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
    """The URL of a database that is up to date and holds nothing."""
    if kind == "sqlite":
        shutil.copyfile(template(kind), tmp_path / "kinora.db")
        yield f"sqlite+aiosqlite:///{tmp_path}/kinora.db"
        return
    name = f"kinora_{uuid.uuid4().hex}"
    await on_server(f"CREATE DATABASE {name} TEMPLATE {template(kind)}")
    yield postgres_url(name)
    await on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = await Database.open(database_url)
    yield database
    await database.close()


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
