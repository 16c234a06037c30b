"""
Ramps one bot up from 10 to 1,000 live jobs: measures each level while all jobs go on, and some levels also under churn,
where each job that ends is followed by another.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks.live.bots import Bot
from benchmarks.live.stand_ins import StandIns

LEVELS = (10, 30, 100, 300, 1000)  # live jobs
CHURN = {300: 40, 1000: 100}  # by level: jobs that end and are followed by others
LIFE = 150.0  # seconds; services are said to take two to three minutes for a video of ten seconds
WARM_UP = 5  # jobs before the measurement: they import and open what all need
PER_SECOND = 25.0  # requests while the load rises
SETTLE = 2.0  # seconds
WINDOW = 8.0  # seconds
SAMPLES = 8
TIMEOUT = 60.0  # seconds

Jobs = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Level:
    """
    The costs of ``jobs`` live jobs: ``cpu`` in seconds a second, ``memory`` in bytes above idle, ``edits`` a second.

    ``turning`` is what they took while they turned over, None where they did not; ``ended`` are the jobs that ended
    in it, as the stand-ins saw them, and ``begun`` all that began on the way to this level and on it.
    """

    jobs: int
    cpu: float
    memory: float
    edits: float
    churn_cpu: float | None = None
    begun: Jobs = field(default_factory=list)
    ended: Jobs = field(default_factory=list)

    @property
    def acknowledged(self) -> list[float]:
        """The seconds from each command to its acknowledgement."""
        return [seconds_between(job["requested"], job["acknowledged"]) for job in self.begun]

    @property
    def shown(self) -> list[float]:
        """The seconds from the service's last chunk of each job to its link in the reply."""
        return [seconds_between(job["finished"], job["shown"]) for job in self.ended]


@dataclass(frozen=True, slots=True)
class Ramp:
    """All levels of one bot, its requests answered 429, and the bytes that the warm-up jobs left allocated."""

    levels: tuple[Level, ...]
    refused: int
    kept_memory: int


def ramp_up(bot: Bot, stand_ins: StandIns, levels: Sequence[int] = LEVELS) -> Ramp:
    """Raise the load level by level. A bot that does not keep up is measured with the jobs it has reached."""
    cold = bot.memory()
    rise(stand_ins, WARM_UP)
    churn(stand_ins, WARM_UP, PER_SECOND, followed=False)
    idle = bot.memory()
    measured = tuple(_level(bot, stand_ins, jobs, idle) for jobs in levels)
    answers = stand_ins.load()["answers"]
    refused = sum(count for answer, count in answers.items() if answer.endswith(" 429"))
    bot.kill()  # ending the remaining jobs would measure nothing new
    return Ramp(measured, refused, idle - cold)


def _level(bot: Bot, stand_ins: StandIns, jobs: int, idle: int) -> Level:
    before = len(stand_ins.jobs())
    rise(stand_ins, jobs)
    edits, cpu, begun = _edits(stand_ins), bot.cpu(), time.monotonic()
    memory = []
    for _ in range(SAMPLES):
        time.sleep(WINDOW / SAMPLES)
        memory.append(bot.memory() - idle)
    seconds = time.monotonic() - begun
    cpu, edits = (bot.cpu() - cpu) / seconds, _edits(stand_ins) - edits
    live, turning, ended = stand_ins.load()["streaming"], None, []
    if count := CHURN.get(jobs):
        spent, begun = bot.cpu(), time.monotonic()
        ended = churn(stand_ins, count, jobs / LIFE, followed=True)
        turning = (bot.cpu() - spent) / (time.monotonic() - begun)
    return Level(live, cpu, median(memory), edits / seconds, turning, stand_ins.jobs()[before:], ended)


def rise(stand_ins: StandIns, jobs: int) -> None:
    """Raise the load to ``jobs`` live jobs."""
    stand_ins.ask(jobs - stand_ins.load()["streaming"], PER_SECOND)
    end = time.monotonic() + TIMEOUT
    while stand_ins.load()["streaming"] < jobs and time.monotonic() < end:
        time.sleep(0.2)
    time.sleep(SETTLE)


def churn(stand_ins: StandIns, count: int, per_second: float, *, followed: bool) -> Jobs:
    """End ``count`` jobs, each followed by another or not, and return them once their links are shown."""
    over = _ended(stand_ins)
    stand_ins.end(count, per_second)
    if followed:
        stand_ins.ask(count, per_second)
    time.sleep(count / per_second)
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        time.sleep(SETTLE)  # also for the work after the link
        if len(shown := _ended(stand_ins)) == len(over) + count and all(job["shown"] for job in shown):
            break
    return [job for job in _ended(stand_ins) if job not in over]


def _ended(stand_ins: StandIns) -> Jobs:
    return [job for job in stand_ins.jobs() if job["finished"]]


def _edits(stand_ins: StandIns) -> int:
    return int(stand_ins.load()["answers"].get("PATCH 200", 0))


def seconds_between(start: float, end: float | None) -> float:
    """Return the time from ``start`` to ``end``, infinite if ``end`` never came."""
    return math.inf if end is None else end - start
