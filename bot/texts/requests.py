"""The words of single requests as moderators look through them, and of files that hold them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.i18n.translation import N_, _, money, ngettext, span_words
from bot.models import JobPage, JobRecord, Outcome, VideoModel, jump_link
from bot.texts.model_label import model_label
from bot.texts.outcomes import outcome_words, sign, state_words
from bot.texts.punctuation import joined_sentences, noted
from bot.texts.view import Tone, View, duration, quote, timestamp

NEWER, OLDER = N_("◀ Newer"), N_("Older ▶")
TOO_LARGE = N_("Discord doesn't take a file that large. Please choose fewer days with `/usage export`.")

_PROMPT_SHOWN = 120  # characters


def jobs_view(
    page: JobPage, models: Sequence[VideoModel], *, member: int | None = None, outcome: Outcome | None = None
) -> View:
    """Return a few single requests, the newest first."""
    chosen = [_("{member} only", member=f"<@{member}>")] if member is not None else []
    chosen += [_("{outcome} only", outcome=outcome_words(outcome))] if outcome else []
    head = _("### 🎞️ Requests") + "\n-# " + " · ".join([*chosen, _("newest first")])
    none = _("Nothing matches.") if chosen else _("No one has asked for a video here yet.")
    return View(Tone.NEUTRAL, (head, *([_job(job, models) for job in page.jobs] or [none])))


def csv_view(count: int, since: date, until: date, *, packed: bool) -> View:
    """Return what stands above a file of ``count`` requests."""
    hint = _("-# It contains prompts, so please share it with care.")
    if packed:
        hint = joined_sentences(hint, _("Zipped, as it would be too large otherwise."))
    return View(Tone.NEUTRAL, (f"### 📄 {counted_requests(count)}\n{noted(span_words(since, until), 'UTC')}", hint))


def no_csv(since: date, until: date) -> str:
    """Return what is said in place of a file without lines."""
    return _("No requests, {days} (UTC), so there is no file.", days=span_words(since, until))


def export_too_large(size: int, limit: int) -> str:
    """Return what is said in place of a file of ``size`` bytes whose archive passes Discord's ``limit`` as well."""
    return _(
        "That file is too large: {size} MB zipped, and Discord takes {limit} MB. Please choose fewer days.",
        size=_megabytes(size),
        limit=_megabytes(limit),
    )


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0")


def _job(job: JobRecord, models: Sequence[VideoModel]) -> str:
    facts = [f"<@{job.user_id}>", model_label(job.model, models)]
    facts += [duration(job.seconds)] if job.finished_at else []
    if cost := job.cost and money(job.cost):
        words = _("{cost} unconfirmed", cost=cost) if job.unconfirmed else cost
        facts.append(words if job.outcome else _("{cost} reserved", cost=cost))
    when = timestamp(job.created_at)
    if job.message_id:
        link = jump_link(job.guild_id, job.channel_id, job.message_id)
        when += f" · [{_('Show')}]({link})"
    prompt = f"> {quote(job.prompt, _PROMPT_SHOWN)}" if job.prompt else _("> *The prompt is no longer kept.*")
    return f"{sign(job.outcome)} **{state_words(job)}** · {' · '.join(facts)}\n{when}\n{prompt}"


def counted_requests(count: int) -> str:
    """Return how many requests there are."""
    return ngettext("{count} request", "{count} requests", count) if count else _("No requests")


def label_of(outcome: Outcome) -> str:
    """Return an outcome as people choose it from a list."""
    return outcome_words(outcome).capitalize()
