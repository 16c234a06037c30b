"""A health probe that runs at most once every few seconds and never waits long."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.concurrency.tasks import Tasks
from bot.errors import KinoraError

PATIENCE = 2.0  # seconds after which an unfinished try counts as failed
INTERVAL = 3.0  # least seconds from one try to the next, however often it is asked

log = logging.getLogger(__name__)


class HealthProbe:
    """
    Tries ``work`` when asked, one try at a time; ``tasks`` owns the tries. A try that hangs is not cancelled, since a
    database connection does not survive that, and no second one is started beside it.
    """

    def __init__(self, name: str, work: Callable[[], Awaitable[None]], tasks: Tasks) -> None:
        self._name = name
        self._work = work
        self._tasks = tasks
        self._trying: asyncio.Task[None] | None = None
        self._began = float("-inf")
        self._works = True

    async def check(self) -> bool:
        """Return whether the latest try succeeded, in PATIENCE seconds at most."""
        now = asyncio.get_running_loop().time()
        if (self._trying is None or self._trying.done()) and now - self._began >= INTERVAL:
            self._began = now
            self._trying = self._tasks.start(self._try(), f"probe of {self._name}")
        if self._trying and not self._trying.done():
            await asyncio.wait([self._trying], timeout=max(0.0, self._began + PATIENCE - now))
            return self._trying.done() and self._works
        return self._works

    async def _try(self) -> None:
        try:
            await self._work()
        except KinoraError as error:
            if self._works:
                log.warning("%s does not work: %s", self._name, error)
            self._works = False
        else:
            if not self._works:
                log.info("%s works again", self._name)
            self._works = True
