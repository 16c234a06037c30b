"""How often the members of a server were refused, as moderators look at it. Days are those of UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.models import Outcome


class RefusalStage(StrEnum):
    """What was looked at where a request was refused: by the service's reviews, or the prompt by the word list."""

    PICTURE = Outcome.MODERATION_IMAGE.value
    PROMPT = Outcome.MODERATION_PROMPT.value
    RESULT = Outcome.MODERATION_RESULT.value
    UNKNOWN = Outcome.MODERATION_UNKNOWN.value
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class RefusalReport:
    """
    How often requests from ``since`` to ``until``, both included, were refused, at each stage where any were.

    ``members`` are those who were refused most, ``member_count`` tells how many there were in all. What the word list
    refused was never sent, and is counted nowhere else.
    """

    since: date
    until: date
    by_stage: Mapping[RefusalStage, int]
    members: tuple[tuple[int, Mapping[RefusalStage, int]], ...] = ()
    member_count: int = 0
