"""Limits as they are counted and compared: from a policy to what one request adds to its counters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from bot.models import JobRecord
from bot.policy.admission import AdmissionRequest, Denial, DenialReason, DenialScope
from bot.policy.charges import Booking
from bot.policy.limit_kinds import Unit, Window, kinds, windows
from bot.policy.limit_usage import CounterValue
from bot.policy.policy import Allowance, Policy

NO_MEMBER = 0  # the member's id under which a server's own counters stand
OPERATOR = 0  # the server's id under which those of all servers together stand
NO_LIMIT = 2**62


class Reservation(NamedTuple):
    """
    What a request of the moment ``at`` adds to one counter, and the allowance that bounds it.

    Giving back is a reservation with negative numbers.
    """

    guild_id: int
    user_id: int
    window: Window
    at: datetime
    videos: int
    cost: int
    allowance: Allowance = Allowance()

    @property
    def key(self) -> tuple[int, int, str]:
        """Which counter. All writers touch counters in the order of their keys, so no two wait for each other."""
        return self.guild_id, self.user_id, self.window.key(self.at)

    def limit(self, unit: Unit, otherwise: int = NO_LIMIT) -> int:
        """Return how far the counter may go, ``otherwise`` if nothing limits it."""
        limit = self.allowance.limit(unit, self.window)
        return otherwise if limit is None else limit


def access_denial(policy: Policy, request: AdmissionRequest) -> Denial | None:
    """Return why ``policy`` does not let this request in at all: the channel, the member's roles, the model."""
    if policy.channels and not policy.channels & request.channel_ids:
        return Denial(DenialReason.CHANNEL, allowed=tuple(sorted(policy.channels)))
    if policy.age_restricted and not request.job.age_restricted:
        return Denial(DenialReason.AGE_RESTRICTED)
    if policy.roles and not policy.roles & request.roles:
        return Denial(DenialReason.ROLE, allowed=tuple(sorted(policy.roles)))
    if policy.models and request.job.model not in policy.models:
        return Denial(DenialReason.MODEL, allowed=tuple(sorted(policy.models)))
    return None


def reservations_for(policy: Policy, cap: Allowance, request: AdmissionRequest) -> list[Reservation]:
    """
    Return what ``request`` adds to the counters of all servers, of its own and of its member, in each window.

    ``cap``: what the operator allows all servers together. Without one it is counted as well, for one that comes later.
    """
    job = request.job
    holders = (
        (OPERATOR, NO_MEMBER, cap),
        (job.guild_id, NO_MEMBER, policy.server),
        (job.guild_id, job.user_id, policy.allowance(request.roles)),
    )
    return [
        Reservation(guild_id, user_id, window, job.created_at, 1, job.cost, allowance)
        for guild_id, user_id, allowance in holders
        for window in windows()
    ]


def additions_for(job: JobRecord, cost: int) -> list[Reservation]:
    """Return what has to be added to the counters where an open ``job`` costs so much more, or less, than it did."""
    holders = ((OPERATOR, NO_MEMBER), (job.guild_id, NO_MEMBER), (job.guild_id, job.user_id))
    return [Reservation(*holder, window, job.created_at, 0, cost) for holder in holders for window in windows()]


def corrections_for(job: JobRecord, booking: Booking) -> list[Reservation]:
    """
    Return what has to be added to the counters, so that ``booking`` stands on them in place of what does for ``job``.

    An open one holds its place and its price everywhere; one given up as interrupted, money that nobody confirmed.
    """
    opened = 0 if job.outcome else 1
    before = Booking(opened, job.cost * opened, job.cost)
    videos, cost = booking.videos - before.videos, booking.cost - before.cost
    own_cost = booking.member_cost - before.member_cost
    holders = ((OPERATOR, NO_MEMBER, cost), (job.guild_id, NO_MEMBER, cost), (job.guild_id, job.user_id, own_cost))
    changes = [
        Reservation(guild_id, user_id, window, job.created_at, videos, change)
        if window.days
        else Reservation(guild_id, user_id, window, job.created_at, -opened, -job.cost * opened)
        for guild_id, user_id, change in holders
        for window in windows()
    ]
    return [change for change in changes if change.videos or change.cost]


def exceeded_limit(reservation: Reservation, counter: CounterValue) -> Denial | None:
    """Return which limit of its counter ``reservation`` would pass, given what stands there, None if it fits."""
    if retry_at := counter.ready_at(reservation.limit(Unit.SECONDS, 0), reservation.at):
        unit = Unit.SECONDS
    elif counter.videos + reservation.videos > reservation.limit(Unit.VIDEOS):
        unit = Unit.VIDEOS
    elif counter.cost + reservation.cost > reservation.limit(Unit.MONEY):
        unit = Unit.MONEY
    else:
        return None
    kind = next(kind for kind in kinds(unit) if kind.window is reservation.window)
    retry_at = retry_at or reservation.window.resets_at(reservation.at)
    return Denial(kind, _scope(reservation), reservation.limit(unit), retry_at)


def _scope(reservation: Reservation) -> DenialScope:
    if reservation.user_id != NO_MEMBER:
        return DenialScope.MEMBER
    return DenialScope.OPERATOR if reservation.guild_id == OPERATOR else DenialScope.SERVER


def first_exceeded(counted: Iterable[tuple[Reservation, CounterValue]]) -> Denial | None:
    """Return the limit to name of those that would be passed: what frees soonest, of several the widest."""
    soonest_first = sorted(kinds(), key=lambda kind: (kind.unit is Unit.MONEY, kind.window.days))
    order = {str(kind): place for place, kind in enumerate(soonest_first)}
    denials = [denial for reservation, counter in counted if (denial := exceeded_limit(reservation, counter))]
    return min(denials, key=lambda denial: order[str(denial.reason)], default=None)
