"""Checkouts are compared with the first one by the medians of their bursts, and nothing that never came is left out."""

from __future__ import annotations

from typing import Any

from benchmarks.live.checkouts import Burst, table


def burst(*seconds: float | None) -> Burst:
    """Return jobs that were shown as queued, and whose links were shown, after so many seconds, or never."""
    jobs: list[dict[str, Any]] = [
        {"requested": 0.0, "acknowledged": 1.0, "queued": s and 1.0 + s, "finished": 5.0, "shown": s and 5.0 + s}
        for s in seconds
    ]
    return Burst(jobs, jobs)


def test_table_has_the_median_of_the_bursts_and_its_ratio_to_the_first() -> None:
    results = {("before", 300): [burst(0.1), burst(0.2), burst(0.9)], ("after", 300): [burst(0.05)] * 3}
    lines = table(["before", "after"], [300], results).splitlines()
    assert lines[0] == "| figure | before | after |"
    assert lines[3] == "| 300 live: acknowledged to queued, p95 | 200 ms | 50.0 ms (0.25 x) |"
    assert lines[5] == "| 300 live: last chunk to link, p99 | 200 ms | 50.0 ms (0.25 x) |"


def test_what_never_came_took_forever() -> None:
    assert burst(0.1, None).queued(0.95) == burst(0.1, None).shown(0.99) == float("inf")
    assert burst(0.25, None).queued(0.50) == 0.25
