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
MAX_DELAY = 0.7  # seconds
MAX_EXTRA_MEMORY = 35.0  # MB
MB = 1_000_000


def measure(folder: Path) -> list[Row]:
    """Return the medians of alternating starts on existing databases, and the first start, which makes them."""
    first: dict[str, float] = {}
    seconds: dict[str, list[float]] = {name: [] for name in BOTS}
    memory: dict[str, list[int]] = {name: [] for name in BOTS}
    with stand_ins.running() as servers:
        for name in BOTS:
            with bots.running(name, servers, folder) as bot:
                first[name] = bot.seconds_to_ready
        for _ in range(ROUNDS):
            for name in BOTS:
                with bots.running(name, servers, folder) as bot:
                    seconds[name].append(bot.seconds_to_ready)
                    time.sleep(REST)
                    memory[name].append(bot.memory())
    later = median(seconds["kinora"]) - median(seconds["naive"])
    more = (median(memory["kinora"]) - median(memory["naive"])) / MB
    return [
        _row(
            "start to READY", "s", {n: median(seconds[n]) for n in BOTS}, f"<= {MAX_DELAY:g} s more", later <= MAX_DELAY
        ),
        _row("the first start, its database made", "s", first),
        _row(
            "idle, resident",
            "MB",
            {n: median(memory[n]) / MB for n in BOTS},
            f"<= {MAX_EXTRA_MEMORY:g} MB more",
            more <= MAX_EXTRA_MEMORY,
        ),
    ]


def _row(what: str, unit: str, of: dict[str, float], target: str = "", met: bool | None = None) -> Row:
    ours, naive = of["kinora"], of["naive"]
    return Row(what, f"{ours:.2f} {unit}", f"{naive:.2f} {unit}", f"{ours - naive:+.2f} {unit}", target, met)
