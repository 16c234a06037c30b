"""The words for what is left of limits, as moderators read them beside the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.i18n.translation import _, money, ngettext, number
from bot.policy.limits import CounterValue, Usage, Window
from bot.policy.policy import Allowance
from bot.texts.view import timestamp


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left of the limits of a server, or a member, at ``now``."""

    allowance: Allowance
    used: Usage
    now: datetime


def server_left(standing: Remaining) -> str:
    """Return what a whole server may still do."""
    left = _left(standing)
    if not left:
        return _("-# The server as a whole has no limits; `/limits` sets them.")
    return "\n".join([_("**Left for the server**"), *left])


def member_left(standing: Remaining) -> str:
    """Return what one member may still do."""
    if standing.allowance.unlimited:
        return "\n".join([_("**Left for them**"), _("A role of theirs frees them from the limits for members.")])
    left = _left(standing)
    return "\n".join([_("**Left for them**"), *left]) if left else _("-# No limits hold for them.")


def _left(standing: Remaining) -> list[str]:
    allowance, used, now = standing.allowance, standing.used, standing.now
    lines = [
        *_of_span(_("Today"), Window.DAY, allowance.videos_day, allowance.money_day, used.day, now),
        *_of_span(_("This month"), Window.MONTH, allowance.videos_month, allowance.money_month, used.month, now),
    ]
    if allowance.at_once is not None:
        left = number(max(0, allowance.at_once - used.now.videos))
        lines.append(_("At once: {left} of {most}", left=left, most=number(allowance.at_once)))
    if allowance.cooldown and used.now.latest:
        again = used.now.latest + timedelta(seconds=allowance.cooldown)
        lines += [_("Cooldown: over {when}", when=timestamp(again, "R"))] if again > now else []
    return lines


def _of_span(
    name: str, span: Window, videos: int | None, cost: int | None, used: CounterValue, now: datetime
) -> list[str]:
    parts = []
    if videos is not None:
        left = number(max(0, videos - used.videos))
        parts.append(ngettext("{left} of {count} videos", "{left} of {count} videos", videos, left=left))
    if cost is not None:
        parts.append(_("{left} of {most} to spend", left=money(max(0, cost - used.cost)), most=money(cost)))
    ends = span.resets_at(now)
    if not (parts and ends):
        return []
    return [_("{span}: {left}, anew {when}", span=name, left=" · ".join(parts), when=timestamp(ends, "R"))]
