"""The bot's memory and processor time, measured from outside."""

from __future__ import annotations

import asyncio
import time
from statistics import median

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

SAMPLE_EVERY = 1.0  # seconds
MIB = 1024 * 1024


class Memory:
    """Samples the resident memory of the bot that this process has started."""

    def __init__(self) -> None:
        self._bot = next(child for child in psutil.Process().children() if "bot" in child.cmdline())
        self._started = time.monotonic()
        self._samples: list[tuple[float, int]] = []
        self._cpu_before = self._cpu()

    async def watch(self) -> None:
        """Sample forever."""
        while True:
            self._samples.append((time.monotonic() - self._started, self._bot.memory_info().rss))
            await asyncio.sleep(SAMPLE_EVERY)

    def level(self, start: float, end: float) -> float:
        """Return the median in MiB between two times, in seconds since the first sample."""
        return median(rss for at, rss in self._samples if start <= at < end) / MIB

    def now(self) -> float:
        """Return the median of the last ten samples in MiB."""
        return median(rss for _, rss in self._samples[-10:]) / MIB

    def cpu_share(self) -> float:
        """Return the share of one core that the bot has used since the first sample."""
        return (self._cpu() - self._cpu_before) / (time.monotonic() - self._started)

    def _cpu(self) -> float:
        times = self._bot.cpu_times()
        return float(times.user + times.system)
