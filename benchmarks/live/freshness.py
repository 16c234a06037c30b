"""How soon a reply shows what the service said, while hundreds of jobs run from their first percentage to their end."""

from __future__ import annotations

import math
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean, median

from benchmarks.live import bots, stand_ins
from benchmarks.live.bots import BOTS
from benchmarks.live.ramp import Jobs
from benchmarks.live.stand_ins import StandIns
from benchmarks.table import Row

JOBS = 300
PER_SECOND = 15.0  # requests
CHUNKS = 47  # of a job, a second each: all are live at once for half of that; no two percentages look the same
SETTLE = 2.0  # seconds
QUIET = 5  # times in a row without a job under way, after which no more are awaited
TIMEOUT = 240.0  # seconds
FIRST_SHOWN, BEHIND = 1.0, 3.0  # seconds
MOST_EDITS = 18.7  # of a job: as many as there were while its first percentage waited for its turn like all others


@dataclass(frozen=True, slots=True)
class Freshness:
    """
    What the replies of one bot showed. ``first``: seconds from the first percentage to the edit that shows one;
    ``age``: of the percentage that an edit shows, when it arrives at Discord; ``behind``: from the first percentage
    that was newer than what stood there until that edit. ``edits`` are those of each job, until its link is shown.
    """

    first: list[float]
    age: list[float]
    behind: list[float]
    edits: list[int]


def measure() -> list[Row]:
    """Return every figure, of both bots one after the other."""
    with tempfile.TemporaryDirectory(prefix="kinora-bench-") as folder:
        ours, naive = (run(name, Path(folder), JOBS) for name in BOTS)
    live, reached = f"{JOBS} live", len(ours.edits)
    edits, beside = mean(ours.edits), mean(naive.edits)
    return [
        _row(f"{live}: first percentage shown, median", median(ours.first), median(naive.first)),
        _row(f"{live}: first percentage shown, p95", _p95(ours.first), _p95(naive.first), FIRST_SHOWN),
        _row(f"{live}: age of a percentage as its edit arrives, p95", _p95(ours.age), _p95(naive.age), BEHIND),
        _row(f"{live}: reply behind the service before an edit, p95", _p95(ours.behind), _p95(naive.behind), BEHIND),
        Row(
            f"{live}: edits of a job of 40 s, mean",
            f"{edits:.1f}",
            f"{beside:.1f}",
            f"{edits / beside:.2f} x",
            f"<= {MOST_EDITS:g}",
            edits <= MOST_EDITS,
        ),
        Row(f"{live}: jobs shown to their end", str(reached), str(len(naive.edits)), "–", str(JOBS), reached == JOBS),
    ]


def run(name: str, folder: Path, jobs: int, source: Path = bots.ROOT) -> Freshness:
    """Let the bot of that name, from the checkout ``source``, run ``jobs`` whole jobs."""
    with stand_ins.running(CHUNKS) as servers, bots.running(name, servers, folder, source) as bot:
        servers.ask(jobs, PER_SECOND)
        _wait_for_ends(servers, jobs)
        bot.kill()
        return _freshness(_ended(servers))


def _wait_for_ends(servers: StandIns, jobs: int) -> None:
    """Wait until all jobs have ended. A bot that does not keep up is measured with those that it has run."""
    quiet, end = 0, time.monotonic() + TIMEOUT
    while quiet < QUIET and time.monotonic() < end and len(_ended(servers)) < jobs:
        time.sleep(SETTLE)
        quiet = 0 if servers.load()["streaming"] else quiet + 1


def _ended(servers: StandIns) -> Jobs:
    """Return the progress of the jobs whose links are shown."""
    times = servers.jobs()
    return [progress for progress, job in zip(servers.progress(), times, strict=False) if job["shown"]]


def _freshness(jobs: Jobs) -> Freshness:
    found = Freshness([], [], [], [])
    for job in jobs:
        named: dict[float, float] = dict(job["named"])
        shown = [(at, percent) for at, percent in job["edits"] if percent is not None]
        found.first.append(shown[0][0] - min(named.values()) if shown else math.inf)
        found.age.extend(at - named[percent] for at, percent in shown)
        found.edits.append(len(job["edits"]))
        times = sorted(named.values())
        for (_, before), (at, _) in pairwise(shown):
            newer = next((moment for moment in times if moment > named[before]), at)
            found.behind.append(max(0.0, at - newer))
    return found


def _row(what: str, ours: float, naive: float, most: float | None = None) -> Row:
    target = (f"<= {most:g} s", ours <= most) if most else ("", None)
    return Row(what, f"{ours:.2f} s", f"{naive:.2f} s", f"{ours / naive:.2f} x", *target)


def _p95(values: list[float]) -> float:
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]
