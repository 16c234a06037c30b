"""The words of ``/quota`` and ``/privacy``: what a member used, what is left, what is kept of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.blocks_texts import own_block_words
from bot.desk import Block, Used, UsedUp
from bot.details_texts import jump_link, outcome_words
from bot.models import Delivery, JobRecord, Outcome
from bot.policy import Allowance
from bot.quota import Span
from bot.view import Tone, View, duration, money, quote

_PROMPT_SHOWN = 60  # characters
_ROLES_SHOWN = 10
_MARKS = {True: "✅", False: "⚠️"}


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
    paragraphs = ["### 🎟️ Your videos here", *hindrances]
    paragraphs.append("\n".join(_own_lines(own, now)))
    if shared := _lines(server, now, always=False):
        paragraphs.append("\n".join(["**This server, all members together**", *shared]))
    paragraphs.append(_latest(latest))
    unless = ", unless a review refused it" if refusals_count else ""
    paragraphs.append(
        "-# Days and months are those of UTC. What is in the making counts as a video already; what ends without one "
        f"no longer does{unless}."
    )
    return View(Tone.REFUSED if hindrances else Tone.NEUTRAL, tuple(paragraphs))


def hindrance_words(block: Block | None, missing_roles: Collection[int], *, offered: bool) -> list[str]:
    """
    Return why a member cannot ask for videos at all, in a sentence each.

    ``missing_roles``: one of these is needed, and they have none; ``offered``: by the operator, on this server.
    """
    words = []
    if not offered:
        words.append("⚠️ Whoever hosts Kinora does not offer it on this server.")
    if block:
        words.append(own_block_words(block))
    if missing_roles:
        named = " or ".join(f"<@&{role}>" for role in sorted(missing_roles)[:_ROLES_SHOWN])
        words.append(f"⚠️ Videos are for members with a certain role here: {named}.")
    return words


def _own_lines(own: Share, now: datetime) -> list[str]:
    lines = _lines(own, now, always=True)
    cooldown = own.allowance.cooldown
    if cooldown:
        next_at = own.used.now.latest and own.used.now.latest + timedelta(seconds=cooldown)
        waits = f", the next one <t:{int(next_at.timestamp()) + 1}:R>" if next_at and next_at > now else ""
        lines.append(f"**Between two requests**: {duration(cooldown)}{waits}")
    if own.allowance.unlimited:
        lines.append("Your role frees you from the limits for members.")
    elif own.allowance == Allowance():
        lines.append("There is no limit for members.")
    return lines


def _lines(share: Share, now: datetime, *, always: bool) -> list[str]:
    """Return a line for each span of time that has a limit, or for the day and the month ``always``."""
    may, used = share.allowance, share.used
    day = _line("Today", Span.DAY, used.day, may.videos_day, may.money_day, now, always=always)
    month = _line("This month", Span.MONTH, used.month, may.videos_month, may.money_month, now, always=always)
    at_once = None if may.at_once is None else f"**At once**: {used.now.videos} of {may.at_once} in the making"
    return [line for line in (day, month, at_once) if line]


def _line(
    name: str, span: Span, used: Used, videos: int | None, budget: int | None, now: datetime, *, always: bool
) -> str | None:
    if videos is None and budget is None and not always:
        return None
    parts = []
    if videos is not None:
        parts.append(f"{used.videos} of {videos} video{'s' * (videos != 1)}, **{max(0, videos - used.videos)} left**")
    elif always:
        parts.append(f"{used.videos} video{'s' * (used.videos != 1)}")
    if budget is not None:
        left = money(max(0, budget - used.cost))
        parts.append(f"{money(used.cost)} of {money(budget)} spent, **{left} left**")
    elif always and used.cost:
        parts.append(f"{money(used.cost)} spent")
    limited = videos is not None or budget is not None
    if limited and (ends := span.ends(now)):
        parts.append(f"begins anew <t:{int(ends.timestamp())}:R>")
    return f"**{name}**: {' · '.join(parts)}"


def _latest(jobs: Sequence[JobRecord]) -> str:
    if not jobs:
        return "You have not asked for a video here yet; `/video` is the way."
    return "\n".join(["**Your latest requests**", *map(_request, jobs)])


def _request(job: JobRecord) -> str:
    where = {
        Delivery.INBOX: "in your direct messages",
        Delivery.KEPT: "kept for you, here it comes",
        Delivery.DROPPED: "its reply is gone",
    }.get(job.delivery or Delivery.REPLY, f"[go to it]({jump_link(job)})")
    prompt = f" · {quote(job.prompt, _PROMPT_SHOWN)}" if job.prompt else ""
    return f"- {_mark(job)} {outcome_words(job)} <t:{int(job.created_at.timestamp())}:R> · {where}{prompt}"


def _mark(job: JobRecord) -> str:
    if job.outcome is None:
        return "🎬"
    if job.outcome.is_refusal:
        return "🚫"
    return _MARKS[job.outcome is Outcome.SUCCESS]


def privacy_view(prompt_days: int, picture_hours: int, *, link_sent: bool) -> View:
    """
    Return what is kept of a member, for how long, who sees it, and what leaves for the video service.

    ``link_sent``: the service is given Discord's link of the picture instead of a cleaned copy.
    """
    picture = (
        "Discord's link to your picture, as you uploaded it"
        if link_sent
        else "a copy of your picture without its metadata, such as place and camera"
    )
    return View(
        Tone.NEUTRAL,
        (
            "### 🔒 What Kinora keeps of you on this server",
            f"**For {_count(prompt_days, 'day')}**: your prompts, and the links to your videos. "
            "A video that waits for you is kept until you have seen it.\n"
            f"**For {_count(picture_hours, 'hour')}**: your picture, so that you can try again with it.\n"
            "**Without an end**, for this server's accounting: that you asked, by your id at Discord; where and when; "
            "the model, the outcome and the cost; blocks with their reasons; and, of moderators, what they decided. "
            "No names.",
            f"**What leaves**: the prompt and {picture}, to the video service. It is not told who you are.",
            "**Who can see it**: this server's moderators, and whoever hosts Kinora. Other servers cannot. A reply in "
            "a channel is seen by all who see that channel.",
            "-# `/privacy export` hands you all of your requests as a file. `/privacy erase` takes your prompts, "
            "links and pictures out.",
        ),
    )


def export_view(jobs: int) -> View:
    """Return what stands above the file with a member's requests."""
    return View(
        Tone.NEUTRAL, (f"📄 All that I have of your {_count(jobs, 'request')} on this server. Times are in UTC.",)
    )


NOTHING_TO_EXPORT = "You have not asked for a video on this server, so there is nothing to hand over."


def erase_view() -> View:
    """Return what is said before a member's words are erased."""
    return View(
        Tone.BAD,
        (
            "### 🧹 Erase your words on this server?",
            "**What goes**: your prompts, the links to your videos, and your pictures.",
            "**What stays**: how many videos you asked for, when, how they ended and what they cost, and blocks. "
            "Limits hold as before.\n"
            "Replies in channels stay as well, with the prompt and the video in them; ask a moderator to delete those. "
            "Videos that are still in the making, or wait for you, keep their words until you erase once more.",
            "-# This cannot be undone. What was erased cannot be tried again by its buttons.",
        ),
    )


def erased_view(jobs: int) -> View:
    """Return what is said when a member's words have been erased from so many requests."""
    if not jobs:
        return View(Tone.GOOD, ("🧹 There was nothing left to erase.",))
    return View(Tone.GOOD, (f"🧹 Done: prompt, link and picture are gone from {_count(jobs, 'request')}.",))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
