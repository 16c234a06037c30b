"""``python -m bot usage`` adds up all servers without Discord, for people and for machines."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.cli.usage import usage
from bot.models import Outcome
from bot.settings import Settings
from bot.storage import AdmissionStore, Database, GuildStore, JobStore
from bot.storage.guilds import DEFAULTS
from tests.storage.records import added, settle

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime.now(UTC)


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """A database with the requests of two servers, of today and of ten days ago."""
    database = await Database.open(sqlite_url)
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


async def report(url: str, days: int, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the command prints for machines."""
    services = {"video_api_url": "http://127.0.0.1:9", "video_api_key": "k"}
    assert await usage(Settings(discord_token="t", **services, database_url=url), days, as_json=True) == 0
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


async def usage_in_a_process(directory: Path, *arguments: str) -> tuple[int, str, str]:
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
    code, output, _ = await usage_in_a_process(tmp_path)
    rows = [line.split() for line in output.splitlines()]
    assert code == 0
    assert rows[4] == ["100", "3", "1", "1", "1", "0.20", "0.20", "no"]
    assert rows[5] == [str(2**62), "1", "1", "0", "0", "0.20", "0.00", "no"]
    assert rows[7] == ["2", "in", "all", "4", "2", "1", "1", "0.40", "0.20", "0"]


@pytest.mark.usefixtures("database")
async def test_days_bound_the_sums(tmp_path: Path) -> None:
    _, output, _ = await usage_in_a_process(tmp_path, "--days", "5", "--json")
    assert json.loads(output)["total"] == {
        "requests": 2,
        "made": 1,
        "refused": 1,
        "failed": 0,
        "spent": "0.20",
        "unconfirmed": "0.00",
    }


async def test_denied_servers_are_listed_without_any_requests(
    database: Database, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    guilds = GuildStore(database)
    for guild in (7, 100, DEFAULTS):
        await guilds.allow(guild, allowed=False)
    found = await report(sqlite_url, 1, capsys)
    assert [(guild["guild_id"], guild["requests"], guild["denied"]) for guild in found["guilds"]] == [
        ("100", 2, True),
        ("7", 0, True),
    ]
    assert found["newcomers_allowed"] is False


@pytest.mark.parametrize("days", ["0", "-1", "many", "99999999"])
def test_number_of_days_that_makes_no_sense_is_refused(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=r"^2$"):
        main(["usage", "--days", days])
    assert "argument --days: " in capsys.readouterr().err


async def test_broken_database_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "kinora.db").write_bytes(b"no database" * 1000)
    code, _, complaints = await usage_in_a_process(tmp_path)
    assert code == 1
    assert "The database: file is not a database. To see what to do: python -m bot check" in complaints
    assert "Traceback" not in complaints
