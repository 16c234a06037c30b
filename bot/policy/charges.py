"""What is booked for a request once it has ended: money follows what was sent, not what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.models import Outcome


class Counted(StrEnum):
    """Whether a request counts as a video, for its member and its server."""

    NO = "no"
    YES = "yes"
    IF_REFUSALS_COUNT = "if_refusals_count"


class Booked(StrEnum):
    """Whether the price is booked; ``UNCONFIRMED``: nobody knows yet whether the service charges it."""

    NONE = "no"
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "yes"


class Booking(NamedTuple):
    """What stands on the counters for one job; ``cost`` is that of the server, and of all servers together."""

    videos: int
    member_cost: int
    cost: int
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Charge:
    """What an ended request is charged: as a video, to its member's money, to that of the server and the operator."""

    video: Counted
    member_cost: bool
    cost: Booked

    def booking(self, price: int, *, refusals_count: bool = False) -> Booking:
        """Return what that is of ``price``; ``refusals_count``: the server counts what reviews refuse."""
        counted = self.video is Counted.YES or (self.video is Counted.IF_REFUSALS_COUNT and refusals_count)
        unconfirmed = self.cost is Booked.UNCONFIRMED and price > 0
        return Booking(
            int(counted), price if self.member_cost else 0, 0 if self.cost is Booked.NONE else price, unconfirmed
        )


NOTHING = Charge(Counted.NO, member_cost=False, cost=Booked.NONE)
ALL = Charge(Counted.YES, member_cost=True, cost=Booked.CONFIRMED)
# The member has no video, so nothing of theirs is used up; the service may charge all the same.
UNSURE = Charge(Counted.NO, member_cost=False, cost=Booked.UNCONFIRMED)


class Case(NamedTuple):
    """One line of the table; where ``sent`` or ``refusals_cost`` is None, it makes no difference."""

    outcomes: tuple[Outcome, ...]
    sent: bool | None
    refusals_cost: bool | None
    charge: Charge


_BROKEN_OFF = (Outcome.TIMEOUT, Outcome.BAD_STREAM, Outcome.INTERRUPTED)
_REFUSED = tuple(outcome for outcome in Outcome if outcome.is_refusal)
_FAILED = (Outcome.PROVIDER_ERROR, Outcome.QUOTA, Outcome.AUTH, Outcome.RATE_LIMITED)

# ``docs/money.md`` shows it to people.
CASES = (
    Case((Outcome.SUCCESS,), None, None, ALL),
    Case((Outcome.CANCELLED,), True, None, ALL),
    Case((Outcome.CANCELLED,), False, None, NOTHING),
    Case(_BROKEN_OFF, True, None, UNSURE),
    Case(_BROKEN_OFF, False, None, NOTHING),
    Case(_REFUSED, None, True, Charge(Counted.IF_REFUSALS_COUNT, member_cost=True, cost=Booked.CONFIRMED)),
    Case(_REFUSED, None, False, Charge(Counted.IF_REFUSALS_COUNT, member_cost=False, cost=Booked.NONE)),
    Case(_FAILED, None, None, NOTHING),
)


def charge_for(outcome: Outcome, *, sent: bool, refusals_cost: bool, may_cost: bool = False) -> Charge:
    """
    Return what a request is charged that ended in ``outcome``.

    ``sent``: it may have left. ``refusals_cost``: the service is known to charge for what its reviews refuse.
    ``may_cost``: the service has not said that it failed, which alone makes a failure free.
    """
    if may_cost and sent and outcome in _FAILED:
        return UNSURE
    return next(
        case.charge
        for case in CASES
        if outcome in case.outcomes and case.sent in (None, sent) and case.refusals_cost in (None, refusals_cost)
    )
