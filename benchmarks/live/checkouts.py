"""
``python -m benchmarks.live.checkouts NAME=FOLDER ...``: compares checkouts of Kinora while bursts of requests come.

Each checkout is raised to a level of live jobs; then, in bursts, jobs end and as many are requested at the same pace.
The checkouts take turns, every second round in reverse order, so that other load on the machine affects all of them.
The table holds the medians of all bursts, and their ratio to the first checkout's.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.live import bots, stand_ins
from benchmarks.live.ramp import Jobs, churn, rise, seconds_between

LEVELS = (300, 1000)  # live jobs
SIZE, PER_SECOND = 50, 50.0  # requests of a burst, and their pace, which one process does not sustain for long
BURSTS = 5
ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Burst:
    """``begun`` are the jobs that were requested in it, ``ended`` those that ended."""

    begun: Jobs
    ended: Jobs

    def queued(self, percentile: float) -> float:
        """Return the seconds from a request's acknowledgement until its reply shows it as queued or started."""
        times = [seconds_between(job["acknowledged"] or job["requested"], job["queued"]) for job in self.begun]
        return _percentile(times, percentile)

    def shown(self, percentile: float) -> float:
        """Return the seconds from the service's last chunk of a job until its reply shows the link."""
        return _percentile([seconds_between(job["finished"], job["shown"]) for job in self.ended], percentile)


FIGURES: dict[str, Callable[[Burst], float]] = {
    "acknowledged to queued, p50": lambda burst: burst.queued(0.50),
    "acknowledged to queued, p95": lambda burst: burst.queued(0.95),
    "last chunk to link, p50": lambda burst: burst.shown(0.50),
    "last chunk to link, p99": lambda burst: burst.shown(0.99),
}

Results = dict[tuple[str, int], list[Burst]]  # by checkout and level


def main() -> None:
    """Run the rounds, and print the table in Markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live.checkouts", description=__doc__)
    parser.add_argument("checkouts", nargs="+", metavar="NAME=FOLDER")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--bursts", type=int, default=BURSTS, help="in each round")
    parser.add_argument("--levels", type=int, nargs="+", default=LEVELS, help="live jobs")
    given = parser.parse_args()
    checkouts = {name: Path(folder).resolve() for name, _, folder in (each.partition("=") for each in given.checkouts)}
    results: Results = {(name, level): [] for name in checkouts for level in given.levels}
    for number in range(given.rounds):
        for name in list(checkouts)[:: -1 if number % 2 else 1]:
            for level, bursts in _measure(checkouts[name], given.levels, given.bursts).items():
                results[name, level] += bursts
                found = ", ".join(f"{figure} {_text(median(map(of, bursts)))}" for figure, of in FIGURES.items())
                print(f"{name}, {level} live: {found}; load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
    print(table(list(checkouts), given.levels, results))


def _measure(source: Path, levels: Sequence[int], bursts: int) -> dict[int, list[Burst]]:
    with tempfile.TemporaryDirectory(prefix="kinora-bench-") as folder, stand_ins.running() as servers:
        with bots.running("kinora", servers, Path(folder), source) as bot:
            found = {}
            for level in levels:
                rise(servers, level)
                found[level] = [_burst(servers) for _ in range(bursts)]
            bot.kill()  # ending the remaining jobs would measure nothing new
        return found


def _burst(servers: stand_ins.StandIns) -> Burst:
    before = len(servers.jobs())
    ended = churn(servers, SIZE, PER_SECOND, followed=True)
    return Burst(servers.jobs()[before:], ended)


def table(names: Sequence[str], levels: Sequence[int], results: Results) -> str:
    """Return the medians in Markdown, those of all but the first checkout with their ratio to it."""
    first, *others = names
    lines = [("figure", *names), ("---",) * (len(names) + 1)]
    for level in levels:
        for figure, of in FIGURES.items():
            medians = {name: median(map(of, results[name, level])) for name in names}
            cells = [f"{_text(medians[name])} ({medians[name] / medians[first]:.2f} x)" for name in others]
            lines.append((f"{level} live: {figure}", _text(medians[first]), *cells))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _percentile(values: list[float], part: float) -> float:
    return sorted(values)[math.ceil(part * len(values)) - 1] if values else math.inf


def _text(seconds: float) -> str:
    return f"{1000 * seconds:,.0f} ms" if seconds >= 0.1 else f"{1000 * seconds:.1f} ms"


if __name__ == "__main__":
    main()
