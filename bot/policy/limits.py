"""Limits as they are counted and compared: from a policy to what one request adds to its counters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.policy.admission import AdmissionRequest, Denial, DenialReason
from bot.policy.limit_kinds import Unit, Window, kind_of, kinds, windows
from bot.policy.limit_usage import CounterValue
from bot.policy.policy import Allowance, Policy

SERVER = 0  # the member's id under which a server's own counters stand
NO_LIMIT = 2**62


class Reservation(NamedTuple):
    """
    What requests of one moment add to one counter, and how far that counter may go.

    ``window_key`` is the window's at that moment. ``cooldown`` is the least number of seconds since the latest request.
    """

    guild_id: int
    user_id: int
    window: Window
    window_key: str
    at: datetime
    videos: int
    cost: int
    video_limit: int = NO_LIMIT
    cost_limit: int = NO_LIMIT
    cooldown: int = 0

    @property
    def key(self) -> tuple[int, int, str]:
        """Which counter. Touched in the order of their keys, by everybody, no two writers wait for each other."""
        return self.guild_id, self.user_id, self.window_key

    @property
    def oversized(self) -> bool:
        """Whether it passes a limit by itself, whatever stands on the counter."""
        return self.videos > self.video_limit or self.cost > self.cost_limit


def access_denial(policy: Policy, request: AdmissionRequest) -> Denial | None:
    """Return why ``policy`` does not let this request in at all: the channel, the member's roles, the model."""
    if policy.channels and not policy.channels & request.channel_ids:
        return Denial(DenialReason.CHANNEL, allowed=tuple(sorted(policy.channels)))
    if policy.roles and not policy.roles & request.roles:
        return Denial(DenialReason.ROLE, allowed=tuple(sorted(policy.roles)))
    if policy.models and request.job.model not in policy.models:
        return Denial(DenialReason.MODEL, allowed=tuple(sorted(policy.models)))
    return None


def reservations_for(allowance: Allowance, user_id: int, requests: Sequence[AdmissionRequest]) -> list[Reservation]:
    """
    Return what ``requests`` add to the counters of a member, or of the ``SERVER``, in each window.

    All are of one server, of that member, and of one period of each window; ``allowance`` is what they may use.
    """
    job = requests[-1].job
    videos, cost = len(requests), sum(request.job.cost for request in requests)

    def limit(unit: Unit, window: Window, otherwise: int) -> int:
        value = allowance.limit(unit, window)
        return otherwise if value is None else value

    return [
        Reservation(
            job.guild_id,
            user_id,
            window,
            window.key(job.created_at),
            job.created_at,
            videos,
            cost,
            limit(Unit.VIDEOS, window, NO_LIMIT),
            limit(Unit.MONEY, window, NO_LIMIT),
            limit(Unit.SECONDS, window, 0),
        )
        for window in windows()
    ]


def exceeded_limit(reservation: Reservation, counter: CounterValue) -> Denial | None:
    """Return which limit of its counter ``reservation`` would pass, given what stands there, None if it fits."""
    retry_at = reservation.window.resets_at(reservation.at)
    if ready_at := counter.ready_at(reservation.cooldown, reservation.at):
        unit, limit, retry_at = Unit.SECONDS, reservation.cooldown, ready_at
    elif counter.videos + reservation.videos > reservation.video_limit:
        unit, limit = Unit.VIDEOS, reservation.video_limit
    elif counter.cost + reservation.cost > reservation.cost_limit:
        unit, limit = Unit.MONEY, reservation.cost_limit
    else:
        return None
    return Denial(kind_of(unit, reservation.window), reservation.user_id == SERVER, limit, retry_at)


def first_exceeded(counted: Iterable[tuple[Reservation, CounterValue]]) -> Denial | None:
    """Return the limit to name of those that would be passed: what frees soonest, a server's before a member's."""
    soonest_first = sorted(kinds(), key=lambda kind: (kind.unit is Unit.MONEY, kind.window.days))
    order = {str(kind): place for place, kind in enumerate(soonest_first)}
    denials = [denial for reservation, counter in counted if (denial := exceeded_limit(reservation, counter))]
    return min(denials, key=lambda denial: order[str(denial.reason)], default=None)
