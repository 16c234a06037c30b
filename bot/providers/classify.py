"""What a failure of a video service means: an outcome for a status, the review that a text speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.models import Outcome
from bot.providers import wording

_FOUND = re.compile(r"depict|contain|detect|includ|检测|包含|含有")


def log_excerpt(text: str, secrets: Iterable[str] = ()) -> str:
    """Return a service's words fit for a line of the log: one line, not long, without anything like a key."""
    for secret in secrets:
        text = text.replace(secret, "[hidden]") if secret else text
    text = re.sub(r"\b(sk-|Bearer\s+)[\w*.…-]+", r"\1[hidden]", " ".join(text.split()))
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be written to a log
    return text if len(text) <= 300 else text[:299] + "…"


def outcome_of_status(status: int) -> Outcome:
    return {401: Outcome.AUTH, 402: Outcome.QUOTA, 403: Outcome.AUTH, 429: Outcome.RATE_LIMITED}.get(
        status, Outcome.PROVIDER_ERROR
    )


def refused_stage(text: str, highest: float | None) -> Outcome | None:
    """Return the review that ``text``, in lower case, speaks of. The order of the questions is provider.md's, §4."""
    reviewed = wording.REVIEW.search(text) is not None
    picture = wording.PICTURE.search(text) is not None
    prompt = wording.PROMPT.search(text) is not None
    inputs = wording.INPUTS.search(text) is not None
    result = wording.RESULT.search(text) is not None
    people = wording.PEOPLE.search(text)
    if people and (reviewed or picture or people[0] in "真人人脸人像肖像" or _FOUND.search(text)):
        if prompt and not picture:
            return Outcome.MODERATION_PROMPT
        return Outcome.MODERATION_RESULT if result and not picture else Outcome.MODERATION_IMAGE
    if not reviewed and not wording.STAGELESS.search(text):
        return None
    named = [
        stage
        for stage, present in (
            (Outcome.MODERATION_RESULT, result),
            (Outcome.MODERATION_IMAGE, picture),
            (Outcome.MODERATION_PROMPT, prompt),
        )
        if present
    ]
    if inputs and not named:
        return Outcome.MODERATION_PROMPT
    if len(named) == 1:
        return named[0]
    if wording.STAGELESS.search(text):
        return Outcome.MODERATION_RESULT if (highest or 0) >= 50 else Outcome.MODERATION_UNKNOWN
    if highest:
        return Outcome.MODERATION_RESULT
    return Outcome.MODERATION_UNKNOWN if named else Outcome.MODERATION_PROMPT
