"""How large a file each server takes, as far as it is known: what Discord states, and what became of uploads."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

MIB = 1024 * 1024
# Bytes that Discord has had as limits, and less for proxies that it does not know of: tried in turn below a refusal.
STEPS = tuple(size * MIB for size in (500, 250, 100, 50, 25, 20, 10, 8))
LEAST = STEPS[-1]  # that each server takes: what is refused below it says nothing of the server
KEPT = 24 * 3600.0  # seconds; a server's level changes
MOST_SERVERS = 10_000  # that are remembered; the oldest is forgotten first


@dataclass(frozen=True, slots=True)
class _Known:
    took: int = 0  # the largest file
    refused: int | None = None  # the smallest file
    since: float = 0


class UploadLimits:
    """Remembers what servers took and refused in the last day of ``clock``."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._servers: dict[int, _Known] = {}

    @staticmethod
    def below(size: int) -> int:
        """Return how many bytes to try after so many were too large."""
        return next((step for step in STEPS if step < size), size // 2)

    def limit(self, guild_id: int, stated: int) -> int:
        """Return how many bytes to try next where Discord states so many."""
        known = self._known(guild_id)
        if known.refused is None or known.refused > max(stated, known.took):
            return max(stated, known.took)
        return max(known.took, self.below(known.refused))

    def took(self, guild_id: int, size: int) -> None:
        """Remember that a file of ``size`` bytes was taken."""
        known = self._known(guild_id)
        refused = None if known.refused is not None and known.refused <= size else known.refused
        self._remember(guild_id, replace(known, took=max(size, known.took), refused=refused))

    def refused(self, guild_id: int, size: int) -> None:
        """Remember that a file of ``size`` bytes was too large, unless every server takes so many."""
        if size <= LEAST:
            return
        known = self._known(guild_id)
        took = known.took if known.took < size else 0
        self._remember(guild_id, replace(known, took=took, refused=min(size, known.refused or size)))

    def _known(self, guild_id: int) -> _Known:
        known = self._servers.get(guild_id)
        return known if known and known.since > self._clock() - KEPT else _Known(since=self._clock())

    def _remember(self, guild_id: int, known: _Known) -> None:
        self._servers[guild_id] = known
        if len(self._servers) > MOST_SERVERS:
            del self._servers[next(iter(self._servers))]
