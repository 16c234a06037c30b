"""Watches the memory of this process, and of those it starts, from beside."""

from __future__ import annotations

import threading

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

SAMPLE_EVERY = 0.003  # seconds


class MemorySampler(threading.Thread):
    """``peak`` is the most it saw of all processes together, in bytes."""

    def __init__(self) -> None:
        super().__init__(name="memory-sampler", daemon=True)
        self._process = psutil.Process()
        self._over = threading.Event()
        self.peak = 0

    def run(self) -> None:
        """Sample until ``stop``."""
        while not self._over.wait(SAMPLE_EVERY):
            self.peak = max(self.peak, self._level())

    def _level(self) -> int:
        level = 0
        for process in (self._process, *self._process.children(recursive=True)):
            try:
                level += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return level

    def stop(self) -> int:
        """Return the peak."""
        self._over.set()
        self.join()
        return self.peak
