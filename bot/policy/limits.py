"""How much may be used, counted and compared: from a policy to the counters that one request adds to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from bot.policy.admission import AdmissionRequest, Denial, DenialReason
from bot.policy.policy import Allowance, Policy

SERVER = 0  # the member's id under which a server's own counters stand
NO_LIMIT = 2**62


class Window(StrEnum):
    """What a counter counts over: what is open at the moment, a day, a month. Days and months are those of UTC."""

    NOW = "now"
    DAY = "day"
    MONTH = "month"

    def key(self, moment: datetime) -> str:
        """Return the name of the period that ``moment`` lies in: ``now``, ``2026-11-23`` or ``2026-11``."""
        if self is Window.NOW:
            return "now"
        day = moment.astimezone(UTC).date().isoformat()
        return day if self is Window.DAY else day[:7]

    def resets_at(self, moment: datetime) -> datetime | None:
        """Return when the period of ``moment`` is over and its counter begins anew; NOW has no such time."""
        first = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        if self is Window.DAY:
            return first + timedelta(days=1)
        if self is Window.MONTH:
            return (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        return None


class Reservation(NamedTuple):
    """
    What requests of one moment add to one counter, and how far that counter may go.

    ``period`` is the span's at that moment. ``pause`` is the least number of seconds since the latest request before.
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


def access_denial(policy: Policy, asking: AdmissionRequest) -> Denial | None:
    """Return why ``policy`` does not let this request in at all: the channel, the member's roles, the model."""
    if policy.channels and not policy.channels & asking.channel_ids:
        return Denial(DenialReason.CHANNEL, allowed=tuple(sorted(policy.channels)))
    if policy.roles and not policy.roles & asking.roles:
        return Denial(DenialReason.ROLE, allowed=tuple(sorted(policy.roles)))
    if policy.models and asking.job.model not in policy.models:
        return Denial(DenialReason.MODEL, allowed=tuple(sorted(policy.models)))
    return None


def reservations_for(allowance: Allowance, user_id: int, asked: Sequence[AdmissionRequest]) -> list[Reservation]:
    """
    Return what ``asked`` add to the counters of a member, or of the ``SERVER``: now, by day and by month.

    All are of one server, of that member, and of one UTC day; ``allowance`` is what they may use.
    """
    job = asked[-1].job
    videos, cost = len(asked), sum(asking.job.cost for asking in asked)
    return [
        Reservation(
            job.guild_id,
            user_id,
            span,
            span.key(job.created_at),
            job.created_at,
            videos,
            cost,
            NO_LIMIT if most_videos is None else most_videos,
            NO_LIMIT if most_cost is None else most_cost,
            pause,
        )
        for span, most_videos, most_cost, pause in (
            (Window.NOW, allowance.at_once, None, allowance.cooldown or 0),
            (Window.DAY, allowance.videos_day, allowance.money_day, 0),
            (Window.MONTH, allowance.videos_month, allowance.money_month, 0),
        )
    ]


def exceeded_limit(need: Reservation, used: CounterValue) -> Denial | None:
    """Return which limit of its counter ``need`` would pass, given what stands there, None if it fits."""
    of_server = need.user_id == SERVER
    # Where the clock was set back, the latest request lies in the future: then nobody has to wait for it.
    if used.latest and timedelta(0) <= need.at - used.latest < timedelta(seconds=need.cooldown):
        return Denial(DenialReason.COOLDOWN, of_server, need.cooldown, used.latest + timedelta(seconds=need.cooldown))
    if used.videos + need.videos > need.video_limit:
        return Denial(_VIDEOS[need.window], of_server, need.video_limit, need.window.resets_at(need.at))
    if used.cost + need.cost > need.cost_limit:
        return Denial(_MONEY[need.window], of_server, need.cost_limit, need.window.resets_at(need.at))
    return None


_VIDEOS = {
    Window.NOW: DenialReason.AT_ONCE,
    Window.DAY: DenialReason.VIDEOS_DAY,
    Window.MONTH: DenialReason.VIDEOS_MONTH,
}
_MONEY = {Window.DAY: DenialReason.MONEY_DAY, Window.MONTH: DenialReason.MONEY_MONTH}


@dataclass(frozen=True, slots=True)
class CounterValue:
    """What stands on one counter: videos, millionths of the currency, and when the latest was asked for."""

    videos: int = 0
    cost: int = 0
    latest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """The counters of a server, or of one of its members: this UTC day, this month, and what is open now."""

    day: CounterValue = CounterValue()
    month: CounterValue = CounterValue()
    now: CounterValue = CounterValue()
