"""The database opens, upgrades, refuses and closes in plain words, whatever state it is found in."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import threading
import traceback
from collections.abc import Coroutine, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex

from bot.errors import StorageError
from bot.models import Outcome
from bot.storage import AdmissionStore, Database, JobStore, KeyValueStore
from bot.storage.engine import database as database_module
from bot.storage.engine.tables import metadata
from tests.programs import run_program
from tests.storage.records import NOON, a_job, ask, open_jobs, settle

WRITTEN = "PROMPT-WORDS"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A locked file is given up after a moment."""
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT", 0.1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kinora.db"


@pytest.fixture
async def sqlite_file(file: Path) -> Path:
    """An up-to-date database that nobody has open."""
    await (await Database.open(url_of(file))).close()
    return file


@pytest.fixture
def locked(sqlite_file: Path) -> Iterator[Path]:
    """A database that another program is writing."""
    with closing(sqlite3.connect(sqlite_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield sqlite_file


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def refused(url: str) -> str:
    """What is said about a database that cannot be opened."""
    with pytest.raises(StorageError) as caught:
        await Database.open(url)
    return str(caught.value)


async def version(database: Database) -> str:
    async with database.read() as connection:
        return str(await connection.scalar(text("SELECT version_num FROM alembic_version")))


async def test_empty_database_gets_the_tables(empty_database_url: str) -> None:
    database = await Database.open(empty_database_url)
    try:
        async with database.read() as connection:
            for table in metadata.sorted_tables:
                assert (await connection.execute(table.select())).all() == []
    finally:
        await database.close()


async def test_opening_twice_changes_nothing(database_url: str) -> None:
    first = await Database.open(database_url)
    await KeyValueStore(first).put("name", "value")
    before = await version(first)
    await first.close()
    second = await Database.open(database_url)
    assert (await version(second), await KeyValueStore(second).get("name")) == (before, "value")
    await second.close()


async def test_many_may_open_an_empty_database_at_once(empty_database_url: str) -> None:
    databases = await asyncio.gather(*(Database.open(empty_database_url) for _ in range(8)))
    try:
        assert len({await version(database) for database in databases}) == 1
    finally:
        for database in databases:
            await database.close()


async def test_who_waits_for_a_lock_or_an_answer_is_told_after_a_while(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "LOCK_TIMEOUT", 0.2)
    monkeypatch.setattr(database_module, "STATEMENT_TIMEOUT", 0.6)
    database = await Database.open(database_url)
    if database.dialect == "sqlite":
        await database.close()
        pytest.skip("one file on this machine is waited for as BUSY_TIMEOUT says")
    try:
        async with database.write() as connection:
            await connection.execute(text("LOCK TABLE notes IN EXCLUSIVE MODE"))
            with pytest.raises(StorageError, match="lock timeout"):
                await KeyValueStore(database).put("name", "value")
        with pytest.raises(StorageError):
            await sleep_on_server(database)
        await KeyValueStore(database).put("name", "value")
    finally:
        await database.close()


async def sleep_on_server(database: Database) -> None:
    async with database.read() as connection:
        await connection.execute(text("SELECT pg_sleep(30)"))


async def test_a_transaction_that_was_left_standing_is_ended_and_its_locks_with_it(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "IDLE_TIMEOUT", 0.3)
    database = await Database.open(database_url)
    if database.dialect == "sqlite":
        await database.close()
        pytest.skip("a process that dies lets go of its file")
    try:
        with pytest.raises(StorageError):
            await stand_still_while(database, KeyValueStore(database).put("name", "value"))
        assert await KeyValueStore(database).get("name") == "value"
    finally:
        await database.close()


async def stand_still_while(database: Database, work: Coroutine[Any, Any, None]) -> None:
    """Hold a lock that ``work`` needs, and say nothing until it is done."""
    async with database.write() as connection:
        await connection.execute(text("LOCK TABLE notes IN EXCLUSIVE MODE"))
        await work
        await connection.execute(text("SELECT 1"))


async def test_folder_of_the_file_is_made(tmp_path: Path) -> None:
    await (await Database.open(url_of(tmp_path / "a" / "b" / "k.db"))).close()
    assert (tmp_path / "a" / "b" / "k.db").exists()


async def test_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata))

    async with database.read() as connection:
        assert await connection.run_sync(differences) == []


@pytest.mark.parametrize(("state", "outcome"), [("done", None), ("running", "success")])
async def test_job_is_done_exactly_when_it_has_an_outcome(database: Database, state: str, outcome: str | None) -> None:
    with pytest.raises(StorageError):
        async with database.write() as connection:
            await connection.execute(metadata.tables["jobs"].insert().values(**_row(state, outcome)))


def _row(state: str, outcome: str | None) -> dict[str, object]:
    job = a_job()
    return {name: getattr(job, name) for name in job.__dataclass_fields__} | {"state": state, "outcome": outcome}


async def test_database_of_a_newer_kinora_is_refused_in_plain_words(empty_database_url: str) -> None:
    database = await Database.open(empty_database_url)
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await database.close()
    assert "newer Kinora" in await refused(empty_database_url)


async def test_refused_database_is_left_as_it_was(sqlite_file: Path) -> None:
    with closing(sqlite3.connect(sqlite_file)) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.commit()
    await refused(url_of(sqlite_file))
    with closing(sqlite3.connect(sqlite_file)) as other:
        assert other.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


async def test_file_that_is_no_database_is_refused_and_kept(file: Path) -> None:
    file.write_bytes(b"holiday pictures" * 1000)
    assert "not a database" in await refused(url_of(file))
    assert file.read_bytes() == b"holiday pictures" * 1000


async def test_refused_file_leaves_no_connection_behind(file: Path) -> None:
    file.write_bytes(b"holiday pictures" * 1000)
    before = threading.active_count()
    await refused(url_of(file))
    gc.collect()  # a connection that nobody closed would warn here, and warnings are errors
    assert threading.active_count() <= before  # one of an earlier test may end meanwhile


async def test_folder_in_place_of_the_file_is_refused(file: Path) -> None:
    file.mkdir()
    assert "unable to open" in await refused(url_of(file))


async def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    assert "cannot create the folder" in await refused(url_of(tmp_path / "taken" / "kinora.db"))


@pytest.mark.parametrize("url", ["postgresql+asyncpg://u:pass-4711@h:port/db", "no url pass-4711"])
async def test_malformed_address_is_refused_without_its_password(url: str) -> None:
    assert await refused(url) == "the address of the database is malformed"


async def test_server_that_is_not_there_is_refused() -> None:
    assert await refused("postgresql+asyncpg://kinora:pass-4711@127.0.0.1:1/kinora")


@pytest.mark.usefixtures("impatient")
async def test_file_that_another_program_keeps_locked_is_refused(locked: Path) -> None:
    assert "locked" in await refused(url_of(locked))


@pytest.mark.usefixtures("impatient")
async def test_write_to_a_locked_file_fails_and_works_once_it_is_free(sqlite_file: Path) -> None:
    database = await Database.open(url_of(sqlite_file))
    notes = KeyValueStore(database)
    with closing(sqlite3.connect(sqlite_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="locked"):
            await notes.put("name", "value")
        assert await notes.get("name") is None  # reading goes on
        other.execute("ROLLBACK")
    await notes.put("name", "value")
    assert await notes.get("name") == "value"
    await database.close()


async def test_reader_cannot_write(sqlite_file: Path) -> None:
    database = await Database.open(url_of(sqlite_file))
    with pytest.raises(StorageError, match="readonly"):
        async with database.read() as connection:
            await connection.execute(text("DELETE FROM notes"))
    await database.close()


async def test_failed_block_writes_nothing(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO notes (name, value) VALUES ('a', 'b')"))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await KeyValueStore(database).get("a") is None


@pytest.mark.parametrize(
    "wrong",
    [{"guild_id": 2**70}, {"id": None}, {"state": f"{WRITTEN}\ud800"}, {"state": None}, {"created_at": "yesterday"}],
)
async def test_storage_error_never_holds_the_prompt(database: Database, wrong: dict[str, object]) -> None:
    row = _row("queued", None) | {"prompt": WRITTEN} | wrong
    with pytest.raises(StorageError) as caught:
        async with database.write() as connection:
            await connection.execute(metadata.tables["jobs"].insert().values(**row))
    assert WRITTEN not in "".join(traceback.format_exception(caught.value))


async def test_cancelled_writes_leave_the_database_usable(database: Database) -> None:
    notes, store, admissions = KeyValueStore(database), JobStore(database), AdmissionStore(database)
    for steps in range(40):
        task = asyncio.create_task(ask(admissions, a_job()))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    await notes.put("still", "there")
    assert await notes.get("still") == "there"
    for job in await open_jobs(store):
        assert await settle(store, job.id, Outcome.CANCELLED, NOON)


async def test_closing_twice_is_fine(database: Database) -> None:
    await database.close()
    await database.close()


@pytest.mark.parametrize(("ending", "code"), [("none", 0), ("exit", 3), ("cancel", 1)])
def test_process_that_closes_in_finally_ends_promptly(file: Path, ending: str, code: int) -> None:
    assert run_program("close_database", url_of(file), ending, timeout=20).returncode == code


def test_process_that_is_cancelled_while_opening_ends_promptly(file: Path) -> None:
    assert run_program("cancel_while_opening", url_of(file), timeout=20).returncode == 0


def test_process_that_could_not_open_ends_promptly(file: Path) -> None:
    file.write_bytes(b"no database" * 1000)
    assert run_program("open_database", url_of(file), timeout=20).returncode == 1


async def test_partial_indexes_are_partial_on_postgresql_too() -> None:
    await Database.unmigrated("postgresql+asyncpg://nobody@127.0.0.1:9/none").close()

    indexes = [index for table in metadata.sorted_tables for index in table.indexes]
    made = {str(index.name): str(CreateIndex(index).compile(dialect=postgresql.dialect())) for index in indexes}

    assert made["jobs_kept"].endswith(" WHERE delivery = 'kept'")
    assert {index.name for index in indexes if index.dialect_options["sqlite"]["where"] is not None} == {
        name for name, statement in made.items() if " WHERE " in statement
    }
