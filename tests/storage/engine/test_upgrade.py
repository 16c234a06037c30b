"""An upgrade keeps what was there: the sums and counters are made from the jobs, and the old file stays beside."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select
from sqlalchemy.ext.asyncio import create_async_engine

from bot.models import JobState, Outcome
from bot.policy.limit_kinds import DAY, MONTH, NOW
from bot.policy.limits import OPERATOR
from bot.reports.usage_report import Tally
from bot.storage import AdmissionStore, CounterStore, Database, JobStore, UsageStore
from bot.storage.engine.tables import jobs, refusals
from bot.storage.engine.upgrade import NEWEST
from tests.programs import run_program
from tests.storage.records import NOON, a_job, added, settle

TODAY, YESTERDAY = NOON.date(), NOON.date() - timedelta(days=1)
OLD, PREVIOUS = "0002", "0006"
ROOT = Path(__file__).resolve().parents[3]
UP_TO_DATE = "The database is up to date.\n"
COPY = "kinora.db.before-0011"
# Columns that an older Kinora did not have.
LATER = ("locale", "parent", "spoiler", "cancel_asked_at", "unconfirmed")
LATER += ("task", "service_cost", "service", "length", "format", "age_restricted")

EARLIER = (
    {"outcome": Outcome.SUCCESS},
    {"outcome": Outcome.SUCCESS, "created_at": NOON - timedelta(hours=12, seconds=1)},  # the last second of yesterday
    {"outcome": Outcome.MODERATION_PROMPT, "cost": 0, "user_id": 401},
    {"outcome": Outcome.TIMEOUT, "cost": 0, "channel_id": 201},
    {"outcome": None},
    {"outcome": Outcome.SUCCESS, "guild_id": 101, "cost": 7},
)


async def make(url: str) -> None:
    """Make a database as an older Kinora left it."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade_to, OLD)
        await connection.execute(jobs.insert(), [_row(**changes) for changes in EARLIER])
    await engine.dispose()


def _upgrade_to(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", "bot.storage:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _row(**changes: Any) -> dict[str, Any]:
    job = a_job(**changes)
    done = job.outcome is not None
    row = {name: getattr(job, name) for name in job.__dataclass_fields__ if name not in LATER}
    facts = {"state": JobState.DONE if done else JobState.QUEUED, "delivery": "reply" if done else None}
    return row | facts | {"owner": "o" * 32, "lease_until": NOON, "finished_at": NOON if done else None}


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """An SQLite file of an older Kinora."""
    file = tmp_path / "kinora.db"
    await make(url_of(file))
    return file


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def reopen(file: Path) -> None:
    await (await Database.open(url_of(file))).close()


def asked(file: Path, query: str) -> Any:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchone()[0]


def revision(file: Path) -> Any:
    return asked(file, "SELECT version_num FROM alembic_version")


async def test_sums_and_counters_are_made_from_the_jobs_there_were(empty_database_url: str) -> None:
    await make(empty_database_url)
    database = await Database.open(empty_database_url)
    try:
        usage, counters = UsageStore(database), CounterStore(database)
        report = await usage.report(100, YESTERDAY, TODAY)
        assert report.by_day == {TODAY: Tally(3, 1, 1, 200_000), YESTERDAY: Tally(1, 1, 0, 200_000)}
        assert report.by_outcome == {Outcome.SUCCESS: 2, Outcome.MODERATION_PROMPT: 1, Outcome.TIMEOUT: 1}
        assert (report.by_hour[12], report.by_hour[23], report.open, report.reserved) == (3, 1, 1, 200_000)
        assert report.members == ((400, Tally(3, 2, 0, 400_000)), (401, Tally(1, 0, 1, 0)))
        assert [channel for channel, _ in report.channels] == [200, 201]
        for whose in (None, 400):
            used = await counters.used(100, whose, NOON)
            assert (used[DAY].videos, used[MONTH].videos, used[NOW].videos) == (2, 2, 1), whose
            assert (used[DAY].cost, used[NOW].cost, used[NOW].latest) == (400_000, 200_000, NOON)
        assert (await counters.used(100, 401, NOON))[DAY].videos == 0
        async with database.read() as connection:
            refused = (await connection.execute(select(refusals))).all()
        assert [tuple(row) for row in refused] == [(100, TODAY, 401, 0, 1, 0, 0, 0)]
        assert (await counters.used(101, None, NOON))[DAY].cost == 7
        of_all = await counters.used(OPERATOR, None, NOON)
        assert (of_all[DAY].videos, of_all[MONTH].videos, of_all[NOW].videos) == (3, 3, 1)
        assert (of_all[DAY].cost, of_all[MONTH].cost, of_all[NOW].cost) == (400_007, 400_007, 200_000)
    finally:
        await database.close()


async def test_job_that_was_open_before_is_settled_after(empty_database_url: str) -> None:
    await make(empty_database_url)
    database = await Database.open(empty_database_url)
    try:
        (waiting,) = await JobStore(database).claim("n" * 32, NOON + timedelta(days=9), NOON)
        assert await settle(JobStore(database), waiting.id, Outcome.CANCELLED, NOON, sent=False)
        for guild, cost in ((100, 200_000), (OPERATOR, 200_007)):
            used = await CounterStore(database).used(guild, None, NOON)
            assert (used[NOW].videos, used[NOW].cost, used[DAY].cost) == (0, 0, cost)
        assert (await CounterStore(database).used(100, None, NOON))[DAY].videos == 1
    finally:
        await database.close()


async def test_file_from_before_an_upgrade_stays_beside_it_with_all_its_jobs(file: Path) -> None:
    file.chmod(0o644)
    await reopen(file)
    copy = file.with_name(COPY)
    assert (revision(copy), revision(file)) == (OLD, "0011")
    assert asked(copy, "SELECT count(*) FROM jobs") == len(EARLIER)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


async def test_copy_of_another_state_is_left_as_it_is_and_not_taken_for_the_one_from_before(file: Path) -> None:
    file.with_name(COPY).write_text("an earlier try", encoding="utf-8")
    await reopen(file)
    assert file.with_name(COPY).read_text("utf-8") == "an earlier try"
    copy = file.with_name(f"{COPY}-2")
    assert (revision(copy), asked(copy, "SELECT count(*) FROM jobs")) == (OLD, len(EARLIER))


async def test_upgrade_of_a_file_that_was_put_back_keeps_what_it_held_then(file: Path) -> None:
    await reopen(file)
    shutil.copyfile(file.with_name(COPY), file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE jobs SET prompt = 'of the week after'")
    await reopen(file)
    copies = [asked(file.with_name(name), "SELECT max(prompt) FROM jobs") for name in (COPY, f"{COPY}-2")]
    assert copies[0] != copies[1] == "of the week after"


async def test_new_or_current_file_is_not_copied(tmp_path: Path) -> None:
    for _ in range(2):
        await reopen(tmp_path / "kinora.db")
    assert not list(tmp_path.glob("*.before-*"))


async def test_many_that_upgrade_at_once_keep_one_copy_from_before(file: Path) -> None:
    await asyncio.gather(*(reopen(file) for _ in range(6)))
    assert [found.name for found in file.parent.glob("*.before-*")] == [COPY]
    assert revision(file.with_name(COPY)) == OLD


@pytest.mark.parametrize("before", [None, PREVIOUS])
async def test_four_processes_may_start_at_once_on_a_new_database_and_on_one_from_before(
    empty_database_url: str, tmp_path: Path, before: str | None
) -> None:
    if before:
        engine = create_async_engine(empty_database_url)
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade_to, before)
        await engine.dispose()
    started = [await _migrate(empty_database_url, tmp_path) for _ in range(4)]
    async with asyncio.timeout(90):
        said = [(await process.communicate())[1].decode() for process in started]
    # A migration that ran twice would have found its tables there, and failed.
    assert [(process.returncode, words) for process, words in zip(started, said, strict=True)] == [(0, UP_TO_DATE)] * 4
    database = await Database.open(empty_database_url)
    try:
        await added(AdmissionStore(database))
    finally:
        await database.close()


async def _migrate(url: str, directory: Path) -> asyncio.subprocess.Process:
    """Start the command that upgrades the database as each start of the bot does."""
    needed = {"DISCORD_TOKEN": "t", "VIDEO_API_URL": "http://127.0.0.1:9", "VIDEO_API_KEY": "k", "LOG_LEVEL": "WARNING"}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "migrate"),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": url, **needed},
        cwd=directory,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no limit to the size of files")
async def test_nothing_is_upgraded_where_no_copy_can_be_made(file: Path) -> None:
    run = run_program("open_database", url_of(file), "8192")
    assert run.returncode == 1
    assert "a copy from before could not be made (disk I/O error)" in run.stderr
    assert "needs 1 MB of room" in run.stderr
    assert revision(file) == OLD
    assert not list(file.parent.glob("*.before-*"))


async def test_upgraded_database_takes_jobs(file: Path) -> None:
    database = await Database.open(url_of(file))
    try:
        await added(AdmissionStore(database), created_at=NOON + timedelta(minutes=1))
        assert (await CounterStore(database).used(100, None, NOON))[NOW].videos == 2
    finally:
        await database.close()


def test_newest_revision_is_known_without_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", "bot.storage:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]
