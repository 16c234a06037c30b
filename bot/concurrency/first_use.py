"""Things that are made when they are first used, away from the event loop."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol, TypeVar

T = TypeVar("T", covariant=True)


class Cached(Protocol[T]):
    """A function without parameters that has ``functools.cache``."""

    def __call__(self) -> T:
        """Return the same thing each time."""

    def cache_info(self) -> Any:
        """Return, among other things, whether it was called before."""


async def first_use(make: Cached[T]) -> T:
    """
    Return what ``make`` returns.

    The first time it is called in a thread: to import much or to compile many patterns would hold up all that goes on.
    """
    return make() if make.cache_info().currsize else await asyncio.to_thread(make)
