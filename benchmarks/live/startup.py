"""The time until each bot is connected, and its memory when idle."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

from benchmarks.live import bots, stand_ins
from benchmarks.live.bots import BOTS
from benchmarks.table import Row

ROUNDS = 5
REST = 2.0  # seconds after READY before the memory is measured
MAX_SECONDS = 0.8
MAX_MEMORY = 80.0  # MB
MB = 1_000_000


def measure(folder: Path) -> list[Row]:
    """Return the medians of alternating starts on existing databases, and the first start, which makes them."""
    first: dict[str, float] = {}
    seconds: dict[str, list[float]] = {name: [] for name in BOTS}
    processor: dict[str, list[float]] = {name: [] for name in BOTS}
    memory: dict[str, list[float]] = {name: [] for name in BOTS}
    with stand_ins.running() as servers:
        for name in BOTS:
            with bots.running(name, servers, folder) as bot:
                first[name] = bot.seconds_to_ready
        for _ in range(ROUNDS):
            for name in BOTS:
                with bots.running(name, servers, folder) as bot:
                    seconds[name].append(bot.seconds_to_ready)
                    time.sleep(REST)
                    processor[name].append(bot.cpu())
                    memory[name].append(bot.memory() / MB)
    return [
        _row("start to READY", "s", _medians(seconds), MAX_SECONDS),
        _row("start: processor", "s", _medians(processor)),
        _row("the first start, its database made", "s", first),
        _row("idle, resident", "MB", _medians(memory), MAX_MEMORY),
    ]


def _medians(of: dict[str, list[float]]) -> dict[str, float]:
    return {name: median(values) for name, values in of.items()}


def _row(what: str, unit: str, of: dict[str, float], most: float | None = None) -> Row:
    ours, naive = of["kinora"], of["naive"]
    target = ("", None) if most is None else (f"<= {most:g} {unit}", ours <= most)
    return Row(what, f"{ours:.2f} {unit}", f"{naive:.2f} {unit}", f"{ours - naive:+.2f} {unit}", *target)
