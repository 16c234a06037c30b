"""
The times of each job, logged by the fake services. Times are seconds of the machine's monotonic clock,
which all processes share.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import chain, islice
from itertools import count as numbers_from
from typing import Any


@dataclass(slots=True)
class JobTimes:
    """
    One job: requested, acknowledged by the bot, its reply first edited (to show it queued or started), finished by the
    service, its link shown in the reply.
    """

    requested: float
    acknowledged: float | None = None
    queued: float | None = None
    finished: float | None = None
    shown: float | None = None


@dataclass(slots=True)
class JobProgress:
    """
    One job's progress: when the service named each percentage, and the edits of its reply up to the one that shows the
    link, each with its time and the percentage that it shows, None for none.
    """

    named: dict[float, float] = field(default_factory=dict)
    edits: list[tuple[float, float | None]] = field(default_factory=list)


_PERCENTAGE = re.compile(r"(\d+(?:\.\d+)?) ?%")


def last_percentage(text: str) -> float | None:
    """Return the percentage that ``text`` names last."""
    found = _PERCENTAGE.findall(text)
    return float(found[-1]) if found else None


class JobLog:
    """The jobs by their number, which is part of the prompt and of the film's link."""

    def __init__(self) -> None:
        self.jobs: dict[int, JobTimes] = {}
        self.progress: dict[int, JobProgress] = {}
        self.streaming = 0  # the service's open streams, and its tasks that are not made yet
        self.answers: Counter[str] = Counter()  # Discord's, by method and status
        self._ends: dict[int, float] = {}

    def add_job(self) -> int:
        """Log a new request and return its number."""
        number = len(self.jobs) + 1
        self.jobs[number] = JobTimes(time.monotonic())
        self.progress[number] = JobProgress()
        return number

    def schedule_ends(self, count: int, per_second: float) -> None:
        """Schedule the ends of ``count`` jobs, ``per_second`` a second: the live ones by age, then those to come."""
        now = time.monotonic()
        live = [number for number, job in self.jobs.items() if job.finished is None]
        oldest = islice(chain(live, numbers_from(len(self.jobs) + 1)), count)
        self._ends = {number: now + place / per_second for place, number in enumerate(oldest, start=1)}

    def is_due(self, number: int) -> bool:
        """Whether the service should finish a job now."""
        return self._ends.get(number, float("inf")) <= time.monotonic()

    def mark_finished(self, number: int) -> None:
        """Log that the service sends the last chunk of a job."""
        self.jobs[number].finished = time.monotonic()

    def mark_named(self, number: int, percent: float) -> None:
        """Log that the service names a percentage of a job."""
        self.progress[number].named.setdefault(percent, time.monotonic())

    def load(self) -> dict[str, Any]:
        """Return the number of open streams and Discord's answers so far."""
        return {"streaming": self.streaming, "answers": dict(self.answers)}

    def report(self) -> list[dict[str, Any]]:
        """Return the times of all jobs."""
        return [asdict(job) for job in self.jobs.values()]

    def progress_report(self) -> list[dict[str, Any]]:
        """Return the progress of all jobs: ``named`` as pairs of a percentage and its time, and ``edits``."""
        return [{"named": list(job.named.items()), "edits": job.edits} for job in self.progress.values()]
