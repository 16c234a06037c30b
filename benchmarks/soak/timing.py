"""Measures the times of repeated calls, and formats them for the table."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from statistics import median, quantiles

Call = Callable[[], Awaitable[object]]


async def times(call: Call, calls: int) -> list[float]:
    """Return how long each of ``calls`` calls took, in seconds."""
    taken = []
    for _ in range(calls):
        start = time.perf_counter()
        await call()
        taken.append(time.perf_counter() - start)
    return taken


def p95(taken: list[float]) -> float:
    """Return the 95th percentile."""
    return quantiles(taken, n=20)[-1]


def milliseconds(seconds: float) -> str:
    """Return a short time in milliseconds, for the table."""
    return f"{seconds * 1000:.1f} ms"


def p95_and_median(taken: list[float]) -> tuple[str, str]:
    """Return two cells of the table: the 95th percentile and the median."""
    return milliseconds(p95(taken)), f"p50 {milliseconds(median(taken))}"
