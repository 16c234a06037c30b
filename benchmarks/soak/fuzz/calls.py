"""The calls of processes to their stores, each held back until the run decides what comes of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

from bot.errors import StorageError


class Fault(StrEnum):
    """What the engine does with a call."""

    NONE = "done"
    BEFORE = "fails before its commit"
    AFTER = "its answer is lost"


@dataclass(eq=False)
class Call:
    """One call of a process to a store. ``at``: what the watcher noted when it was made."""

    process: Caller
    name: str
    work: Callable[[], Awaitable[Any]]
    arguments: tuple[Any, ...]
    options: dict[str, Any]
    answer: asyncio.Future[Any]
    at: Any = None


@dataclass(eq=False)
class Caller:
    """A process, as far as calls are concerned; nothing is answered to one that is gone."""

    name: str
    is_gone: bool = False
    was_killed: bool = False


@dataclass
class Calls:
    """
    All calls that wait. ``on_call`` notes what a call is made in, ``on_done`` hears what it returned, answered or not,
    and ``on_error`` what a store could not do although no fault was asked for.
    """

    on_call: Callable[[Call], Any]
    on_done: Callable[[Call, Any, Fault], Awaitable[None]]
    on_error: Callable[[Call, Exception], None]
    waiting: list[Call] = field(default_factory=list)
    done: Counter[tuple[str, Fault]] = field(default_factory=Counter)
    is_over: bool = False

    async def hold(self, process: Caller, name: str, method: Any, *arguments: Any, **options: Any) -> Any:
        """Return what ``method`` returns, once it is let through. Raises StorageError; never comes back to the dead."""
        if self.is_over:
            raise asyncio.CancelledError
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if not process.is_gone:
            call = Call(process, name, partial(method, *arguments, **options), arguments, options, answer)
            call.at = self.on_call(call)
            self.waiting.append(call)
        return await answer

    async def let_through(self, call: Call, fault: Fault) -> None:
        """Do what a waiting call asks for, or not, and answer."""
        self.waiting.remove(call)
        self.done[call.name, fault] += 1
        try:
            if fault is Fault.BEFORE:
                raise StorageError("the database is away")
            result = await call.work()
            await self.on_done(call, result, fault)
            if fault is Fault.AFTER:
                raise StorageError("the connection broke")
        except Exception as error:  # noqa: BLE001 - whatever a store raises is for its caller
            if fault is Fault.NONE:
                self.on_error(call, error)
            if not (call.process.is_gone or call.answer.done()):
                call.answer.set_exception(error)
        else:
            if not (call.process.is_gone or call.answer.done()):
                call.answer.set_result(result)


class Held:
    """A store for one process: each of its methods is held."""

    def __init__(self, store: Any, process: Caller, calls: Calls) -> None:
        self._store = store
        self._process = process
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        return partial(self._calls.hold, self._process, name, getattr(self._store, name))
