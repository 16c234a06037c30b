"""Delivers the newest of many states to a slow consumer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Generic, TypeVar

V = TypeVar("V")

LONGEST_PAUSE = 1.1  # intervals; pauses are so long, at most, until an early delivery is made up for


class LatestOnly(Generic[V]):
    """
    A slot that holds one value, emptied by ``deliver`` at its own pace.

    ``offer`` never waits and replaces what was not delivered yet. Between two deliveries lie at least ``every()``
    seconds, asked each time. An urgent value does not wait for that; the next pauses are a little longer instead, so
    that over time there are no more deliveries. Once the block is left, the last value goes out at once, also when the
    block failed. ``deliver`` must deal with its own errors.
    """

    def __init__(self, deliver: Callable[[V], Awaitable[None]], *, every: Callable[[], float]) -> None:
        self._deliver = deliver
        self._every = every
        self._newest: V | None = None
        self._offered = asyncio.Event()
        self._hurried = asyncio.Event()
        self._closing = False
        self._due = 0.0  # when the next delivery would be due without early ones, by the loop's time

    def offer(self, value: V, *, urgent: bool = False) -> None:
        """Make ``value`` the next one to be delivered, at once if it is ``urgent``; what replaces it is so too."""
        self._newest = value
        self._offered.set()
        if urgent:
            self._hurried.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver while the block runs, and the last value after it."""
        # No TaskGroup: it would cancel the pump when the block fails, and the last state is the one that matters most.
        pump = asyncio.create_task(self._pump(), name="deliver latest")
        try:
            yield
        finally:
            self._closing = True
            self._hurried.set()
            self._offered.set()
            await pump

    async def _pump(self) -> None:
        while not (self._closing and self._newest is None):
            await self._offered.wait()
            self._offered.clear()
            value, self._newest = self._newest, None
            if value is None:
                continue
            if not self._closing:
                self._hurried.clear()
            await self._deliver(value)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause()):
                    await self._hurried.wait()

    def _pause(self) -> float:
        """Return the seconds until the next delivery that is not urgent."""
        now, every = asyncio.get_running_loop().time(), self._every()
        self._due = max(self._due, now) + every
        return min(self._due - now, LONGEST_PAUSE * every)
