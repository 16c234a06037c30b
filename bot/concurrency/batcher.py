"""What is asked for at the same moment, done in one go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.concurrency.tasks import Tasks

MOST = 100  # that go together

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Batcher(Generic[Asked, Answer]):
    """
    Gathers what is asked for while ``work`` is busy, and gives it to ``work`` as one list, in the order it came.

    ``work`` returns an answer for each, in the same order; what it raises, all of that list get. It runs in ``tasks``.
    """

    def __init__(self, work: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer]]], tasks: Tasks) -> None:
        self._work = work
        self._tasks = tasks
        self._waiting: list[tuple[Asked, asyncio.Future[Answer]]] = []
        self._going: asyncio.Task[None] | None = None

    async def submit(self, asked: Asked) -> Answer:
        """Return the answer to ``asked``. A caller that goes away changes nothing: the work is done all the same."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, future))
        if self._going is None or self._going.done():
            self._going = self._tasks.start(self._go_on(), "what was asked for together")
        return await future

    async def _go_on(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                answers = await self._work([asked for asked, _ in batch])
            except Exception as error:  # noqa: BLE001 - it is the askers' to deal with
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_, future), answer in zip(batch, answers, strict=True):
                    if not future.done():
                        future.set_result(answer)
            finally:
                for _, future in batch:
                    future.cancel()  # only where the work was cancelled is any of them left
