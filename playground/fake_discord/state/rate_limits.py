"""Discord's rate limits: a count per bucket and window, and the headers that tell a bot about it."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

from playground.clock import Clock


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `requests` per window of `seconds`."""

    name: str
    requests: int
    seconds: float


# Discord publishes no numbers; these are the values that library authors have measured.
WEBHOOK = Limit("webhook", 5, 2.0)
POST_MESSAGE = Limit("post-message", 5, 5.0)
EDIT_MESSAGE = Limit("edit-message", 5, 5.0)
EDIT_OLD_MESSAGE = Limit("edit-old-message", 3, 6.0)
DELETE_MESSAGE = Limit("delete-message", 5, 1.0)
ANYTHING_ELSE = Limit("anything-else", 50, 1.0)
GLOBAL = Limit("global", 50, 1.0)


@dataclass(slots=True)
class _Window:
    ends: float
    used: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one request is allowed, and the rate limit headers of its answer. `reset_after` in seconds."""

    limit: Limit
    remaining: int
    reset_at: float
    reset_after: float
    allowed: bool
    is_global: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """`X-RateLimit-*`, and on a 429 `Retry-After`, `Via` and the scope."""
        headers = {
            "X-RateLimit-Limit": str(self.limit.requests),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": f"{self.reset_at:.3f}",
            "X-RateLimit-Reset-After": f"{self.reset_after:.3f}",
            "X-RateLimit-Bucket": hashlib.md5(self.limit.name.encode(), usedforsecurity=False).hexdigest(),
        }
        if self.is_global:
            headers = {"X-RateLimit-Global": "true"}
        if not self.allowed:
            scope = "global" if self.is_global else "user"
            headers |= {
                "Retry-After": str(math.ceil(self.reset_after)),
                "Via": "1.1 google",
                "X-RateLimit-Scope": scope,
            }
        return headers

    @property
    def body(self) -> dict[str, object]:
        """The JSON of a 429."""
        return rate_limit_body(self.reset_after, is_global=self.is_global)


def rate_limit_body(
    retry_after: float, *, code: int = 0, message: str = "You are being rate limited.", is_global: bool = False
) -> dict[str, object]:
    """The JSON of a 429; `retry_after` in seconds."""
    return {"message": message, "retry_after": round(retry_after, 3), "global": is_global, "code": code}


class RateLimiter:
    """Counts requests in fixed windows that start with their first request."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, str], _Window] = {}

    def take(self, limit: Limit, key: str, *, counts_globally: bool) -> Verdict:
        """Count one request against its bucket, and against the global limit of bot-token routes."""
        now = self._clock.time()
        if counts_globally:
            verdict = self._count(GLOBAL, "", now)
            if not verdict.allowed:
                return Verdict(GLOBAL, 0, verdict.reset_at, verdict.reset_after, allowed=False, is_global=True)
        return self._count(limit, key, now)

    def _count(self, limit: Limit, key: str, now: float) -> Verdict:
        window = self._windows.get((limit.name, key))
        if window is None or window.ends <= now:
            self._forget_ended(now)
            window = self._windows[limit.name, key] = _Window(now + limit.seconds)
        allowed = window.used < limit.requests
        window.used += allowed
        return Verdict(limit, limit.requests - window.used, window.ends, window.ends - now, allowed)

    def _forget_ended(self, now: float) -> None:
        if len(self._windows) > 1000:
            self._windows = {key: window for key, window in self._windows.items() if window.ends > now}
