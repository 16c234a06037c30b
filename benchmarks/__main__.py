"""``python -m benchmarks [name ...]``: runs the measurements, prints one table, fails when a target is missed."""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks import (
    all_samples,
    failover,
    fitting,
    long_stream,
    page,
    picture_memory,
    reading_speed,
    request_memory,
    server_memory,
    task_polls,
)
from benchmarks.live import beside_naive, freshness
from benchmarks.table import report

MEASUREMENTS = {
    "all_samples": all_samples.measure,
    "beside_naive": beside_naive.measure,
    "failover": failover.measure,
    "fitting": fitting.measure,
    "freshness": freshness.measure,
    "long_stream": long_stream.measure,
    "page": page.measure,
    "picture_memory": picture_memory.measure,
    "reading_speed": reading_speed.measure,
    "request_memory": request_memory.measure,
    "server_memory": server_memory.measure,
    "task_polls": task_polls.measure,
}


def main() -> int:
    """Return 0 if every target of the measurements asked for was met, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Kinora's measurements.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"one of {', '.join(MEASUREMENTS)}; all by default")
    names = parser.parse_args().names or list(MEASUREMENTS)
    if unknown := [name for name in names if name not in MEASUREMENTS]:
        parser.error(f"no such measurement: {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}")
    rows = []
    for name in names:
        start = time.perf_counter()
        print(f"{name} …", end="", file=sys.stderr, flush=True)
        rows += MEASUREMENTS[name]()
        print(f" {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return report(rows)


if __name__ == "__main__":
    sys.exit(main())
