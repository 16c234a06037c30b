"""What each outcome is called where people read it."""

from __future__ import annotations

from bot.models import Outcome

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
    Outcome.TIMEOUT: "took too long",
    Outcome.CANCELLED: "cancelled",
    Outcome.INTERRUPTED: "interrupted",
}
