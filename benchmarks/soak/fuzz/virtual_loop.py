"""An event loop whose time stands still until it is moved: months pass in seconds, and in the same way each time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any


class VirtualLoop(asyncio.SelectorEventLoop):
    """Timers of this loop are due when ``advance`` has come that far; sockets are what they are."""

    _now = 0.0

    def time(self) -> float:
        """Return the seconds that have been passed."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds

    async def quiet(self) -> None:
        """Return once every task waits for something else than its turn."""
        turns = 0
        while turns < 2:  # a callback of the last turn may have made one more
            await asyncio.sleep(0)
            turns = 0 if vars(self)["_ready"] else turns + 1

    def run_in_executor(  # type: ignore[override]  # what is handed in is not looked at
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Run ``func`` here and now: what a thread does would come back at any time."""
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - it is raised where the result is awaited
            done.set_exception(error)
        return done
