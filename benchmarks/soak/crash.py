"""The crash test: rounds on several playgrounds at once; each keeps one database through all of its rounds."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.soak.bot_under_test import BotUnderTest
from benchmarks.soak.crash_round import TASK_WORDS, WORDS, Report, play
from benchmarks.table import Row
from playground.fake_video_service.generation import FilmPlan
from playground.playground import Playground

PLAYGROUNDS = 8
PACE = 0.3
PLAN = FilmPlan(seconds=0.5, size=(96, 64), work_seconds=4.0)
SETTINGS = {
    "PROGRESS_INTERVAL": "0.2",
    "VIDEO_MODELS": '[{"name": "sora_video2", "label": "Sora", "price": 0.25}]',
}
PATIENCE = {
    "chat": {"VIDEO_STALL_TIMEOUT": "3", "VIDEO_TIMEOUT": "30"},
    "videos": {"VIDEO_STALL_TIMEOUT": "60", "VIDEO_TIMEOUT": "200"},  # a task outlives two processes and their leases
}
PRINT_EVERY = 10  # rounds


async def measure(rounds: int, seed: int, api: str) -> list[Row]:
    """
    Run the rounds, print progress and every violation, and return the figures.

    ``api`` is the bots' VIDEO_API: "chat", or "videos" for services that make tasks.
    """
    words = WORDS if api == "chat" else TASK_WORDS
    numbers = iter(range(1, rounds + 1))
    reports: list[Report] = []
    with tempfile.TemporaryDirectory(prefix="kinora-crash-") as folder:
        async with asyncio.TaskGroup() as group:
            for index in range(min(PLAYGROUNDS, rounds)):
                # Temporary files that a killed process leaves behind are deleted with the directory.
                own = {"VIDEO_API": api, "MAX_JOBS": str(2 + index % 2), "TMPDIR": folder}
                settings = SETTINGS | PATIENCE[api] | own
                group.create_task(_play(Path(folder) / str(index), settings, words, numbers, seed, reports))
    return _table(f"crash, {api}", reports)


async def _play(
    directory: Path,
    settings: Mapping[str, str],
    words: Sequence[str],
    numbers: Iterator[int],
    seed: int,
    reports: list[Report],
) -> None:
    """Run rounds, one after the other, until ``numbers`` is exhausted."""
    async with Playground(directory, pace=PACE, plan=PLAN, settings=settings) as playground:
        bot = BotUnderTest(playground)
        await bot.without_pauses()
        for number in numbers:
            report = await play(bot, number, random.Random(f"{seed}/{number}"), words)
            reports.append(report)
            _print_report(report, reports, seed)


def _print_report(report: Report, reports: list[Report], seed: int) -> None:
    for violation in report.violations:
        print(f"VIOLATION in round {report.number}, seed {seed}: {violation}", flush=True)
    if report.violations:
        print(f"  the round: {report.plan}", flush=True)
    if len(reports) % PRINT_EVERY == 0:
        kills, violations = sum(r.kills for r in reports), sum(len(r.violations) for r in reports)
        jobs = sum(sum(r.outcomes.values()) for r in reports)
        print(f"crash: {len(reports)} rounds, {kills} kills, {jobs} jobs, {violations} violations", flush=True)


def _table(name: str, reports: list[Report]) -> list[Row]:
    outcomes: Counter[str] = sum((report.outcomes for report in reports), Counter())
    deliveries: Counter[str] = sum((report.deliveries for report in reports), Counter())
    left_behind: Counter[str] = sum((report.left_behind for report in reports), Counter())
    violations = sum(len(report.violations) for report in reports)
    longest = max(report.seconds for report in reports)
    figures = {
        "rounds": str(len(reports)),
        "kills": str(sum(report.kills for report in reports)),
        "commands": str(sum(report.commands for report in reports)),
        "commands without an answer": str(sum(report.unheard for report in reports)),
        "commands acknowledged but not stored": str(sum(report.cut_short for report in reports)),
        "unfinished jobs at a kill": _counts_text(left_behind),
        "jobs": _counts_text(outcomes),
        "delivered": _counts_text(deliveries),
        "longest round": f"{longest:.0f} s",
    }
    rows = [Row(f"{name}: {of}", figure, "–", "–") for of, figure in figures.items()]
    return [*rows, Row(f"{name}: violations", str(violations), "–", "–", "0", violations == 0)]


def _counts_text(counts: Counter[str]) -> str:
    return f"{counts.total()}: " + ", ".join(f"{count} {word}" for word, count in counts.most_common())
