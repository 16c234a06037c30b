"""The owner of background tasks: it keeps them, logs their failures and waits for them at the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)


class Tasks:
    """Tasks that belong together. asyncio itself keeps no hold on a task and says nothing when it fails."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Run ``work`` in the background under ``name``."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def complete(self, work: Coroutine[Any, Any, T], name: str) -> T:
        """Return what ``work`` returns, or raise what it raises. If the caller goes away, the work goes on."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def finish(self, within: float) -> None:
        """Wait up to ``within`` seconds for all tasks to end, then cancel those that have not."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        while self._tasks and (left := deadline - loop.time()) > 0:  # tasks may start others while they end
            await asyncio.wait(self._tasks, timeout=left)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("%s failed", task.get_name(), exc_info=error)


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T:
    """Return what ``work`` returns, or cancel it and raise TimeoutError once ``stop`` is set."""
    working, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([working, stopped], return_when=asyncio.FIRST_COMPLETED)
        if stopped.done() and not working.done():
            raise TimeoutError
        return working.result()
    finally:
        working.cancel()
        stopped.cancel()
        await asyncio.wait([working, stopped])
        # A task that failed holds its error, and that this frame: a circle, in which a decoded picture of 200 MB would
        # stay until the collector comes by.
        del working, stopped
