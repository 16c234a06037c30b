"""Limits as they are counted and compared: from a policy to what one request adds to its counters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from bot.policy.admission import AdmissionRequest, Denial, DenialReason
from bot.policy.limit_kinds import Unit, Window, kinds, windows
from bot.policy.limit_usage import CounterValue
from bot.policy.policy import Allowance, Policy

SERVER = 0  # the member's id under which a server's own counters stand
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
    if policy.roles and not policy.roles & request.roles:
        return Denial(DenialReason.ROLE, allowed=tuple(sorted(policy.roles)))
    if policy.models and request.job.model not in policy.models:
        return Denial(DenialReason.MODEL, allowed=tuple(sorted(policy.models)))
    return None


def reservations_for(policy: Policy, request: AdmissionRequest) -> list[Reservation]:
    """Return what ``request`` adds to the counters of its server and of its member, in each window."""
    job = request.job
    allowances = {SERVER: policy.server, job.user_id: policy.allowance(request.roles)}
    return [
        Reservation(job.guild_id, whose, window, job.created_at, 1, job.cost, allowance)
        for whose, allowance in allowances.items()
        for window in windows()
    ]


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
    return Denial(kind, reservation.user_id == SERVER, reservation.limit(unit), retry_at)


def first_exceeded(counted: Iterable[tuple[Reservation, CounterValue]]) -> Denial | None:
    """Return the limit to name of those that would be passed: what frees soonest, a server's before a member's."""
    soonest_first = sorted(kinds(), key=lambda kind: (kind.unit is Unit.MONEY, kind.window.days))
    order = {str(kind): place for place, kind in enumerate(soonest_first)}
    denials = [denial for reservation, counter in counted if (denial := exceeded_limit(reservation, counter))]
    return min(denials, key=lambda denial: order[str(denial.reason)], default=None)
