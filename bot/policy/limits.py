"""How much may be used, counted and compared: from a policy to the counters that one request adds to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from bot.policy.admission import Asking, Denial, Reason
from bot.policy.policy import Allowance, Policy

SERVER = 0  # the member's id under which a server's own counters stand
NO_LIMIT = 2**62


class Span(StrEnum):
    """What a counter counts over: what is open at the moment, a day, a month. Days and months are those of UTC."""

    NOW = "now"
    DAY = "day"
    MONTH = "month"

    def period(self, moment: datetime) -> str:
        """Return the name of the period that ``moment`` lies in: ``now``, ``2026-11-23`` or ``2026-11``."""
        if self is Span.NOW:
            return "now"
        day = moment.astimezone(UTC).date().isoformat()
        return day if self is Span.DAY else day[:7]

    def ends(self, moment: datetime) -> datetime | None:
        """Return when the period of ``moment`` is over and its counter begins anew; NOW has no such time."""
        first = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        if self is Span.DAY:
            return first + timedelta(days=1)
        if self is Span.MONTH:
            return (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        return None


class Need(NamedTuple):
    """
    What requests of one moment add to one counter, and how far that counter may go.

    ``period`` is the span's at that moment. ``pause`` is the least number of seconds since the latest request before.
    """

    guild_id: int
    user_id: int
    span: Span
    period: str
    at: datetime
    videos: int
    cost: int
    most_videos: int = NO_LIMIT
    most_cost: int = NO_LIMIT
    pause: int = 0

    @property
    def key(self) -> tuple[int, int, str]:
        """Which counter. Touched in the order of their keys, by everybody, no two writers wait for each other."""
        return self.guild_id, self.user_id, self.period


def forbidden(policy: Policy, asking: Asking) -> Denial | None:
    """Return why ``policy`` does not let this request in at all: the channel, the member's roles, the model."""
    if policy.channels and not policy.channels & asking.within:
        return Denial(Reason.CHANNEL, allowed=tuple(sorted(policy.channels)))
    if policy.roles and not policy.roles & asking.roles:
        return Denial(Reason.ROLE, allowed=tuple(sorted(policy.roles)))
    if policy.models and asking.job.model not in policy.models:
        return Denial(Reason.MODEL, allowed=tuple(sorted(policy.models)))
    return None


def needs(allowance: Allowance, user_id: int, asked: Sequence[Asking]) -> list[Need]:
    """
    Return what ``asked`` add to the counters of a member, or of the ``SERVER``: now, by day and by month.

    All are of one server, of that member, and of one UTC day; ``allowance`` is what they may use.
    """
    job = asked[-1].job
    videos, cost = len(asked), sum(asking.job.cost for asking in asked)
    return [
        Need(
            job.guild_id,
            user_id,
            span,
            span.period(job.created_at),
            job.created_at,
            videos,
            cost,
            NO_LIMIT if most_videos is None else most_videos,
            NO_LIMIT if most_cost is None else most_cost,
            pause,
        )
        for span, most_videos, most_cost, pause in (
            (Span.NOW, allowance.at_once, None, allowance.cooldown or 0),
            (Span.DAY, allowance.videos_day, allowance.money_day, 0),
            (Span.MONTH, allowance.videos_month, allowance.money_month, 0),
        )
    ]


def exceeded(need: Need, used: Used) -> Denial | None:
    """Return which limit of its counter ``need`` would pass, given what stands there, None if it fits."""
    of_server = need.user_id == SERVER
    # Where the clock was set back, the latest request lies in the future: then nobody has to wait for it.
    if used.latest and timedelta(0) <= need.at - used.latest < timedelta(seconds=need.pause):
        return Denial(Reason.COOLDOWN, of_server, need.pause, used.latest + timedelta(seconds=need.pause))
    if used.videos + need.videos > need.most_videos:
        return Denial(_VIDEOS[need.span], of_server, need.most_videos, need.span.ends(need.at))
    if used.cost + need.cost > need.most_cost:
        return Denial(_MONEY[need.span], of_server, need.most_cost, need.span.ends(need.at))
    return None


_VIDEOS = {Span.NOW: Reason.AT_ONCE, Span.DAY: Reason.VIDEOS_DAY, Span.MONTH: Reason.VIDEOS_MONTH}
_MONEY = {Span.DAY: Reason.MONEY_DAY, Span.MONTH: Reason.MONEY_MONTH}


@dataclass(frozen=True, slots=True)
class Used:
    """What stands on one counter: videos, millionths of the currency, and when the latest was asked for."""

    videos: int = 0
    cost: int = 0
    latest: datetime | None = None


@dataclass(frozen=True, slots=True)
class UsedUp:
    """The counters of a server, or of one of its members: this UTC day, this month, and what is open now."""

    day: Used = Used()
    month: Used = Used()
    now: Used = Used()
