"""``python -m bot move-database`` needs nothing but two addresses, says what it did, and never says a password."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.models import Outcome
from bot.storage import AdmissionStore, Database, JobStore
from bot.storage.engine.tables import jobs
from tests.storage.records import added, settle

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime.now(UTC)


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """A database with one job, whose end nobody looks after any more."""
    path = tmp_path / "data" / "kinora.db"
    database = await Database.open(url_of(path))
    try:
        job = await added(AdmissionStore(database), created_at=NOW)
        await settle(JobStore(database), job.id, Outcome.SUCCESS, NOW)
        await JobStore(database).renew("o" * 32, NOW)
    finally:
        await database.close()
    return path


def url_of(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


Move = Callable[[str, str], Awaitable[tuple[int, str, str]]]


@pytest.fixture
def move_database(capsys: pytest.CaptureFixture[str]) -> Move:
    """Runs the command in this process; returns its exit code and what it wrote."""

    async def move(source: str, target: str) -> tuple[int, str, str]:
        code = await asyncio.to_thread(main, ["move-database", source, target])
        return (code, *capsys.readouterr())

    return move


async def move_in_a_process(directory: Path, *addresses: str) -> tuple[int, str, str]:
    """Run the command where no setting is; return its exit code and what it wrote."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "move-database", *addresses),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        cwd=directory,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        output, complaints = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode(), complaints.decode()


async def test_everything_is_moved_and_checked_without_any_setting(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "kinora.db"
    code, output, complaints = await move_in_a_process(tmp_path, url_of(file), url_of(target))
    assert (code, complaints) == (0, "")
    rows = {line.split()[0]: line.split()[1:] for line in output.splitlines() if line}
    columns = len(jobs.columns)
    assert rows["jobs"] == ["1", "1", str(columns), "of", str(columns)]
    assert rows["usage"][:2] == ["5", "5"]
    assert f"copy the folder {file.parent}/pictures to {target.parent}/pictures" in output
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("SELECT outcome FROM jobs").fetchall() == [("success",)]


async def test_pictures_stay_where_they_are_if_the_next_kinora_looks_there(file: Path, move_database: Move) -> None:
    _, output, _ = await move_database(url_of(file), url_of(file.with_name("second.db")))
    assert f"leave the folder {file.parent}/pictures where it is" in output


async def test_database_that_is_not_empty_is_told_in_a_sentence(file: Path, move_database: Move) -> None:
    code, output, complaints = await move_database(url_of(file), url_of(file))
    assert (code, output) == (1, "")
    assert complaints.startswith("Not moved: the one to move to is not empty")


async def test_tables_that_do_not_add_up_are_named_and_nothing_is_kept(
    file: Path, tmp_path: Path, move_database: Move
) -> None:
    target = tmp_path / "to.db"
    await (await Database.open(url_of(target))).close()
    with closing(sqlite3.connect(target)) as connection, connection:
        tamper = "UPDATE jobs SET cost = 1 WHERE id = new.id"
        connection.execute(f"CREATE TRIGGER tamper AFTER INSERT ON jobs BEGIN {tamper}; END")
    code, output, complaints = await move_database(url_of(file), url_of(target))
    assert code == 1
    assert complaints == ("Not moved: the two do not add up to the same in jobs.cost. Nothing was kept in TO.\n")
    assert "All of it is in TO" not in output


@pytest.mark.parametrize(
    ("target", "code", "words"),
    [
        ("postgresql+asyncpg://kinora:pass-4711@127.0.0.1:1/kinora", 1, "Not moved: "),
        ("postgresql+asyncpg://kinora:pass-4711@127.0.0.1:port/kinora", 1, "is malformed"),
        ("mysql://kinora:pass-4711@h/kinora", 2, "TO must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://"),
    ],
)
async def test_password_of_an_address_is_never_said(
    file: Path, move_database: Move, target: str, code: int, words: str
) -> None:
    found, output, complaints = await move_database(url_of(file), target)
    assert (found, output) == (code, "")
    assert words in complaints
    assert "4711" not in complaints
    assert "Traceback" not in complaints


@pytest.mark.parametrize("addresses", [("one",), ("one", "two", "three")])
def test_other_than_two_addresses_are_refused(addresses: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=r"^2$"):
        main(["move-database", *addresses])
    assert "usage: python -m bot" in capsys.readouterr().err
