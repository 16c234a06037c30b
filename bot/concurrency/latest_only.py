"""Delivers the newest of many states to a slow consumer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

V = TypeVar("V")


class LatestOnly(Generic[V]):
    """
    A slot that holds one value, emptied by ``deliver`` at its own pace.

    ``offer`` never waits and replaces what was not delivered yet. Between two deliveries lie at least ``every()``
    seconds, asked each time; once the block is left, the last value goes out at once, also when the block
    failed. ``deliver`` must deal with its own errors.
    """

    def __init__(self, deliver: Callable[[V], Awaitable[None]], *, every: Callable[[], float]) -> None:
        self._deliver = deliver
        self._every = every
        self._newest: V | None = None
        self._offered = asyncio.Event()
        self._closing = asyncio.Event()

    def offer(self, value: V) -> None:
        """Make ``value`` the next one to be delivered."""
        self._newest = value
        self._offered.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver while the block runs, and the last value after it."""
        # No TaskGroup: it would cancel the pump when the block fails, and the last state is the one that matters most.
        pump = asyncio.create_task(self._pump(), name="deliver latest")
        try:
            yield
        finally:
            self._closing.set()
            self._offered.set()
            await pump

    async def _pump(self) -> None:
        while not (self._closing.is_set() and self._newest is None):
            await self._offered.wait()
            self._offered.clear()
            value, self._newest = self._newest, None
            if value is not None:
                await self._deliver(value)
            try:
                async with asyncio.timeout(self._every()):
                    await self._closing.wait()
            except TimeoutError:
                continue
