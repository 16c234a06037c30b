"""What is made when it is first used is made once, and does not hold up the event loop."""

from __future__ import annotations

import threading
from functools import cache

from bot.concurrency.first_use import first_use


async def test_the_first_use_makes_it_in_a_thread_and_all_others_take_what_is_there() -> None:
    makers = []

    @cache
    def make() -> object:
        makers.append(threading.current_thread())
        return object()

    first, second = await first_use(make), await first_use(make)

    assert first is second
    assert len(makers) == 1
    assert makers[0] is not threading.main_thread()
