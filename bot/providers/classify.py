"""What an HTTP status means, and how a service's words go into the log."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.models import Outcome

MAX_EXCERPT = 300  # characters
RETRY_PAUSE = 3.0  # seconds, where the service named none
MAX_RETRY_PAUSE = 60.0  # seconds; a service that asks for more has in effect said no


def without_secrets(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` without ``secrets`` and anything else like a key."""
    for secret in secrets:
        text = text.replace(secret, "[hidden]") if secret else text
    return re.sub(r"\b(sk-|xai-|r8_|gsk_|hf_|AIza|Bearer\s+)[\w*.…-]+", r"\1[hidden]", text)


def log_excerpt(text: str, secrets: Iterable[str] = ()) -> str:
    """Return a service's words fit for a line of the log: one line, not long, without anything like a key."""
    text = without_secrets(" ".join(text.split()), secrets)
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be written to a log
    return text if len(text) <= MAX_EXCERPT else text[: MAX_EXCERPT - 1] + "…"


def outcome_of_status(status: int) -> Outcome:
    return {401: Outcome.AUTH, 402: Outcome.QUOTA, 403: Outcome.AUTH, 429: Outcome.RATE_LIMITED}.get(
        status, Outcome.PROVIDER_ERROR
    )


def retry_after(value: str | None) -> float | None:
    """Return the seconds a Retry-After header asks for; it holds a number or an HTTP date (RFC 9110, 10.2.3)."""
    try:
        seconds = float(value or "")
    except ValueError:
        pass
    else:
        return None if math.isnan(seconds) else max(0.0, seconds)
    try:
        return max(0.0, (parsedate_to_datetime(value or "") - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None


def retry_pause(asked: float | None) -> float | None:
    """Return the seconds before a request is sent again that was turned away, None if ``asked`` for too many."""
    pause = RETRY_PAUSE if asked is None else asked
    return pause if pause <= MAX_RETRY_PAUSE else None
