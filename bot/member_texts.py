"""The words of ``/quota`` and ``/privacy``: what a member used, what is left, what is kept of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.blocks_texts import own_block_words
from bot.desk import Block, Used, UsedUp
from bot.language import N_, _, duration, either, many, money, number
from bot.models import Delivery, JobRecord
from bot.outcomes import sign, state_words
from bot.policy import Allowance
from bot.quota import Span
from bot.view import Tone, View, jump_link, quote, timestamp

_PROMPT_SHOWN = 60  # characters
_ROLES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody may use, and has used."""

    allowance: Allowance
    used: UsedUp


def quota_view(
    own: Share,
    server: Share,
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
        named = either([f"<@&{role}>" for role in sorted(missing_roles)[:_ROLES_SHOWN]])
        words.append(_("⚠️ Videos are for members with a certain role here: {roles}.", roles=named))
    return words


def _own_lines(own: Share, now: datetime) -> list[str]:
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


def _lines(share: Share, now: datetime, *, always: bool) -> list[str]:
    """Return a line for each span of time that has a limit, or for the day and the month ``always``."""
    may, used = share.allowance, share.used
    day = _line(_("Today"), Span.DAY, used.day, may.videos_day, may.money_day, now, always=always)
    month = _line(_("This month"), Span.MONTH, used.month, may.videos_month, may.money_month, now, always=always)
    lines = [line for line in (day, month) if line]
    if may.at_once is not None:
        making, most = number(used.now.videos), number(may.at_once)
        lines.append(_("**At once**: {count} of {most} in the making", count=making, most=most))
    return lines


def _line(
    name: str, span: Span, used: Used, videos: int | None, budget: int | None, now: datetime, *, always: bool
) -> str | None:
    if videos is None and budget is None and not always:
        return None
    parts = []
    if videos is not None:
        parts.append(
            many(
                "{used} of {count} video, **{left} left**",
                "{used} of {count} videos, **{left} left**",
                videos,
                used=number(used.videos),
                left=number(max(0, videos - used.videos)),
            )
        )
    elif always:
        parts.append(many("{count} video", "{count} videos", used.videos))
    if budget is not None:
        spent, most, left = money(used.cost), money(budget), money(max(0, budget - used.cost))
        parts.append(_("{spent} of {most} spent, **{left} left**", spent=spent, most=most, left=left))
    elif always and used.cost:
        parts.append(_("{cost} spent", cost=money(used.cost)))
    limited = videos is not None or budget is not None
    if limited and (ends := span.ends(now)):
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


def privacy_view(prompt_days: int, picture_hours: int, *, link_sent: bool) -> View:
    """
    Return what is kept of a member, for how long, who sees it, and what leaves for the video service.

    ``link_sent``: the service is given Discord's link of the picture instead of a cleaned copy.
    """
    leaves = _(
        "**What leaves**: the prompt and a copy of your picture without its metadata, such as place and camera, to the "
        "video service. It is not told who you are."
    )
    if link_sent:
        leaves = _(
            "**What leaves**: the prompt and Discord's link to your picture, as you uploaded it, to the video service. "
            "It is not told who you are."
        )
    return View(
        Tone.NEUTRAL,
        (
            _("### 🔒 What Kinora keeps of you on this server"),
            "\n".join(
                [
                    many(
                        "**For {count} day**: your prompts, and the links to your videos. A video that waits for you "
                        "is kept until you have seen it.",
                        "**For {count} days**: your prompts, and the links to your videos. A video that waits for you "
                        "is kept until you have seen it.",
                        prompt_days,
                    ),
                    many(
                        "**For {count} hour**: your picture, so that you can try again with it.",
                        "**For {count} hours**: your picture, so that you can try again with it.",
                        picture_hours,
                    ),
                    _(
                        "**Without an end**, for this server's accounting: that you asked, by your id at Discord; "
                        "where and when; the model, the outcome and the cost; blocks with their reasons; and, of "
                        "moderators, what they decided. No names."
                    ),
                ]
            ),
            leaves,
            _(
                "**Who can see it**: this server's moderators, and whoever hosts Kinora. Other servers cannot. A reply "
                "in a channel is seen by all who see that channel."
            ),
            _(
                "-# `/privacy export` hands you all of your requests as a file. `/privacy erase` takes your prompts, "
                "links and pictures out."
            ),
        ),
    )


def export_view(jobs: int) -> View:
    """Return what stands above the file with a member's requests."""
    words = many(
        "📄 All that I have of your {count} request on this server. Times are in UTC.",
        "📄 All that I have of your {count} requests on this server. Times are in UTC.",
        jobs,
    )
    return View(Tone.NEUTRAL, (words,))


NOTHING_TO_EXPORT = N_("You have not asked for a video on this server, so there is nothing to hand over.")


def erase_view() -> View:
    """Return what is said before a member's words are erased."""
    stays = [
        _(
            "**What stays**: how many videos you asked for, when, how they ended and what they cost, and blocks. "
            "Limits hold as before."
        ),
        _(
            "Replies in channels stay as well, with the prompt and the video in them; ask a moderator to delete those. "
            "Videos that are still in the making, or wait for you, keep their words until you erase once more."
        ),
    ]
    return View(
        Tone.BAD,
        (
            _("### 🧹 Erase your words on this server?"),
            _("**What goes**: your prompts, the links to your videos, and your pictures."),
            "\n".join(stays),
            _("-# This cannot be undone. What was erased cannot be tried again by its buttons."),
        ),
    )


def erased_view(jobs: int) -> View:
    """Return what is said when a member's words have been erased from so many requests."""
    if not jobs:
        return View(Tone.GOOD, (_("🧹 There was nothing left to erase."),))
    words = many(
        "🧹 Done: prompt, link and picture are gone from {count} request.",
        "🧹 Done: prompt, link and picture are gone from {count} requests.",
        jobs,
    )
    return View(Tone.GOOD, (words,))
