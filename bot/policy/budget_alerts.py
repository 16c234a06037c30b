"""Which part of a limit is used, where it is time to tell: half of it, most of it, all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.policy.limit_kinds import LimitKind, Unit, kinds
from bot.policy.limits import OPERATOR
from bot.policy.policy import Allowance

THRESHOLDS = (50, 80, 100)  # percent of a limit


@dataclass(frozen=True, slots=True)
class BudgetAlert:
    """
    ``used`` of ``limit``, in the unit of ``kind``, has reached ``percent``, one of ``THRESHOLDS``.

    ``guild_id`` is that of the server, or ``OPERATOR`` for all of them together.
    """

    guild_id: int
    kind: LimitKind
    percent: int
    used: int
    limit: int
    resets_at: datetime

    @property
    def is_full(self) -> bool:
        """Whether there is no room left."""
        return self.percent == THRESHOLDS[-1]


def percent_reached(used: int, limit: int, one: int) -> int:
    """
    Return the highest of ``THRESHOLDS`` that ``used`` has reached of ``limit``, 0 if none.

    The last one is reached where not even ``one`` fits any more: a budget of 1.00 is never quite used up by videos of
    0.15 each, and yet there are no more of them.
    """
    if used + max(one, 1) > limit:
        return THRESHOLDS[-1]
    return max((percent for percent in THRESHOLDS if used * 100 >= limit * percent), default=0)


def budgets(guild_id: int, server: Allowance, cap: Allowance) -> Iterator[tuple[int, LimitKind, int]]:
    """Yield whose limit, its kind and its value, of what a server, or all of them, may use in a day or longer."""
    for holder, allowance in ((OPERATOR, cap), (guild_id, server)):
        for kind in kinds(Unit.VIDEOS, Unit.MONEY):
            if kind.window.days and (limit := allowance[kind]):  # of nothing, no part can be used
                yield holder, kind, limit
