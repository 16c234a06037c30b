"""The playground's clock."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from playground.clock import Clock


async def test_advance_moves_now_and_wakes_its_waiters() -> None:
    clock = Clock()
    before = clock.now()
    sleeper = asyncio.create_task(clock.sleep_until(before + timedelta(hours=1)))
    await asyncio.sleep(0)
    clock.advance(3600)
    await asyncio.wait_for(sleeper, 1)
    assert clock.now() - before >= timedelta(hours=1)
    assert clock.now().tzinfo is not None


def test_clock_never_goes_back() -> None:
    with pytest.raises(ValueError, match="never goes back"):
        Clock().advance(-1)
