"""Kinora compared with the naive bot: start, processor, memory and waiting times, up to 1,000 live jobs."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.live import bots, stand_ins, startup
from benchmarks.live.bots import BOTS, WITH_TASKS
from benchmarks.live.growth import Line, draw, flattens, line_through
from benchmarks.live.ramp import CHURN, LEVELS, LIFE, Level, Ramp, ramp_up
from benchmarks.table import Row

PICTURE = Path("bench-output") / "growth.png"
MOST_CPU = 1.5  # times the naive bot's
MOST_MEMORY = 60.0  # KB a job
ACKNOWLEDGED, SHOWN = 0.5, 1.0  # seconds
TASKS = 300
STRAIGHT = 0.95  # R² from which on a growth is called linear
KB, MB = 1_000, 1_000_000

Ramps = dict[str, Ramp]


def measure() -> list[Row]:
    """Return every figure, and draw the chart of the growth."""
    with tempfile.TemporaryDirectory(prefix="kinora-bench-") as directory:
        folder = Path(directory)
        rows = startup.measure(folder)
        ramps: Ramps = {}
        for name in BOTS:
            with stand_ins.running() as servers, bots.running(name, servers, folder) as bot:
                ramps[name] = ramp_up(bot, servers)
        with stand_ins.running() as servers, bots.running(WITH_TASKS, servers, folder) as bot:
            *_, tasks = ramp_up(bot, servers, LEVELS[: LEVELS.index(TASKS) + 1]).levels
    draw(
        PICTURE,
        {
            "processor, % of one core": {name: _points(c, lambda level: 100 * level.cpu) for name, c in ramps.items()},
            "memory above idle, MB": {name: _points(c, lambda level: level.memory / MB) for name, c in ramps.items()},
        },
    )
    rows += [row for place, jobs in enumerate(LEVELS) for row in _level(ramps, place, jobs)]
    return [*rows, *_whole(ramps), *_tasks(tasks, ramps["naive"].levels[LEVELS.index(TASKS)])]


def _tasks(ours: Level, naive: Level) -> list[Row]:
    """Return what jobs cost whose service is polled, beside as many streams of the naive bot."""
    live, memory = f"{TASKS} tasks live", ours.memory / ours.jobs / KB
    late = _p99(ours.shown)
    return [
        _cpu(f"{live}: processor of a job", ours, naive, ours.cpu, naive.cpu, judged=True),
        Row(
            f"{live}: memory of a job above idle",
            f"{memory:.0f} KB",
            f"{naive.memory / naive.jobs / KB:.0f} KB",
            f"{ours.memory / naive.memory:.2f} x",
            f"<= {MOST_MEMORY:g} KB",
            memory <= MOST_MEMORY,
        ),
        Row(f"{live}: jobs at once", str(ours.jobs), str(naive.jobs), "–", str(TASKS), ours.jobs == TASKS),
        Row(f"{live}: link shown after the poll that finds it, p99", f"{late:.2f} s", "–", "–"),
    ]


def _level(ramps: Ramps, place: int, jobs: int) -> list[Row]:
    ours, naive = (ramps[name].levels[place] for name in ("kinora", "naive"))
    judged = jobs in CHURN
    memory = ours.memory / ours.jobs / KB
    rows = [
        _cpu(f"{jobs} live: processor of a job", ours, naive, ours.cpu, naive.cpu, judged=judged),
        Row(
            f"{jobs} live: memory of a job above idle",
            f"{memory:.0f} KB",
            f"{naive.memory / naive.jobs / KB:.0f} KB",
            f"{ours.memory / naive.memory:.2f} x",
            f"<= {MOST_MEMORY:g} KB" if judged else "",
            memory <= MOST_MEMORY if judged else None,
        ),
    ]
    if ours.churn_cpu and naive.churn_cpu:
        pace = f"{jobs / LIFE:.1f} ending and beginning a second"
        rows += [
            Row(
                f"{jobs} live: edits of a job",
                f"{ours.edits / ours.jobs:.2f}/s",
                f"{naive.edits / naive.jobs:.2f}/s",
                "–",
            ),
            _cpu(
                f"{jobs} live, {pace}: processor of a job", ours, naive, ours.churn_cpu, naive.churn_cpu, judged=judged
            ),
            _wait(f"{jobs} live: acknowledged, p99", ours.acknowledged, naive.acknowledged, ACKNOWLEDGED),
            _wait(f"{jobs} live: link shown after the last chunk, p99", ours.shown, naive.shown, SHOWN),
        ]
    return rows


def _cpu(what: str, ours: Level, naive: Level, our_cpu: float, naive_cpu: float, *, judged: bool) -> Row:
    each, naive_each = 1000 * our_cpu / ours.jobs, 1000 * naive_cpu / naive.jobs
    ratio = each / naive_each
    target = (f"<= {MOST_CPU:g} x", ratio <= MOST_CPU) if judged else ("", None)
    return Row(what, f"{each:.2f} ms/s", f"{naive_each:.2f} ms/s", f"{ratio:.2f} x", *target)


def _wait(what: str, ours: list[float], naive: list[float], most: float) -> Row:
    late, naive_late = _p99(ours), _p99(naive)
    return Row(what, f"{late:.2f} s", f"{naive_late:.2f} s", f"{late / naive_late:.2f} x", f"< {most:g} s", late < most)


def _p99(values: list[float]) -> float:
    return sorted(values)[math.ceil(0.99 * len(values)) - 1] if values else math.inf


def _whole(ramps: Ramps) -> list[Row]:
    ours, naive = (ramps[name] for name in ("kinora", "naive"))
    reached, most = ours.levels[-1].jobs, LEVELS[-1]
    warmth, beside = (f"{ramp.kept_memory / MB:.1f} MB" for ramp in (ours, naive))
    return [
        Row("live: jobs at once", str(reached), str(naive.levels[-1].jobs), "–", str(most), reached == most),
        Row("live: requests refused with 429", str(ours.refused), str(naive.refused), "–", "0", ours.refused == 0),
        Row("live: memory that the first jobs leave behind", warmth, beside, "–"),
        _slope(ours, naive, "growth: processor of each further job, ms/s", lambda level: 1000 * level.cpu),
        _slope(ours, naive, "growth: memory of each further job, KB", lambda level: level.memory / KB),
        Row("live: load average of the last minute", f"{os.getloadavg()[0]:.1f}", "–", "–"),
    ]


def _slope(ours: Ramp, naive: Ramp, what: str, of: Callable[[Level], float]) -> Row:
    points, beside = _points(ours, of), line_through(_points(naive, of))
    line = line_through(points)
    straight = line.r2 >= STRAIGHT or flattens(points)
    return Row(
        what, _line_text(line), _line_text(beside), f"{line.slope / beside.slope:.2f} x", "a line, or flatter", straight
    )


def _line_text(line: Line) -> str:
    return f"{line.slope:.2f}, R² {line.r2:.3f}"


def _points(ramp: Ramp, of: Callable[[Level], float]) -> list[tuple[float, float]]:
    return [(level.jobs, of(level)) for level in ramp.levels]
