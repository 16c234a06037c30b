"""
What became of each job, noted by the stand-ins that served it. Times are seconds of the machine's monotonic clock,
which all processes share.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True)
class JobTimes:
    """
    One job: asked for, acknowledged by the bot, its last words said by the service, its link shown in the reply.

    ``among`` are the jobs that were live when it was asked for, itself included.
    """

    asked: float
    among: int
    acknowledged: float | None = None
    said: float | None = None
    shown: float | None = None


class Ledger:
    """The jobs by their number, which stands in the prompt and in the film's link."""

    def __init__(self) -> None:
        self.jobs: dict[int, JobTimes] = {}
        self.streaming = 0  # replies of the service under way
        self.answers: Counter[str] = Counter()  # Discord's, by method and status
        self.live = 0
        self._ends: dict[int, float] = {}

    def ask(self) -> int:
        """Return the number of a job that is asked for now."""
        self.live += 1
        number = len(self.jobs) + 1
        self.jobs[number] = JobTimes(time.monotonic(), self.live)
        return number

    def let_end(self, count: int, per_second: float) -> None:
        """Let the ``count`` oldest jobs of those that are live end from now on."""
        now = time.monotonic()
        oldest = [number for number, job in self.jobs.items() if job.said is None][:count]
        self._ends = {number: now + place / per_second for place, number in enumerate(oldest, start=1)}

    def is_over(self, number: int) -> bool:
        """Whether the service shall say its last words on a job."""
        return self._ends.get(number, float("inf")) <= time.monotonic()

    def end(self, number: int) -> None:
        """Note that the service says its last words on a job."""
        self.jobs[number].said = time.monotonic()
        self.live -= 1

    def load(self) -> dict[str, Any]:
        """Return the replies under way and Discord's answers so far."""
        return {"streaming": self.streaming, "answers": dict(self.answers)}

    def report(self) -> list[dict[str, Any]]:
        """Return the jobs."""
        return [asdict(job) for job in self.jobs.values()]
