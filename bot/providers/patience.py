"""How long a task is followed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """
    How long a task is followed: ``stall`` seconds in which nothing is learnt of it, ``whole`` seconds since its create.
    How that is measured, and waited, is handed in.
    """

    stall: float = 180
    whole: float = 1800
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
