"""The net under every loop that shall never end: whatever goes wrong in a round is logged, and the next one comes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.errors import KinoraError

LONGEST_PAUSE = 60.0  # seconds; a work that has a longer interval keeps to that

log = logging.getLogger(__name__)


async def run_forever(
    name: str,
    work: Callable[[], Awaitable[object]],
    interval: float,
    *,
    after: float = 0.0,
    longest: float = LONGEST_PAUSE,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """
    Do ``work`` again and again, the first time ``after`` seconds, with ``interval`` seconds between two rounds.

    What a round raises is logged as what could not be done, which is ``name``, and the pauses grow to ``longest``
    while rounds fail. Only a cancel ends it.
    """
    pause = interval
    await sleep(after)
    while True:
        try:
            await work()
            pause = interval
        except (KinoraError, OSError) as error:
            log.warning("could not %s: %s", name, error)
            pause = _longer(pause, interval, longest)
        except Exception:
            log.exception("could not %s", name)
            pause = _longer(pause, interval, longest)
        await sleep(pause)


def _longer(pause: float, interval: float, longest: float) -> float:
    return max(interval, min(2 * pause, longest))
