"""The clock for everything that expires in the playground: real time, which tests and the panel can move forward."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Aware UTC time that never goes back: real time plus what `advance` adds."""

    def __init__(self) -> None:
        # Built on the monotonic clock, so that a correction of the system time expires nothing.
        self._start = datetime.now(UTC)
        self._monotonic_start = time.monotonic()
        self._advanced = timedelta()
        self._sleepers: set[asyncio.Event] = set()

    def now(self) -> datetime:
        """The playground's present time, aware, in UTC."""
        return self._start + timedelta(seconds=time.monotonic() - self._monotonic_start) + self._advanced

    def time(self) -> float:
        """`now()` as Unix seconds."""
        return self.now().timestamp()

    def advance(self, seconds: float) -> None:
        """Move `now()` forward and wake every `sleep_until` that is due."""
        if seconds < 0:
            raise ValueError("the clock never goes back")
        self._advanced += timedelta(seconds=seconds)
        for sleeper in self._sleepers:
            sleeper.set()

    async def sleep_until(self, moment: datetime) -> None:
        """Return once `now()` has reached `moment`, by waiting or by `advance`."""
        while (left := (moment - self.now()).total_seconds()) > 0:
            moved = asyncio.Event()
            self._sleepers.add(moved)
            try:
                async with asyncio.timeout(left):
                    await moved.wait()
            except TimeoutError:
                pass  # the loop checks the clock again: timers may fire a little early
            finally:
                self._sleepers.discard(moved)
