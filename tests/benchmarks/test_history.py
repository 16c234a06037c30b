"""The generated history of the large database equals what a bot would have written."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.soak import admission, history
from bot.policy.limit_kinds import DAY, MONTH
from bot.storage import CounterStore, Database, UsageStore

JOBS = 5_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return asyncio.run(history.history(JOBS, tmp_path_factory.mktemp("history")))


@pytest.fixture
def rows(made: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(made)) as connection:
        yield connection


def test_it_has_the_requested_number_of_jobs_all_ended_within_the_year(rows: sqlite3.Connection) -> None:
    asked = "SELECT count(*), count(outcome), count(DISTINCT id), min(created_at), max(created_at) FROM jobs"
    count, ended, ids, first, last = rows.execute(asked).fetchone()
    assert count == ended == ids == JOBS
    assert str(history.FIRST) <= first < last < str(history.LAST + timedelta(days=1))


@pytest.mark.parametrize(
    ("dimension", "column"),
    [
        ("outcome", "outcome"),
        ("member", "CAST(user_id AS TEXT)"),
        ("model", "model"),
        ("channel", "CAST(channel_id AS TEXT)"),
        ("hour", "strftime('%H', created_at)"),
    ],
)
def test_the_sums_are_those_of_the_rows(rows: sqlite3.Connection, dimension: str, column: str) -> None:
    summed = "SELECT guild_id, day, value, jobs, made, refused, cost, unconfirmed FROM usage WHERE dimension = ?"
    counted = (
        f"SELECT guild_id, date(created_at), {column}, count(*), sum(outcome = 'success'), "  # noqa: S608
        "sum(outcome LIKE 'moderation%'), sum(iif(unconfirmed, 0, cost)), sum(iif(unconfirmed, cost, 0)) "
        "FROM jobs GROUP BY 1, 2, 3"
    )
    assert set(rows.execute(summed, [dimension])) == set(rows.execute(counted))


def test_the_refusals_are_those_of_the_rows(rows: sqlite3.Connection) -> None:
    counted = (
        "SELECT guild_id, date(created_at), user_id, sum(outcome = 'moderation_image'), "
        "sum(outcome = 'moderation_prompt'), sum(outcome = 'moderation_result'), sum(outcome = 'moderation_unknown'), "
        "0 FROM jobs WHERE outcome LIKE 'moderation%' GROUP BY 1, 2, 3"
    )
    assert set(rows.execute("SELECT * FROM refusals")) == set(rows.execute(counted)) != set()


def test_the_counters_are_those_of_the_rows(rows: sqlite3.Connection) -> None:
    counted = "SELECT guild_id, user_id, period, videos, cost FROM counters WHERE period <> 'now'"
    expected: set[tuple[object, ...]] = set()
    for guild, whose in (("0", "0"), ("guild_id", "0"), ("guild_id", "user_id")):
        for period in ("date(created_at)", "strftime('%Y-%m', created_at)"):
            booked = "cost" if whose == "0" else "iif(unconfirmed, 0, cost)"
            expected |= set(
                rows.execute(
                    f"SELECT {guild}, {whose}, {period}, sum(outcome = 'success'), sum({booked}) "  # noqa: S608
                    "FROM jobs GROUP BY 1, 2, 3"
                )
            )
    assert set(rows.execute(counted)) == expected


async def test_kinora_reads_it(made: Path) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{made}")
    try:
        busiest = history.guild_id(history.BUSIEST)
        report = await UsageStore(database).report(busiest, history.FIRST, history.LAST)
        used = await CounterStore(database).used(busiest, None, admission.NEW_YEAR - timedelta(days=1))
    finally:
        await database.close()
    assert 0.10 < report.total.jobs / JOBS < 0.15
    assert 0.75 < report.total.made / report.total.jobs < 0.85
    assert used[MONTH].videos > used[DAY].videos > 0


async def test_it_is_made_only_once_and_the_same_each_time(made: Path, tmp_path: Path) -> None:
    before = made.stat().st_mtime_ns
    assert await history.history(JOBS, made.parent) == made
    assert made.stat().st_mtime_ns == before
    again = await history.history(JOBS, tmp_path)
    assert _jobs(again) == _jobs(made)


def test_ending_at_new_year_deletes_nothing_of_the_year(made: Path, rows: sqlite3.Connection) -> None:
    tables = ("jobs", "usage", "counters")
    counted = [rows.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables]  # noqa: S608
    history.end_at_new_year(made)
    assert counted == [rows.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables]  # noqa: S608


def _jobs(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT * FROM jobs ORDER BY id").fetchall()
