"""Cases of how a number compares with the one before."""

from __future__ import annotations

from functools import partial

from bot.texts.trend import trend
from tests.texts.cases.case import Cases

_NUMBERS = ((123, 100), (50, 100), (100, 100), (1001, 1000), (5000, 2), (0, 1), (0, 1200), (3, 0), (0, 0))

CASES: Cases = {
    trend: {
        f"{now} after {before}, {days} {'day' if days == 1 else 'days'}": partial(trend, now, before, days)
        for days in (1, 30)
        for now, before in _NUMBERS
    }
}
