"""What the state and the outcome of a request are called, and the sign they have, where people read of it."""

from __future__ import annotations

from bot.i18n.translation import N_, _
from bot.models import JobRecord, JobState, Outcome

_WORDS = {
    Outcome.SUCCESS: N_("made"),
    Outcome.MODERATION_IMAGE: N_("refused for the picture"),
    Outcome.MODERATION_PROMPT: N_("refused for the prompt"),
    Outcome.MODERATION_RESULT: N_("refused after it was made"),
    Outcome.MODERATION_UNKNOWN: N_("refused, stage unknown"),
    Outcome.PROVIDER_ERROR: N_("failed at the service"),
    Outcome.QUOTA: N_("failed: no credit"),
    Outcome.AUTH: N_("failed: bad key"),
    Outcome.RATE_LIMITED: N_("turned away: too busy"),
    Outcome.BAD_STREAM: N_("connection lost"),
    Outcome.TIMEOUT: N_("took too long"),
    Outcome.CANCELLED: N_("cancelled"),
    Outcome.INTERRUPTED: N_("interrupted"),
}

_STOPPED = (Outcome.CANCELLED, Outcome.INTERRUPTED)


def outcome_words(outcome: Outcome) -> str:
    """Return the words for how a request ended, to stand by themselves or after what has ended."""
    return _(_WORDS[outcome])


def state_words(record: JobRecord) -> str:
    """Return how a request ended, or where it is."""
    if record.outcome:
        return outcome_words(record.outcome)
    return _("waiting") if record.state is JobState.QUEUED else _("in progress")


def sign(outcome: Outcome | None) -> str:
    """Return the sign that stands before a request that ended so, or before one that has not."""
    if outcome is None:
        return "⏳"
    if outcome is Outcome.SUCCESS:
        return "✅"
    if outcome.is_refusal:
        return "🚫"
    return "⏹️" if outcome in _STOPPED else "⚠️"
