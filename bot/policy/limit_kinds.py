"""The limit kinds: the one table from which options, storage, enforcement and words follow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum


class Unit(StrEnum):
    """What a limit counts: videos, millionths of the operator's currency, seconds from one request to the next."""

    VIDEOS = "videos"
    MONEY = "money"
    SECONDS = "seconds"


@dataclass(frozen=True, eq=False)
class Window:
    """
    What a counter counts over: what is open at the moment, or a span of whole UTC days.

    ``key_format`` is for strftime; a key has at most 10 characters, and its length tells the windows apart. A span is
    ``days`` long at most, ``next_start`` returns the first day of the next one; its counter is deleted ``kept`` later.
    """

    name: str
    key_format: str
    days: int = 0
    next_start: Callable[[date], date] | None = None
    kept: timedelta = timedelta.max

    def key(self, moment: datetime) -> str:
        """Return the name of the period that ``moment`` lies in: ``now``, ``2026-11-23`` or ``2026-11``."""
        return moment.astimezone(UTC).strftime(self.key_format)

    def resets_at(self, moment: datetime) -> datetime | None:
        """Return when the period of ``moment`` ends and its counter starts at zero again; NOW has no such time."""
        if self.next_start is None:
            return None
        return datetime.combine(self.next_start(moment.astimezone(UTC).date()), time(), UTC)


NOW = Window("now", "now")
DAY = Window("day", "%Y-%m-%d", 1, lambda day: day + timedelta(days=1), kept=timedelta(days=40))
MONTH = Window(
    "month", "%Y-%m", 31, lambda day: (day.replace(day=1) + timedelta(days=32)).replace(day=1), timedelta(days=400)
)


@dataclass(frozen=True, eq=False)
class LimitKind:
    """
    A limit that managers can set; no two have the same unit and window. SECONDS go with NOW, MONEY with a span.

    ``name`` is what its option is called, what it is stored under, and the reason of a denial. ``largest`` is the most
    that can be set, in its unit. ``for_server``: whether it can bound all members together; ``for_operator``: and all
    servers together.
    """

    name: str
    unit: Unit
    window: Window
    largest: int
    for_server: bool = True
    for_operator: bool = False

    def __str__(self) -> str:
        return self.name


# In the order in which people read them.
KINDS = (
    LimitKind("videos_day", Unit.VIDEOS, DAY, 1_000_000, for_operator=True),
    LimitKind("videos_month", Unit.VIDEOS, MONTH, 1_000_000),
    LimitKind("at_once", Unit.VIDEOS, NOW, 1000),
    LimitKind("cooldown", Unit.SECONDS, NOW, 30 * 24 * 3600, for_server=False),
    LimitKind("money_day", Unit.MONEY, DAY, 10**15, for_operator=True),
    LimitKind("money_month", Unit.MONEY, MONTH, 10**15, for_operator=True),
)


def kinds(*units: Unit) -> Sequence[LimitKind]:
    """Return the limit kinds, or those of some units."""
    return [kind for kind in KINDS if kind.unit in units] if units else KINDS


def kind_named(name: str) -> LimitKind | None:
    """Return the kind of that name, None if there is none."""
    return next((kind for kind in KINDS if kind.name == name), None)


def windows() -> list[Window]:
    """Return the windows that the kinds count over, the shortest first."""
    return sorted({kind.window for kind in KINDS}, key=lambda window: window.days)
