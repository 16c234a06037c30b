"""A move brings everything along or nothing, from one moment of FROM, which stays as it is."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.errors import StorageError
from bot.models import Outcome
from bot.policy.blocks import Block
from bot.policy.server_pause import ServerPause
from bot.providers.base import TokenUsage
from bot.storage import AdmissionStore, BlockStore, Database, GuildStore, JobStore, KeyValueStore, TimeSlotStore
from bot.storage.engine.tables import changes, metadata
from bot.storage.transfer import move as move_module
from bot.storage.transfer.move import Check, move
from tests.storage.conftest import POSTGRES, on_server, postgres_url
from tests.storage.engine.test_upgrade import make as make_older
from tests.storage.records import NOON, OWNER, added, settle

LATER = NOON + timedelta(hours=1)  # when no lease holds any more
PROMPT = "a lighthouse 🗼 at dusk, für immer\n"
KINDS = ["sqlite", "postgresql"] if POSTGRES else ["sqlite"]

Template = Callable[[str], str]


@pytest.fixture(params=KINDS)
async def source(request: pytest.FixtureRequest, template: Template, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a database with rows in every table, which nobody has open."""
    async with empty(request.param, tmp_path / "from.db") as url:
        database = await Database.open(url)
        try:
            await fill(database)
        finally:
            await database.close()
        yield url


@pytest.fixture(params=KINDS)
async def target(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a database that does not exist yet (SQLite) or has no tables (PostgreSQL)."""
    async with empty(request.param, tmp_path / "to.db") as url:
        yield url


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """The same as ``source``, an SQLite file."""
    database = await Database.open(url_of(tmp_path / "from.db"))
    try:
        await fill(database)
    finally:
        await database.close()
    return tmp_path / "from.db"


@asynccontextmanager
async def empty(kind: str, file: Path) -> AsyncIterator[str]:
    async with AsyncExitStack() as stack:
        if kind == "sqlite":
            yield url_of(file)
        else:
            name = f"kinora_{uuid.uuid4().hex}"
            await on_server(f"CREATE DATABASE {name}")
            stack.push_async_callback(on_server, f"DROP DATABASE {name} WITH (FORCE)")
            yield postgres_url(name)


async def fill(database: Database) -> None:
    admissions, store, guilds = AdmissionStore(database), JobStore(database), GuildStore(database)
    for number in range(7):
        job = await added(admissions, guild_id=2**62 + number % 2, prompt=PROMPT, created_at=NOON)
        if number:
            outcome = Outcome.SUCCESS if number % 2 else Outcome.TIMEOUT
            await store.start(job.id, OWNER, NOON)
            usage = TokenUsage(2**31 + 5, number)
            await settle(store, job.id, outcome, LATER, percent=number / 3, video_url="https://h/ü.mp4", usage=usage)
    await guilds.change(2**62, 5, NOON, lambda policy: replace(policy, prompt_days=3))
    await guilds.set_pause(2**62, 5, NOON, ServerPause(5, LATER, "rude 🙄"))
    await guilds.change_words(2**62, 5, NOON, lambda words: words.with_words(["爆弾", "🍆"]))
    await admissions.count_word_refusal(job)
    await guilds.allow(7, allowed=False)
    await BlockStore(database).put(Block(2**62, 9, LATER, "rude 🙄", 5, NOON))
    await KeyValueStore(database).put("examined", "")
    await TimeSlotStore(database).reserve("identify", NOON, timedelta(seconds=5))


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def quiet(_table: str, _rows: int) -> None: ...


async def content(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    database = await Database.open(url)
    try:
        async with database.read() as connection:
            return {
                table.name: sorted((tuple(row) for row in await connection.execute(select(table))), key=repr)
                for table in metadata.sorted_tables
            }
    finally:
        await database.close()


async def refused(source: str, target: str) -> str:
    with pytest.raises(StorageError) as caught:
        await move(source, target, LATER, quiet)
    assert PROMPT[:5] not in str(caught.value)
    return str(caught.value)


async def test_every_row_of_every_table_arrives_as_it_was(
    source: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(move_module, "BATCH", 3)
    told: list[tuple[str, int]] = []
    checks = await move(source, target, LATER, lambda table, rows: told.append((table, rows)))
    before = await content(source)
    assert all(before.values())
    assert await content(target) == before
    assert [(table, rows) for table, rows in told if table == "jobs"] == [("jobs", 3), ("jobs", 6), ("jobs", 7)]
    assert {check.table: check.here.rows for check in checks} == {name: len(rows) for name, rows in before.items()}
    assert all(check.is_equal for check in checks)


async def test_moved_database_goes_on_where_the_old_one_stopped(file: Path, target: str) -> None:
    await move(url_of(file), target, LATER, quiet)
    database = await Database.open(target)
    try:
        await GuildStore(database).change(2**62, 5, NOON, lambda policy: replace(policy, prompt_days=4))
        await added(AdmissionStore(database))
        async with database.read() as connection:
            assert [row.id for row in await connection.execute(select(changes).order_by(changes.c.id))] == [1, 2, 3, 4]
            indexes = {index.name for table in metadata.sorted_tables for index in table.indexes}
            listed = "sqlite_master" if database.dialect == "sqlite" else "pg_indexes"
            column = "name" if database.dialect == "sqlite" else "indexname"
            assert indexes <= set(await connection.scalars(text(f"SELECT {column} FROM {listed}")))  # noqa: S608
    finally:
        await database.close()


async def test_database_with_rows_is_refused_and_stays_as_it_is(file: Path, target: str) -> None:
    database = await Database.open(target)
    await KeyValueStore(database).put("name", "value")
    await database.close()
    assert "not empty: its table notes has rows" in await refused(url_of(file), target)
    assert {name: rows for name, rows in (await content(target)).items() if rows} == {"notes": [("name", "value")]}


async def test_database_cannot_be_moved_into_itself(file: Path) -> None:
    before = await content(url_of(file))
    assert "not empty" in await refused(url_of(file), url_of(file))
    assert await content(url_of(file)) == before


async def test_nothing_is_written_to_the_file_that_is_moved(file: Path, target: str) -> None:
    before = hashlib.sha256(file.read_bytes()).digest()
    await move(url_of(file), target, LATER, quiet)
    assert hashlib.sha256(file.read_bytes()).digest() == before


async def test_file_of_an_older_kinora_is_refused_and_not_upgraded(tmp_path: Path, target: str) -> None:
    old = tmp_path / "old.db"
    await make_older(url_of(old))
    before = hashlib.sha256(old.read_bytes()).digest()
    assert "python -m bot migrate" in await refused(url_of(old), target)
    assert hashlib.sha256(old.read_bytes()).digest() == before


async def test_file_of_a_newer_kinora_is_refused(file: Path, target: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "a newer Kinora made it" in await refused(url_of(file), target)


async def test_file_that_is_not_there_is_refused_and_not_made(tmp_path: Path, target: str) -> None:
    assert "there is no file" in await refused(url_of(tmp_path / "new" / "k.db"), target)
    assert not (tmp_path / "new").exists()


async def test_file_of_another_program_is_refused(tmp_path: Path, target: str) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection, connection:
        connection.execute("CREATE TABLE jobs (id)")
    assert "no database of Kinora" in await refused(url_of(tmp_path / "other.db"), target)


async def test_refused_move_makes_no_file(tmp_path: Path) -> None:
    await make_older(url_of(tmp_path / "old.db"))
    await refused(url_of(tmp_path / "old.db"), url_of(tmp_path / "deep" / "to.db"))
    assert not (tmp_path / "deep").exists()


async def test_database_that_a_bot_works_on_is_refused(source: str, target: str) -> None:
    with pytest.raises(StorageError, match="still looks after 7 of its jobs"):
        await move(source, target, NOON, quiet)


async def test_interrupted_move_leaves_nothing(source: str, target: str) -> None:
    def interrupt(table: str, _rows: int) -> None:
        if table == "usage" and (task := asyncio.current_task()):
            task.cancel()

    moving = asyncio.create_task(move(source, target, LATER, interrupt))
    await asyncio.wait([moving])
    assert moving.cancelled()
    database = Database.unmigrated(target)
    try:
        async with database.read() as connection:
            assert await connection.run_sync(move_module._tables) == []
    finally:
        await database.close()


async def test_what_is_written_during_the_move_is_not_moved_by_half(file: Path, target: str) -> None:
    def write(table: str, _rows: int) -> None:
        if table == "blocks":
            with closing(sqlite3.connect(file)) as connection, connection:
                connection.execute("INSERT INTO notes VALUES ('late', 'value')")
                connection.execute("UPDATE jobs SET cost = 7")

    before = await content(url_of(file))
    checks = await move(url_of(file), target, LATER, write)
    assert all(check.is_equal for check in checks)
    assert await content(target) == before


async def test_move_that_does_not_add_up_is_taken_back(file: Path, tmp_path: Path) -> None:
    await (await Database.open(url_of(tmp_path / "to.db"))).close()
    with closing(sqlite3.connect(tmp_path / "to.db")) as connection, connection:
        tamper = "UPDATE jobs SET cost = cost + 1 WHERE id = new.id"
        connection.execute(f"CREATE TRIGGER tamper AFTER INSERT ON jobs BEGIN {tamper}; END")
        connection.execute("CREATE TRIGGER lose AFTER INSERT ON notes BEGIN DELETE FROM notes; END")
    checks = await move(url_of(file), url_of(tmp_path / "to.db"), LATER, quiet)
    wrong: dict[str, Check] = {check.table: check for check in checks if not check.is_equal}
    assert wrong.keys() == {"jobs", "notes"}
    assert wrong["jobs"].differing == ["cost"]
    assert (wrong["notes"].here.rows, wrong["notes"].there.rows) == (1, 0)
    assert not any((await content(url_of(tmp_path / "to.db"))).values())


@pytest.mark.skipif(not POSTGRES, reason="SQLite takes these")
@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("prompt", "'a' || char(0) || 'b'", "holds a NUL character"),
        ("locale", "'much-too-long'", "is longer than 8 characters"),
        ("prompt_tokens", str(2**40), "is too large a number"),
        ("user_id", "'many'", "is a text instead of a number"),
    ],
)
async def test_value_that_postgresql_does_not_take_is_named(file: Path, column: str, value: str, why: str) -> None:
    job_id = spoil(file, column, value)
    async with empty("postgresql", file) as target:
        told = await refused(url_of(file), target)
    assert told.startswith(f"column {column} of table jobs, in the row with id {job_id}, {why}; repair it")


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("prompt", "CAST(x'61ff' AS TEXT)", "is no valid Unicode"),
        ("video_url", "CAST(x'eda080' AS TEXT)", "is no valid Unicode"),  # half of a character
        ("created_at", "'yesterday'", "is no time"),
    ],
)
async def test_value_that_cannot_be_read_is_named(file: Path, target: str, column: str, value: str, why: str) -> None:
    job_id = spoil(file, column, value)
    told = await refused(url_of(file), target)
    assert told.startswith(f"column {column} of table jobs, in the row with id {job_id}, {why}; repair it")


def spoil(file: Path, column: str, value: str) -> str:
    """Put an SQL expression into one job, and return the job's id."""
    with closing(sqlite3.connect(file)) as connection, connection:
        (job_id,) = connection.execute("SELECT id FROM jobs ORDER BY id DESC LIMIT 1").fetchone()
        connection.execute(f"UPDATE jobs SET {column} = {value} WHERE id = ?", [job_id])  # noqa: S608 - ours
    return str(job_id)
