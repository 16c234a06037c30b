"""Whether a service turned a request away before it began, and when the same one may therefore be sent once more."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.models import Outcome
from bot.providers.base import Failure

RETRY_PAUSE = 3.0  # seconds, where the service named none
MAX_RETRY_PAUSE = 60.0  # seconds; a service that asks for more has in effect said no
TURNED_AWAY_WITHIN = 5.0  # seconds after the request's last byte; what takes longer may have begun, and cost

_BUSY = (429, 503)
_BEGUN = re.compile(
    r"\bgenerat|\bprogress|\bpercent|\d\s?%|\brender|\btask[_ -]?(?:id|fail)|\btime(?:d)?[ _-]?out\b|deadline exceeded"
    r"|生成|进度|進度|渲染|超时|超時|逾時|進捗|タイムアウト|생성|진행|시간 ?초과",
    re.IGNORECASE,
)


def judged(failure: Failure, status: int, words: str, header: str | None, seconds: float) -> Failure:
    """
    Return ``failure`` with what is known of whether the service began, and whether it may be asked once more.

    ``words`` is all that the answer says, ``header`` its Retry-After; it came ``seconds`` after the request had left.
    """
    is_passing = failure.outcome in (Outcome.RATE_LIMITED, Outcome.PROVIDER_ERROR) and not failure.model_gone
    if status not in _BUSY or not is_passing or not never_began(words, seconds):
        return failure
    return turned_away(failure, seconds_asked(header))


def turned_away(failure: Failure, asked: float | None = None) -> Failure:
    """Return ``failure`` as that of a request that never began; ``asked``: the seconds that the service asks for."""
    return replace(failure, not_begun=True, retry_after=_retry_pause(asked))


def never_began(words: str, seconds: float) -> bool:
    """Whether an answer of such ``words``, ``seconds`` after the request had left, cannot come of work on it."""
    return seconds <= TURNED_AWAY_WITHIN and not _BEGUN.search(words)


def _retry_pause(asked: float | None) -> float | None:
    """Return the seconds before a request is sent again that was turned away, None if ``asked`` for too many."""
    pause = RETRY_PAUSE if asked is None else asked
    return pause if pause <= MAX_RETRY_PAUSE else None


def seconds_asked(header: str | None) -> float | None:
    """Return the seconds a Retry-After header asks for; it holds a number or an HTTP date (RFC 9110, 10.2.3)."""
    try:
        seconds = float(header or "")
    except ValueError:
        pass
    else:
        return None if math.isnan(seconds) else max(0.0, seconds)
    try:
        return max(0.0, (parsedate_to_datetime(header or "") - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None
