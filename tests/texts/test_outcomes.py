"""Each outcome has words of its own."""

from __future__ import annotations

from bot.models import Outcome
from bot.texts.outcomes import outcome_words


def test_each_outcome_has_its_own_words() -> None:
    words = [outcome_words(outcome) for outcome in Outcome]
    assert len(set(words)) == len(Outcome)
