"""``python -m benchmarks.soak [crash|fuzz|steady|database]``: the long ones, as a table; 1 if a target is missed."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys

from benchmarks.soak import crash, large_database, steady
from benchmarks.soak.fuzz import play
from benchmarks.table import Row, report

ROUNDS = 100
RUNS, STEPS = 200, 600
MINUTES = 5.0


def main() -> int:
    """Return 0 if every target of the parts asked for was met, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description="Kinora's long measurements.")
    parser.add_argument("part", nargs="?", choices=("crash", "fuzz", "steady", "database"), help="all by default")
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help=f"of crash, with each kind of service; {ROUNDS} by default"
    )
    parser.add_argument("--runs", type=int, default=RUNS, help=f"of fuzz, on each database; {RUNS} by default")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"of each run of fuzz; {STEPS} by default")
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"of steady, 3 or more; {MINUTES:g} by default")
    parser.add_argument("--seed", type=int, default=None, help="of all random choices; printed")
    options = parser.parse_args()
    if min(options.rounds, options.runs, options.steps) < 1 or options.minutes < steady.LEAST_MINUTES:
        parser.error(f"at least 1 round, run and step and {steady.LEAST_MINUTES:g} minutes are needed")
    seed = random.randrange(10**6) if options.seed is None else options.seed
    print(f"seed {seed}", flush=True)
    rows: list[Row] = []
    if options.part in (None, "crash"):
        for api in ("chat", "videos"):
            rows += asyncio.run(crash.measure(options.rounds, seed, api))
    if options.part in (None, "fuzz"):
        rows += play.measure(options.runs, options.steps, seed)
    if options.part in (None, "steady"):
        rows += asyncio.run(steady.measure(options.minutes, seed))
    if options.part in (None, "database"):
        rows += asyncio.run(large_database.measure())
    return report(rows)


if __name__ == "__main__":
    sys.exit(main())
