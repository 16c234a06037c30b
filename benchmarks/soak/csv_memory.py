"""The memory that the CSV export of a hundred thousand jobs takes. As a script, it is the measured process."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from benchmarks.soak import history
from benchmarks.soak.memory import MIB
from benchmarks.table import Row
from bot.reports.csv_export import write_csv
from bot.storage import Database, HistoryStore

WITHIN = 50 * MIB
DAYS = 30  # in which the busiest server of ten million jobs a year has a hundred thousand
SAMPLE_EVERY = 0.005  # seconds


def measure(database: Path) -> Row:
    """Return the memory above that of a process that has opened the database and imported its modules."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "jobs.csv"
        command = [sys.executable, "-m", "benchmarks.soak.csv_memory", str(database), str(path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            if child.stdin is None or child.stdout is None:
                raise RuntimeError("a process without pipes")
            child.stdout.readline()  # it is ready
            process = psutil.Process(child.pid)
            idle = peak = process.memory_info().rss
            start = time.perf_counter()
            child.stdin.close()
            while child.poll() is None:
                peak = max(peak, process.memory_info().rss)
                time.sleep(SAMPLE_EVERY)
            seconds, count = time.perf_counter() - start, int(child.stdout.read())
        size = path.stat().st_size
    return Row(
        f"database: memory of a CSV file of {count:,} jobs",
        f"{(peak - idle) / MIB:.1f} MiB",
        f"{size / MIB:.1f} MiB in {seconds:.0f} s",
        f"{(peak - idle) / size:.2f} x",
        f"< {WITHIN // MIB} MiB",
        peak - idle < WITHIN,
    )


async def _export(database: Path, path: Path) -> None:
    opened = await Database.open(f"sqlite+aiosqlite:///{database}")
    try:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        since, guild = history.LAST - timedelta(days=DAYS - 1), history.guild_id(history.BUSIEST)
        async with aclosing(HistoryStore(opened).export(guild, since, history.LAST)) as chunks:
            print(await write_csv(chunks, path))
    finally:
        await opened.close()


if __name__ == "__main__":
    asyncio.run(_export(*map(Path, sys.argv[1:])))
