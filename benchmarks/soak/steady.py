"""The soak test: two hundred live jobs for minutes, while five in a hundred calls to Discord fail."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

from benchmarks.soak.bot_under_test import BotUnderTest
from benchmarks.soak.checks import is_cut_short, tracebacks, violations
from benchmarks.soak.load import Load, failed_visibly, populate
from benchmarks.soak.memory import Memory
from benchmarks.soak.traffic import SHARES, TrafficLog, inject_faults
from benchmarks.table import Row
from playground.fake_video_service.generation import FilmPlan
from playground.playground import Playground

JOBS = 200
MINUTE = 60.0  # seconds
LEAST_MINUTES = 3.0
DRAIN_WITHIN = 240.0  # seconds; a final edit that fails is retried after up to a minute
MOST_GROWTH = 1.05
PACE = 8.0
PLAN = FilmPlan(seconds=0.5, size=(96, 64), work_seconds=3.5)  # tiny films that take 28 s
SETTINGS = {"MAX_JOBS": str(JOBS)}


async def measure(minutes: float, seed: int) -> list[Row]:
    """Keep up the load for ``minutes``, wait for its end, print every violation, and return the figures."""
    with tempfile.TemporaryDirectory(prefix="kinora-soak-") as folder:
        playground = Playground(Path(folder), pace=PACE, plan=PLAN, settings=SETTINGS)
        bot, traffic = BotUnderTest(playground), TrafficLog()
        places = populate(bot)
        async with playground, _background(traffic, playground) as memory:
            await bot.without_pauses()
            inject_faults(playground.discord)
            load = Load(bot, JOBS, random.Random(seed), places)
            for minute in range(1, round(minutes) + 1):
                await load.run(MINUTE * (minutes / round(minutes)))
                asked, live = len(load.commands), len(load.live)
                print(f"steady: minute {minute}, {asked} commands, {live} live, {memory.now():.1f} MiB", flush=True)
            cpu = memory.cpu_share()
            drained = await load.drain(DRAIN_WITHIN)
            return [*_memory(memory, minutes), *_figures(load, traffic, cpu), *_losses(load, drained)]


@asynccontextmanager
async def _background(traffic: TrafficLog, playground: Playground) -> AsyncIterator[Memory]:
    """Count and sample while the block runs."""
    memory = Memory()
    tasks = [asyncio.create_task(traffic.count(playground.discord)), asyncio.create_task(memory.watch())]
    try:
        yield memory
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _memory(memory: Memory, minutes: float) -> list[Row]:
    second, last = memory.level(MINUTE, 2 * MINUTE), memory.level((minutes - 1) * MINUTE, minutes * MINUTE)
    return [
        Row(
            "steady: memory in the last minute, beside minute 2",
            f"{last:.1f} MiB",
            f"{second:.1f} MiB",
            f"{last / second:.3f} x",
            f"<= {MOST_GROWTH:g} x",
            last / second <= MOST_GROWTH,
        )
    ]


def _figures(load: Load, traffic: TrafficLog, cpu: float) -> list[Row]:
    failed, asked = traffic.failures.total(), traffic.requests.total()
    kinds = ", ".join(f"{count} {kind}" for kind, count in traffic.failures.most_common())
    figures = [
        ("live jobs, median", f"{median(load.levels):.0f}", f"of {JOBS}"),
        ("commands", str(len(load.commands)), f"{sum(map(failed_visibly, load.commands))} failed and said so"),
        ("edits", str(traffic.requests["PATCH"]), f"of {asked} requests"),
        ("failures injected", str(failed), f"{failed / asked:.1%}, asked for {sum(SHARES.values()):.1%}: {kinds}"),
        ("refused by rate limits", str(traffic.limited), "–"),
        ("processor of the bot", f"{cpu:.0%}", "of one core"),
    ]
    return [Row(f"steady: {name}", figure, beside, "–") for name, figure, beside in figures]


def _losses(load: Load, drained: bool) -> list[Row]:
    """Print what was lost or is wrong, and return the counts."""
    jobs = load.bot.jobs(load.commands)
    wrong = violations(load.bot, load.commands)
    wrong += [f"interrupted without a restart: {job}" for job in jobs if job["outcome"] == "interrupted"]
    wrong += [f"a reply that stays thinking: {c.prompt!r}" for c in load.commands if is_cut_short(c, jobs)]
    wrong += [] if drained else [f"{len(load.live)} jobs had no end after {DRAIN_WITHIN:g} s"]
    for violation in wrong:
        print(f"VIOLATION: {violation}", flush=True)
    for error, count in Counter(text.splitlines()[-1] for text in tracebacks(load.bot.new_log())).items():
        print(f"in the log, {count} times: {error}", flush=True)
    outcomes = Counter(str(job["outcome"]) for job in jobs)
    deliveries = Counter(str(job["delivery"]) for job in jobs)
    return [
        Row("steady: jobs ended", str(len(jobs)), _counts_text(outcomes), "–"),
        Row("steady: delivered", str(deliveries.total()), _counts_text(deliveries), "–"),
        Row("steady: lost, or wrong", str(len(wrong)), "–", "–", "0", not wrong),
    ]


def _counts_text(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counts.most_common())
