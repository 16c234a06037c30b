"""The session start limit: one IDENTIFY per bucket every few seconds, and a total per day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playground.clock import Clock

EARLY = 0.05  # seconds of tolerance: timers and networks are not exact


@dataclass
class SessionStarts:
    """
    The limits in force, and the shards that identified. Discord itself has `interval` 5; 0 accepts every IDENTIFY.

    `shards` is the recommended number. `reset_after` is in seconds.
    """

    clock: Clock
    shards: int = 1
    max_concurrency: int = 1
    interval: float = 0.0
    total: int = 1000
    remaining: int = 1000
    reset_after: float = 0.0
    identified: list[int] = field(default_factory=list)  # shard ids, in order
    early: list[int] = field(default_factory=list)  # shard ids of the rejected ones
    _last: dict[int, float] = field(default_factory=dict)

    def take(self, shard_id: int) -> bool:
        """Count one IDENTIFY; returns False if it came too early for its bucket."""
        now, bucket = self.clock.time(), shard_id % self.max_concurrency
        self.remaining -= 1
        in_time = now - self._last.get(bucket, 0.0) >= self.interval - EARLY
        if in_time:
            self._last[bucket] = now
        (self.identified if in_time else self.early).append(shard_id)
        return in_time

    @property
    def payload(self) -> dict[str, Any]:
        """The `session_start_limit` of GET /gateway/bot."""
        return {
            "total": self.total,
            "remaining": max(0, self.remaining),
            "reset_after": int(self.reset_after * 1000),
            "max_concurrency": self.max_concurrency,
        }
