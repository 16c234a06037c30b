"""Plays runs, each with its seed on an emptied database, and reports them."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.soak.fuzz.run import Report, Run
from benchmarks.soak.fuzz.virtual_loop import VirtualLoop
from benchmarks.table import Row
from bot.storage import Database
from bot.storage.engine.tables import metadata

POSTGRES = os.environ.get("TEST_POSTGRES_URL")
AT_ONCE = {"sqlite": 1, "postgresql": 3}
PRINT_EVERY = 20  # runs


def play(url: str, seeds: list[int], steps: int) -> list[Report]:
    """Play one run for each of ``seeds``, and return their reports. The database of ``url`` is emptied before each."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        if not isinstance(loop, VirtualLoop):
            raise TypeError("a loop with a time of its own is needed")
        return runner.run(_play(loop, url, seeds, steps))


async def _play(loop: VirtualLoop, url: str, seeds: list[int], steps: int) -> list[Report]:
    reports = []
    async with await Database.open(url) as database:
        for seed in seeds:
            await _empty(database)
            with tempfile.TemporaryDirectory() as folder, _tracebacks() as tracebacks:
                run = Run(loop, database, Path(folder), seed, AT_ONCE[database.dialect])
                report = await run.play(steps)
            report.violations.extend(tracebacks)
            reports.append(report)
            _tell(report)
    return reports


async def _empty(database: Database) -> None:
    async with database.write() as connection:
        for table in metadata.sorted_tables:
            await connection.execute(table.delete())


@contextmanager
def _tracebacks() -> Iterator[list[str]]:
    """Collect what is logged with a traceback: nothing of what a run does may lead to one."""
    found: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.exc_info:
                found.append(self.format(record))

    logger, collector = logging.getLogger("bot"), Collector()
    logger.addHandler(collector)
    propagate, logger.propagate = logger.propagate, False
    try:
        yield found
    finally:
        logger.removeHandler(collector)
        logger.propagate = propagate


def _tell(report: Report) -> None:
    for line in report.trace if report.violations else ():
        print(f"  {line}")
    for violation in report.violations:
        print(f"VIOLATION in the run with seed {report.seed}: {violation}", flush=True)
