"""
Reports, admission and export with ten million finished jobs: how long reports take, how long it takes to admit a
hundred requests at once, how much memory a large export needs. The databases are made once, see ``history.py``.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks.soak import admission, csv_memory, history
from benchmarks.soak.timing import Call, milliseconds, p95, p95_and_median, times
from benchmarks.table import Row
from bot.storage import BlockStore, CounterStore, Database, GuildStore, HistoryStore, JobStore, UsageStore

FOLDER = Path("bench-output")
MANY, FEW = 10_000_000, 10_000  # jobs
CALLS, FURTHER_CALLS = 200, 10
WITHIN = 0.050  # seconds
MOST_RATIO = 3.0

_GUILD = history.guild_id(history.BUSIEST)
_MEMBER = history.member_id(history.BUSIEST, 1)
_CHANNEL = history.channel_id(history.BUSIEST, 1)


async def measure() -> list[Row]:
    """Return the figures of both databases, which are made if they do not exist."""
    many, few = [await history.history(jobs, FOLDER) for jobs in (MANY, FEW)]
    _drop_from_cache(many)
    async with _opened(many) as full, _opened(few) as small:
        rows = [*await _reports(full, small), *await _further(full), *await admission.measure(full)]
    history.end_at_new_year(many)
    return [*rows, csv_memory.measure(many)]


async def _reports(full: Database, small: Database) -> list[Row]:
    (first,) = await times(_report(full), 1)
    ours: list[float] = []
    beside: list[float] = []
    for _ in range(CALLS):  # in turns, so that other load on the machine affects both alike
        ours += await times(_report(full), 1)
        beside += await times(_report(small), 1)
    ratio = median(ours) / median(beside)
    return [
        Row(
            "database: report of 30 days, p95",
            *p95_and_median(ours),
            "–",
            f"< {milliseconds(WITHIN)}",
            p95(ours) < WITHIN,
        ),
        Row(
            f"database: its median, beside that with {FEW:,} jobs",
            milliseconds(median(ours)),
            milliseconds(median(beside)),
            f"{ratio:.2f} x",
            f"<= {MOST_RATIO:g} x",
            ratio <= MOST_RATIO,
        ),
        Row("database: the first report, nothing of the file in memory", milliseconds(first), "–", "–"),
    ]


async def _further(full: Database) -> list[Row]:
    archive = HistoryStore(full)
    midyear = (datetime.combine(history.FIRST, datetime.min.time(), UTC) + timedelta(days=180), "")
    questions: dict[str, Call] = {
        "report of 365 days": _report(full, days=history.DAYS),
        "report of 30 days of the busiest member": _report(full, member=_MEMBER),
        "report of 30 days of the busiest channel": _report(full, channel=_CHANNEL),
        "page of requests, the latest": lambda: archive.page(_GUILD),
        "page of requests, from the middle": lambda: archive.page(_GUILD, older_than=midyear),
        "all that /quota asks": lambda: _quota(full),
    }
    return [
        Row(f"database: {name}, p95", *p95_and_median(await times(question, FURTHER_CALLS)), "–")
        for name, question in questions.items()
    ]


def _report(database: Database, *, days: int = 30, **only: int) -> Call:
    since = history.LAST - timedelta(days=days - 1)
    return lambda: UsageStore(database).report(_GUILD, since, history.LAST, **only)


async def _quota(database: Database) -> None:
    now = datetime.combine(history.LAST, datetime.max.time(), UTC)
    await GuildStore(database).policy(_GUILD)
    await HistoryStore(database).page(_GUILD, member=_MEMBER)
    await CounterStore(database).used(_GUILD, _MEMBER, now)
    await CounterStore(database).used(_GUILD, None, now)
    await BlockStore(database).get(_GUILD, _MEMBER, now)
    await JobStore(database).kept(_GUILD, _MEMBER)


def _drop_from_cache(path: Path) -> None:
    """Drop a file from the operating system's cache, where that is possible."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


@asynccontextmanager
async def _opened(path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite+aiosqlite:///{path}")
    try:
        yield database
    finally:
        await database.close()
