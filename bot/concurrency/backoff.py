"""Retries an operation, with pauses that grow, until it succeeds."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


async def retry(
    work: Callable[[], Awaitable[T]],
    pauses: Sequence[float],
    *,
    on: type[Exception] | tuple[()] = (),
    on_retry: Callable[[Exception], object] = lambda error: None,
    until: Callable[[T], bool] = lambda result: True,
    tries: int | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> T:
    """
    Call ``work`` until it does not raise ``on`` and returns what ``until`` accepts; return that.

    Between two calls lie ``pauses``, in seconds; the last one repeats. ``on_retry`` is told of each error before the
    pause, and what it raises itself ends the trying. What the last of ``tries`` calls returns or raises stands.
    """
    waits = itertools.chain(pauses, itertools.repeat(pauses[-1]))
    for pause in itertools.islice(waits, tries and tries - 1):
        try:
            result = await work()
        except on as error:
            on_retry(error)
        else:
            if until(result):
                return result
        await sleep(pause)
    return await work()
