"""Every word members see: the state of a job, or a page of numbers, becomes a view that any messenger could draw."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.links import expiry
from bot.models import Done, JobUpdate, Outcome, Running, UsageTotals, Waiting

QUIET_AFTER = 40.0  # seconds without news before the reply says so
PROMPT_SHOWN = 300  # characters
_BAR = 20  # blocks
_MEMBERS_SHOWN = 10


class Tone(StrEnum):
    """How a view feels; the messenger chooses the colour."""

    WAITING = "waiting"
    WORKING = "working"
    GOOD = "good"
    REFUSED = "refused"
    BAD = "bad"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class View:
    """What to show: paragraphs of Discord's Markdown, the link of a finished video, whether Cancel makes sense."""

    tone: Tone
    paragraphs: tuple[str, ...]
    link: str | None = None
    can_cancel: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for what, to stand under each state of the reply."""

    user_id: int
    prompt: str


def quote(text: str, limit: int = PROMPT_SHOWN) -> str:
    """Return text from outside on one line of at most ``limit`` characters, with nothing that Discord would act on."""
    text = " ".join(text.split())
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return re.sub(r"([\\*_~`|>#\-\[\]()<@:])", r"\\\1", text)


def duration(seconds: float) -> str:
    """Return a duration in words of two units at most: ``45 s``, ``2 min 5 s``, ``1 h 3 min``."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def bar(percent: float) -> str:
    """Return a bar with the percentage beside it, for eyes and for screen readers."""
    full = min(_BAR, int(percent * _BAR / 100))
    number = f"{percent:.1f}".rstrip("0").rstrip(".")
    return f"`{'█' * full}{'░' * (_BAR - full)}` **{number} %**"


def job_view(update: JobUpdate, asked: Asked, now: datetime, *, uploaded: bool = False, reachable: bool = True) -> View:
    """
    Return what the reply of a job shows at ``now``.

    ``uploaded``: the video stands in the reply itself; ``reachable``: its link leads to the public internet.
    """
    match update:
        case Waiting(place=place):
            line = "You are next." if place == 1 else f"Place {place} in the line."
            return View(Tone.WAITING, ("### ⏳ Queued", line, _asked(asked)), can_cancel=True)
        case Running():
            return View(Tone.WORKING, (*_running(update, now), _asked(asked)), can_cancel=True)
        case Done(outcome=Outcome.SUCCESS, video_url=str(link)):
            return _success(update, link, asked, uploaded=uploaded, reachable=reachable)
        case Done():
            return _failure(update, asked)


def _asked(asked: Asked) -> str:
    return f"-# <@{asked.user_id}> asked for\n> {quote(asked.prompt)}"


def _running(update: Running, now: datetime) -> tuple[str, ...]:
    elapsed = (now - update.started_at).total_seconds()
    silent = (now - update.news_at).total_seconds()
    if update.retrying:
        return ("### 🎬 Making your video", "The video service is busy; trying again in a moment.")
    progress = (
        bar(update.percent) if update.percent is not None else "The video service has not named a percentage yet."
    )
    times = f"{duration(elapsed)} so far"
    if update.typical:
        times += f", usually about {duration(update.typical)} in all"
    if silent >= QUIET_AFTER:
        times += f". No news for {duration(silent)}; that is not unusual, the service goes on"
    return ("### 🎬 Making your video", progress, times + ".")


def _success(update: Done, link: str, asked: Asked, *, uploaded: bool, reachable: bool) -> View:
    head = "### ✅ Your video is ready"
    took = f"-# Made for <@{asked.user_id}> in {duration(update.seconds)}\n> {quote(asked.prompt)}"
    if not reachable:
        lost = (
            "The video was made, but the service's link leads into its own network, so it cannot be opened from here. "
            "Whoever hosts Kinora can allow that host in `VIDEO_ALLOWED_HOSTS`."
        )
        return View(Tone.GOOD, (head, took) if uploaded else ("### ⚠️ Your video is out of reach", lost, took))
    where = f"<{link}>"
    if until := expiry(link):
        where += f"\nThis link works until <t:{int(until.timestamp())}:f>."
    return View(Tone.GOOD, (head, where, took), link=link)


_FAILURES = {
    Outcome.MODERATION_IMAGE: (
        "### 🚫 The picture was not accepted",
        "The service's review of pictures said no. It turns down pictures that show a real person, or somebody who "
        "looks too much like one. A drawing, an animal, a place or a thing will work.",
    ),
    Outcome.MODERATION_PROMPT: (
        "### 🚫 The prompt was not accepted",
        "The service's review of prompts said no. It turns down violence, sexual content, brands and characters that "
        "belong to others, and living people. Please put it in other words.",
    ),
    Outcome.MODERATION_RESULT: (
        "### 🚫 The finished video was not released",
        "The service looks at each video once more when it is finished, so this can happen after more than 90 %. "
        "Something in the result came too close to what it forbids. A plainer prompt, or another picture, often helps.",
    ),
    Outcome.MODERATION_UNKNOWN: (
        "### 🚫 The request was not accepted",
        "One of the service's reviews said no and did not say which. Try a plainer prompt or another picture.",
    ),
    Outcome.PROVIDER_ERROR: (
        "### ⚠️ The video service failed",
        "It reported a fault of its own. Your prompt and picture are most likely fine; please try again later.",
    ),
    Outcome.QUOTA: (
        "### ⚠️ The video service has no credit left",
        "Whoever hosts Kinora has to top up its account there. Nothing is wrong with your prompt or picture.",
    ),
    Outcome.AUTH: (
        "### ⚠️ The video service does not know this bot",
        "Whoever hosts Kinora has to check its key for the service. Nothing is wrong with your prompt or picture.",
    ),
    Outcome.RATE_LIMITED: (
        "### ⚠️ The video service is too busy",
        "It takes no more requests at the moment. Please try again in a few minutes.",
    ),
    Outcome.BAD_STREAM: (
        "### ⚠️ The video service broke off",
        "Its answer ended without a video. The video may have been made all the same, but it cannot be found again. "
        "Please try again.",
    ),
    Outcome.TIMEOUT: (
        "### ⚠️ The video service went silent",
        "It said nothing for too long, so I stopped waiting. Please try again later.",
    ),
    Outcome.CANCELLED: (
        "### ⏹️ Cancelled",
        "This video will not be shown. What the service had begun, it may charge for.",
    ),
    Outcome.INTERRUPTED: (
        "### ⏹️ Interrupted",
        "Kinora was stopped while it worked on this, and a request is never paid for twice, so it does not go on by "
        "itself. Nothing was counted; please ask again.",
    ),
}
_MODEL_GONE = (
    "### ⚠️ The video service no longer has this model",
    "Please choose another one, or ask whoever hosts Kinora to change `VIDEO_MODELS`.",
)


def _failure(update: Done, asked: Asked) -> View:
    head, body = _MODEL_GONE if update.model_gone else _FAILURES.get(update.outcome, _FAILURES[Outcome.BAD_STREAM])
    tone = Tone.REFUSED if update.outcome.is_refusal else Tone.BAD
    if update.outcome in (Outcome.CANCELLED, Outcome.INTERRUPTED):
        tone = Tone.NEUTRAL
    reached = f" The last percentage was {update.percent:g} %." if update.percent else ""
    return View(tone, (head, body, f"-# After {duration(update.seconds)}.{reached}", _asked(asked)))


OUTCOME_WORDS = {
    Outcome.SUCCESS: "made",
    Outcome.MODERATION_IMAGE: "refused for the picture",
    Outcome.MODERATION_PROMPT: "refused for the prompt",
    Outcome.MODERATION_RESULT: "refused after it was made",
    Outcome.MODERATION_UNKNOWN: "refused without a stage",
    Outcome.PROVIDER_ERROR: "failed at the service",
    Outcome.QUOTA: "failed for lack of credit",
    Outcome.AUTH: "failed for the key",
    Outcome.RATE_LIMITED: "turned away as too busy",
    Outcome.BAD_STREAM: "broken off",
    Outcome.TIMEOUT: "lost in silence",
    Outcome.CANCELLED: "cancelled",
    Outcome.INTERRUPTED: "interrupted",
}


def usage_view(guild: str, periods: Sequence[tuple[str, UsageTotals]]) -> View:
    """Return a server's totals, one paragraph for each named period."""
    return View(Tone.NEUTRAL, (f"### 📊 Videos in {quote(guild, 100)}", *(_period(name, t) for name, t in periods)))


def _period(name: str, totals: UsageTotals) -> str:
    if not totals.jobs:
        return f"**{name}**: none"
    outcomes = [
        f"{count} {OUTCOME_WORDS[outcome]}"
        for outcome, count in sorted(totals.by_outcome.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    if totals.open:
        outcomes.append(f"{totals.open} under way")
    members = [f"<@{member}> {count}" for member, count in list(totals.by_member.items())[:_MEMBERS_SHOWN]]
    if more := len(totals.by_member) - _MEMBERS_SHOWN:
        members += [f"and {more} more members"] if more > 0 else []
    spent = f" · spent {money(totals.cost)}" if totals.cost else ""
    return f"**{name}**: {totals.jobs} requested{spent}\n{' · '.join(outcomes)}\n{' · '.join(members)}"


def money(millionths: int) -> str:
    """Return an amount of the operator's currency, with two decimals or as many as it takes."""
    whole, rest = divmod(millionths, 1_000_000)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{whole}.{decimals}"
