"""``python -m bot usage`` adds up all servers without Discord, for people and for machines."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.models import Outcome
from bot.storage import AdmissionStore, Database, GuildStore, JobStore
from bot.storage.guilds import DEFAULTS
from tests.storage.records import added, settle

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime.now(UTC)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A database with the requests of two servers, of today and of ten days ago."""
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/kinora.db")
    store, admissions = JobStore(database), AdmissionStore(database)
    for guild, outcome, days in (
        (100, Outcome.SUCCESS, 0),
        (100, Outcome.MODERATION_PROMPT, 0),
        (100, Outcome.TIMEOUT, 10),
        (2**62, Outcome.SUCCESS, 10),
    ):
        job = await added(admissions, guild_id=guild, created_at=NOW - timedelta(days=days))
        await settle(store, job.id, outcome, NOW)
    yield database
    await database.close()


async def usage(directory: Path, *arguments: str) -> tuple[int, str, str]:
    """Run the command where nothing but the database is there; return its exit code and what it wrote."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "usage", *arguments),
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": "not.a.token",
            "DISCORD_API_URL": "http://127.0.0.1:9",
            "VIDEO_API_URL": "http://127.0.0.1:9",
            "VIDEO_API_KEY": "k",
            "DATABASE_URL": f"sqlite+aiosqlite:///{directory}/kinora.db",
        },
        cwd=directory,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        output, complaints = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode(), complaints.decode()


async def test_each_server_has_a_line_and_the_last_one_adds_up(database: Database, tmp_path: Path) -> None:
    code, output, _ = await usage(tmp_path)
    rows = [line.split() for line in output.splitlines()]
    assert code == 0
    assert rows[4] == ["100", "3", "1", "1", "1", "0.20", "no"]
    assert rows[5] == [str(2**62), "1", "1", "0", "0", "0.20", "no"]
    assert rows[7] == ["2", "in", "all", "4", "2", "1", "1", "0.40", "0"]


async def test_days_bound_the_sums(database: Database, tmp_path: Path) -> None:
    _, output, _ = await usage(tmp_path, "--days", "5", "--json")
    assert json.loads(output)["total"] == {"requests": 2, "made": 1, "refused": 1, "failed": 0, "spent": "0.20"}


async def test_denied_servers_are_listed_without_any_requests(database: Database, tmp_path: Path) -> None:
    guilds = GuildStore(database)
    for guild in (7, 100, DEFAULTS):
        await guilds.allow(guild, allowed=False)
    _, output, _ = await usage(tmp_path, "--days", "1", "--json")
    report = json.loads(output)
    assert [(guild["guild_id"], guild["requests"], guild["denied"]) for guild in report["guilds"]] == [
        ("100", 2, True),
        ("7", 0, True),
    ]
    assert report["newcomers_allowed"] is False


@pytest.mark.parametrize("days", ["0", "-1", "many", "99999999"])
async def test_number_of_days_that_makes_no_sense_is_refused(tmp_path: Path, days: str) -> None:
    code, _, complaints = await usage(tmp_path, "--days", days)
    assert code == 2
    assert "--days" in complaints
    assert "Traceback" not in complaints


async def test_broken_database_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "kinora.db").write_bytes(b"no database" * 1000)
    code, _, complaints = await usage(tmp_path)
    assert code == 1
    assert "The database: file is not a database. To see what to do: python -m bot check" in complaints
    assert "Traceback" not in complaints
