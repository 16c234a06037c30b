"""The soak: two hundred jobs at any time for minutes on end, while five in a hundred calls to Discord fail."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

from benchmarks.soak.checks import is_cut_short, tracebacks, violations
from benchmarks.soak.load import Load, is_told, populate
from benchmarks.soak.memory import Memory
from benchmarks.soak.scene import Scene
from benchmarks.soak.traffic import SHARES, TrafficLog, let_fail
from benchmarks.table import Row
from playground.fake_video_service.generation import FilmPlan
from playground.playground import Playground

JOBS = 200
MINUTE = 60.0  # seconds
LEAST_MINUTES = 3.0
EBB_WITHIN = 240.0  # seconds; an end that Discord does not take is offered again after up to a minute
MOST_GROWTH = 1.05
PACE = 8.0
PLAN = FilmPlan(seconds=0.5, size=(96, 64), work_seconds=3.5)  # tiny, and 28 s in the making
SETTINGS = {"MAX_JOBS": str(JOBS)}


async def measure(minutes: float, seed: int) -> list[Row]:
    """Keep the load up for ``minutes``, wait for its end, print what went wrong, and return the figures."""
    with tempfile.TemporaryDirectory(prefix="kinora-soak-") as folder:
        playground = Playground(Path(folder), pace=PACE, plan=PLAN, settings=SETTINGS)
        scene, traffic = Scene(playground), TrafficLog()
        places = populate(scene)
        async with playground, _background(traffic, playground) as memory:
            await scene.without_pauses()
            let_fail(playground.discord)
            load = Load(scene, JOBS, random.Random(seed), places)
            for minute in range(1, round(minutes) + 1):
                await load.run(MINUTE * (minutes / round(minutes)))
                asked, live = len(load.commands), len(load.live)
                print(f"steady: minute {minute}, {asked} commands, {live} live, {memory.now():.1f} MiB", flush=True)
            cpu = memory.cpu_share()
            calm = await load.ebb(EBB_WITHIN)
            return [*_memory(memory, minutes), *_figures(load, traffic, cpu), *_losses(load, calm)]


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
        ("commands", str(len(load.commands)), f"{sum(map(is_told, load.commands))} failed and said so"),
        ("edits", str(traffic.requests["PATCH"]), f"of {asked} requests"),
        ("failures injected", str(failed), f"{failed / asked:.1%}, asked for {sum(SHARES.values()):.1%}: {kinds}"),
        ("refused by rate limits", str(traffic.limited), "–"),
        ("processor of the bot", f"{cpu:.0%}", "of one core"),
    ]
    return [Row(f"steady: {name}", figure, beside, "–") for name, figure, beside in figures]


def _losses(load: Load, calm: bool) -> list[Row]:
    """Print what was lost or is wrong, and return how much that is."""
    jobs = load.scene.jobs(load.commands)
    wrong = violations(load.scene, load.commands)
    wrong += [f"interrupted, although nobody was: {job}" for job in jobs if job["outcome"] == "interrupted"]
    wrong += [f"thinks for ever: {c.prompt!r}" for c in load.commands if is_cut_short(c, jobs)]
    wrong += [] if calm else [f"{len(load.live)} jobs had no end after {EBB_WITHIN:g} s"]
    for violation in wrong:
        print(f"VIOLATION: {violation}", flush=True)
    for error, count in Counter(text.splitlines()[-1] for text in tracebacks(load.scene.new_log())).items():
        print(f"in the log, {count} times: {error}", flush=True)
    outcomes = Counter(str(job["outcome"]) for job in jobs)
    deliveries = Counter(str(job["delivery"]) for job in jobs)
    return [
        Row("steady: jobs ended", str(len(jobs)), _words(outcomes), "–"),
        Row("steady: delivered", str(deliveries.total()), _words(deliveries), "–"),
        Row("steady: lost, or wrong", str(len(wrong)), "–", "–", "0", not wrong),
    ]


def _words(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counts.most_common())
