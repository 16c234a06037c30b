"""The words of ``/quota``: what a member used, and what is left for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.i18n.translation import _, format_or, money, ngettext, number
from bot.models import Delivery, JobRecord
from bot.policy.blocks import Block
from bot.policy.limits import CounterValue, Usage, Window
from bot.policy.policy import Allowance
from bot.texts.blocks import own_block_words
from bot.texts.outcomes import sign, state_words
from bot.texts.view import Tone, View, duration, jump_link, quote, timestamp

_PROMPT_SHOWN = 60  # characters
_ROLES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class LimitUsage:
    """What somebody may use, and has used."""

    allowance: Allowance
    used: Usage


def quota_view(
    own: LimitUsage,
    server: LimitUsage,
    hindrances: Sequence[str],
    latest: Sequence[JobRecord],
    now: datetime,
    *,
    refusals_count: bool = False,
) -> View:
    """
    Return what a member used here, what is left for them at ``now``, and their latest requests.

    ``hindrances`` say why they cannot ask for videos at all; ``refusals_count``: see ``Policy``.
    """
    paragraphs = [_("### 🎟️ Your videos here"), *hindrances]
    paragraphs.append("\n".join(_own_lines(own, now)))
    if shared := _lines(server, now, always=False):
        paragraphs.append("\n".join([_("**This server, all members together**"), *shared]))
    paragraphs.append(_latest(latest))
    paragraphs.append(
        _(
            "-# Days and months are those of UTC. What is in the making counts as a video already; what ends without "
            "one no longer does, unless a review refused it."
        )
        if refusals_count
        else _(
            "-# Days and months are those of UTC. What is in the making counts as a video already; what ends without "
            "one no longer does."
        )
    )
    return View(Tone.REFUSED if hindrances else Tone.NEUTRAL, tuple(paragraphs))


def hindrance_words(block: Block | None, missing_roles: Collection[int], *, offered: bool) -> list[str]:
    """
    Return why a member cannot ask for videos at all, in a sentence each.

    ``missing_roles``: one of these is needed, and they have none; ``offered``: by the operator, on this server.
    """
    words = []
    if not offered:
        words.append(_("⚠️ Whoever hosts Kinora does not offer it on this server."))
    if block:
        words.append(own_block_words(block))
    if missing_roles:
        named = format_or([f"<@&{role}>" for role in sorted(missing_roles)[:_ROLES_SHOWN]])
        words.append(_("⚠️ Videos are for members with a certain role here: {roles}.", roles=named))
    return words


def _own_lines(own: LimitUsage, now: datetime) -> list[str]:
    lines = _lines(own, now, always=True)
    cooldown = own.allowance.cooldown
    if cooldown:
        next_at = own.used.now.latest and own.used.now.latest + timedelta(seconds=cooldown)
        time = duration(cooldown)
        if next_at and next_at > now:
            when = timestamp(next_at, "R")
            lines.append(_("**Between two requests**: {time}, the next one {when}", time=time, when=when))
        else:
            lines.append(_("**Between two requests**: {time}", time=time))
    if own.allowance.unlimited:
        lines.append(_("Your role frees you from the limits for members."))
    elif own.allowance == Allowance():
        lines.append(_("There is no limit for members."))
    return lines


def _lines(share: LimitUsage, now: datetime, *, always: bool) -> list[str]:
    """Return a line for each span of time that has a limit, or for the day and the month ``always``."""
    may, used = share.allowance, share.used
    day = _line(_("Today"), Window.DAY, used.day, may.videos_day, may.money_day, now, always=always)
    month = _line(_("This month"), Window.MONTH, used.month, may.videos_month, may.money_month, now, always=always)
    lines = [line for line in (day, month) if line]
    if may.at_once is not None:
        making, most = number(used.now.videos), number(may.at_once)
        lines.append(_("**At once**: {count} of {most} in the making", count=making, most=most))
    return lines


def _line(
    name: str, span: Window, used: CounterValue, videos: int | None, budget: int | None, now: datetime, *, always: bool
) -> str | None:
    if videos is None and budget is None and not always:
        return None
    parts = []
    if videos is not None:
        parts.append(
            ngettext(
                "{used} of {count} video, **{left} left**",
                "{used} of {count} videos, **{left} left**",
                videos,
                used=number(used.videos),
                left=number(max(0, videos - used.videos)),
            )
        )
    elif always:
        parts.append(ngettext("{count} video", "{count} videos", used.videos))
    if budget is not None:
        spent, most, left = money(used.cost), money(budget), money(max(0, budget - used.cost))
        parts.append(_("{spent} of {most} spent, **{left} left**", spent=spent, most=most, left=left))
    elif always and used.cost:
        parts.append(_("{cost} spent", cost=money(used.cost)))
    limited = videos is not None or budget is not None
    if limited and (ends := span.resets_at(now)):
        parts.append(_("begins anew {when}", when=timestamp(ends, "R")))
    return f"**{name}**: {' · '.join(parts)}"


def _latest(jobs: Sequence[JobRecord]) -> str:
    if not jobs:
        return _("You have not asked for a video here yet; `/video` is the way.")
    return "\n".join([_("**Your latest requests**"), *map(_request, jobs)])


def _request(job: JobRecord) -> str:
    link = jump_link(job.guild_id, job.channel_id, job.message_id)
    where = {
        Delivery.INBOX: _("in your direct messages"),
        Delivery.KEPT: _("kept for you, here it comes"),
        Delivery.DROPPED: _("its reply is gone"),
    }.get(job.delivery or Delivery.REPLY, f"[{_('go to it')}]({link})")
    prompt = f" · {quote(job.prompt, _PROMPT_SHOWN)}" if job.prompt else ""
    return f"- {sign(job.outcome)} {state_words(job)} {timestamp(job.created_at, 'R')} · {where}{prompt}"
