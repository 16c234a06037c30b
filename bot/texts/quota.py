"""The words of ``/quota``: what a member used, and what is left for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from bot.i18n.translation import _, format_or, money, ngettext, number
from bot.models import Delivery, JobRecord, jump_link
from bot.policy.blocks import Block
from bot.policy.limit_kinds import DAY, MONTH, NOW
from bot.policy.limit_usage import LimitUsage, WindowUsage
from bot.policy.policy import Allowance
from bot.policy.server_pause import ServerPause
from bot.texts.blocks import own_block_words
from bot.texts.limit_words import window_heading
from bot.texts.outcomes import sign, state_words
from bot.texts.pauses import server_pause_words
from bot.texts.policy import KnownServer
from bot.texts.punctuation import labelled
from bot.texts.view import Tone, View, duration, quote, timestamp

_PROMPT_SHOWN = 60  # characters
_ROLES_SHOWN = 10


def quota_view(
    own: LimitUsage,
    server: LimitUsage,
    hindrances: Sequence[str],
    latest: Sequence[JobRecord],
    *,
    refusals_count: bool = False,
) -> View:
    """
    Return what a member used here, what is left for them, and their latest requests.

    ``hindrances`` say why they cannot ask for videos at all; ``refusals_count``: see ``Policy``.
    """
    paragraphs = [_("### 🎟️ Your videos here"), *hindrances]
    paragraphs.append("\n".join(_own_lines(own)))
    if shared := _lines(server, always=False):
        paragraphs.append("\n".join([_("**This server, everyone together**"), *shared]))
    paragraphs.append(_latest(latest))
    paragraphs.append(
        _("-# In UTC. Counts videos in progress, refused ones, and those cancelled after they were sent.")
        if refusals_count
        else _("-# In UTC. Counts videos in progress and those cancelled after they were sent.")
    )
    return View(Tone.REFUSED if hindrances else Tone.NEUTRAL, tuple(paragraphs))


def hindrance_words(
    block: Block | None,
    missing_roles: Collection[int],
    *,
    offered: bool,
    pause: ServerPause | None = None,
    here: KnownServer | None = None,
) -> list[str]:
    """
    Return why a member cannot ask for videos at all, in a sentence each.

    ``missing_roles``: one of these is needed, and they have none; ``offered``: by the operator, on this server;
    ``pause``: that of the server; ``here`` tells what is gone.
    """
    words = []
    if not offered:
        words.append(_("⚠️ The bot's owner doesn't offer videos here."))
    if pause:
        words.append(server_pause_words(pause))
    if block:
        words.append(own_block_words(block))
    if missing_roles:
        named = format_or((here or KnownServer()).role_names(missing_roles)[:_ROLES_SHOWN])
        words.append(_("⚠️ Only members with this role can make videos: {roles}.", roles=named))
    return words


def _own_lines(own: LimitUsage) -> list[str]:
    lines = _lines(own, always=True)
    if own.cooldown:
        time = duration(own.cooldown)
        if own.ready_at:
            when = timestamp(own.ready_at, "R")
            lines.append(_("**Wait between requests**: {time}, next one {when}", time=time, when=when))
        else:
            lines.append(_("**Wait between requests**: {time}", time=time))
    if own.allowance.unlimited:
        lines.append(_("Your role has no member limits."))
    elif own.allowance == Allowance():
        lines.append(_("There are no limits per member."))
    return lines


def _lines(usage: LimitUsage, *, always: bool) -> list[str]:
    """Return a line for each window that has a limit, or for the day and the month ``always``."""
    shown = [part for part in usage.spans() if part.limited or (always and part.window in (DAY, MONTH))]
    lines = [labelled(f"**{window_heading(part.window)}**", " · ".join(_parts(part, always=always))) for part in shown]
    now = usage.of(NOW)
    if now.video_limit is not None:
        making, most = number(now.used.videos), number(now.video_limit)
        lines.append(_("**At once**: {count} of {most} in progress", count=making, most=most))
    return lines


def _parts(part: WindowUsage, *, always: bool) -> Iterator[str]:
    used = part.used
    if part.video_limit is not None:
        yield ngettext(
            "{used} of {count} video, **{left} left**",
            "{used} of {count} videos, **{left} left**",
            part.video_limit,
            used=number(used.videos),
            left=number(part.videos_left),
        )
    elif always:
        yield ngettext("{count} video", "{count} videos", used.videos)
    if part.cost_limit is not None:
        spent, most, left = money(used.cost), money(part.cost_limit), money(part.cost_left)
        yield _("{spent} of {most} spent, **{left} left**", spent=spent, most=most, left=left)
    elif always and used.cost:
        yield _("{cost} spent", cost=money(used.cost))
    if part.limited and part.resets_at:
        yield _("resets {when}", when=timestamp(part.resets_at, "R"))


def _latest(jobs: Sequence[JobRecord]) -> str:
    if not jobs:
        return _("You haven't made a video here yet. Try `/video`!")
    return "\n".join([_("**Your latest requests**"), *map(_request, jobs)])


def _request(job: JobRecord) -> str:
    link = jump_link(job.guild_id, job.channel_id, job.message_id)
    where = {
        Delivery.INBOX: _("in your direct messages"),
        Delivery.KEPT: _("kept for you; here it comes"),
        Delivery.DROPPED: _("its reply is gone"),
    }.get(job.delivery or Delivery.REPLY, f"[{_('open')}]({link})")
    prompt = f" · {quote(job.prompt, _PROMPT_SHOWN)}" if job.prompt else ""
    return f"- {sign(job.outcome)} {state_words(job)} {timestamp(job.created_at, 'R')} · {where}{prompt}"
