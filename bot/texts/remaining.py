"""The words for what is left of limits, as moderators read them beside the numbers."""

from __future__ import annotations

from bot.i18n.translation import _, money, ngettext, number
from bot.policy.limit_kinds import NOW
from bot.policy.limit_usage import LimitUsage, WindowUsage
from bot.texts.limit_words import window_heading
from bot.texts.view import timestamp


def server_left(usage: LimitUsage) -> str:
    """Return what a whole server may still do."""
    left = _left(usage)
    if not left:
        return _("-# The server has no limits; set them with `/limits`.")
    return "\n".join([_("**Left for the server**"), *left])


def member_left(usage: LimitUsage) -> str:
    """Return what one member may still do."""
    if usage.allowance.unlimited:
        return "\n".join([_("**Left for them**"), _("Their role has no member limits.")])
    left = _left(usage)
    return "\n".join([_("**Left for them**"), *left]) if left else _("-# They have no limits.")


def _left(usage: LimitUsage) -> list[str]:
    spans = [part for part in usage.spans() if part.limited]
    lines = [_of_span(part, timestamp(part.resets_at, "R")) for part in spans if part.resets_at]
    now = usage.of(NOW)
    if now.video_limit is not None:
        lines.append(_("At once: {left} of {most}", left=number(now.videos_left), most=number(now.video_limit)))
    if usage.ready_at:
        lines.append(_("Cooldown until {when}", when=timestamp(usage.ready_at, "R")))
    return lines


def _of_span(part: WindowUsage, when: str) -> str:
    left = []
    if part.video_limit is not None:
        videos_left = number(part.videos_left)
        left.append(
            ngettext("{left} of {count} videos", "{left} of {count} videos", part.video_limit, left=videos_left)
        )
    if part.cost_limit is not None:
        left.append(_("{left} of {most} left to spend", left=money(part.cost_left), most=money(part.cost_limit)))
    return _("{span}: {left}, resets {when}", span=window_heading(part.window), left=" · ".join(left), when=when)
