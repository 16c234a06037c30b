"""Plays runs, each from its seed on an emptied database, tells what went wrong in them, and counts."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import secrets
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.soak.fuzz.run import Report, Run
from benchmarks.soak.fuzz.virtual_loop import VirtualLoop
from benchmarks.table import Row
from bot.storage import Database
from bot.storage.engine.tables import metadata

POSTGRES = "TEST_POSTGRES_URL"  # as in the tests: a server on which databases may be made
PRINT_EVERY = 20  # runs
# How many calls are let through at once. One writes to SQLite at a time; in PostgreSQL locks are waited for.
_AT_ONCE = {"sqlite": 1, "postgresql": 3}


def measure(runs: int, steps: int, seed: int) -> list[Row]:
    """Play runs with the seeds from ``seed`` on, on SQLite and where there is a server on PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="kinora-fuzz-") as folder:
        rows = _measure("SQLite", f"sqlite+aiosqlite:///{folder}/kinora.db", runs, steps, seed)
    if not (server := os.environ.get(POSTGRES)):
        return [*rows, Row(f"fuzz, PostgreSQL: left out, {POSTGRES} names no server", "–", "–", "–")]
    name = f"kinora_fuzz_{uuid.uuid4().hex}"
    asyncio.run(_on_server(server, f"CREATE DATABASE {name}"))
    try:
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
        return rows + _measure("PostgreSQL", url, runs, steps, seed)
    finally:
        asyncio.run(_on_server(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _on_server(url: str, statement: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


def _measure(kind: str, url: str, runs: int, steps: int, seed: int) -> list[Row]:
    reports: list[Report] = []
    began = time.monotonic()
    for report in play(url, range(seed, seed + runs), steps):
        reports.append(report)
        _tell(report)
        if len(reports) % PRINT_EVERY == 0:
            print(f"fuzz, {kind}: {len(reports)} runs, {_violations(reports)} violations", flush=True)
    faults = sum((report.faults for report in reports), Counter[str]())
    figures = {
        f"runs of {steps} steps": str(runs),
        "requests admitted": f"{sum(report.jobs for report in reports):,}",
        "requests sent": f"{sum(report.sent for report in reports):,}",
        "processes": f"{sum(report.processes for report in reports):,}",
        "calls to the database": f"{sum(report.calls.total() for report in reports):,}",
        "of them failed, or their answer lost": ", ".join(f"{count} {name}" for name, count in faults.most_common()),
        "time": f"{time.monotonic() - began:.0f} s",
    }
    rows = [Row(f"fuzz, {kind}: {name}", figure, "–", "–") for name, figure in figures.items()]
    violations = _violations(reports)
    return [*rows, Row(f"fuzz, {kind}: violations", str(violations), "–", "–", "0", violations == 0)]


def _violations(reports: Iterable[Report]) -> int:
    return sum(len(report.violations) for report in reports)


def play(url: str, seeds: Iterable[int], steps: int) -> Iterator[Report]:
    """Play one run for each of ``seeds``. The database of ``url`` is emptied before each."""
    for seed in seeds:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner, _names_from(seed), _tracebacks() as tracebacks:
            report = runner.run(_play(url, seed, steps))
        report.violations.extend(tracebacks)
        yield report


async def _play(url: str, seed: int, steps: int) -> Report:
    loop = asyncio.get_running_loop()
    if not isinstance(loop, VirtualLoop):
        raise TypeError("a run needs a loop whose time it may move")
    async with await Database.open(url) as database:
        async with database.write() as connection:
            for table in metadata.sorted_tables:
                await connection.execute(table.delete())
        with tempfile.TemporaryDirectory(prefix="kinora-fuzz-") as folder:
            return await Run(loop, database, Path(folder), seed, _AT_ONCE[database.dialect]).play(steps)


@contextmanager
def _names_from(seed: int) -> Iterator[None]:
    """Have the names of processes and jobs, by which things are sorted, come from ``seed`` as well."""
    chance = random.Random(seed)
    before = uuid.uuid4, secrets.token_hex
    uuid.uuid4 = lambda: uuid.UUID(int=chance.getrandbits(128), version=4)
    secrets.token_hex = lambda nbytes=None: chance.randbytes(nbytes or 16).hex()
    try:
        yield
    finally:
        uuid.uuid4, secrets.token_hex = before


@contextmanager
def _tracebacks() -> Iterator[list[str]]:
    """Collect what is logged with a traceback: nothing that happens in a run may lead to one."""
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
    if report.violations:
        print(f"  once more: python -m benchmarks.soak fuzz --runs 1 --seed {report.seed}", flush=True)
