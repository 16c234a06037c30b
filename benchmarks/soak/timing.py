"""Times taken one after the other, and how they are written."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from statistics import median, quantiles

Question = Callable[[], Awaitable[object]]


async def times(question: Question, calls: int) -> list[float]:
    """Return how long each of ``calls`` calls took, in seconds."""
    taken = []
    for _ in range(calls):
        start = time.perf_counter()
        await question()
        taken.append(time.perf_counter() - start)
    return taken


def p95(taken: list[float]) -> float:
    """Return the time that 95 of 100 keep to."""
    return quantiles(taken, n=20)[-1]


def written(seconds: float) -> str:
    """Return a short time as it stands in the table."""
    return f"{seconds * 1000:.1f} ms"


def both(taken: list[float]) -> tuple[str, str]:
    """Return the two cells that tell of many times: the 95th percentile, and beside it the median."""
    return written(p95(taken)), f"p50 {written(median(taken))}"
