"""How soon each bot is connected, and what memory it takes when nobody asks anything."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

from benchmarks.live import bots, stand_ins
from benchmarks.live.bots import CONTESTANTS
from benchmarks.table import Row

ROUNDS = 5
REST = 2.0  # seconds after READY before the memory is looked at
LATER = 0.7  # seconds
MORE = 35.0  # MB
MB = 1_000_000


def measure(folder: Path) -> list[Row]:
    """Return the medians of starts in turns, on databases that are there already, and the first start of all."""
    first: dict[str, float] = {}
    seconds: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    memory: dict[str, list[int]] = {name: [] for name in CONTESTANTS}
    with stand_ins.running() as servers:
        for name in CONTESTANTS:
            with bots.running(name, servers, folder) as bot:
                first[name] = bot.seconds_to_ready
        for _ in range(ROUNDS):
            for name in CONTESTANTS:
                with bots.running(name, servers, folder) as bot:
                    seconds[name].append(bot.seconds_to_ready)
                    time.sleep(REST)
                    memory[name].append(bot.memory())
    later = median(seconds["kinora"]) - median(seconds["naive"])
    more = (median(memory["kinora"]) - median(memory["naive"])) / MB
    return [
        _row(
            "start to READY", "s", {n: median(seconds[n]) for n in CONTESTANTS}, f"<= {LATER:g} s more", later <= LATER
        ),
        _row("the first start, its database made", "s", first),
        _row(
            "idle, resident",
            "MB",
            {n: median(memory[n]) / MB for n in CONTESTANTS},
            f"<= {MORE:g} MB more",
            more <= MORE,
        ),
    ]


def _row(what: str, unit: str, of: dict[str, float], target: str = "", met: bool | None = None) -> Row:
    ours, naive = of["kinora"], of["naive"]
    return Row(what, f"{ours:.2f} {unit}", f"{naive:.2f} {unit}", f"{ours - naive:+.2f} {unit}", target, met)
