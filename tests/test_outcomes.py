"""Each outcome has words of its own."""

from __future__ import annotations

from bot.models import Outcome
from bot.outcomes import OUTCOME_WORDS


def test_each_outcome_has_its_own_words() -> None:
    assert set(OUTCOME_WORDS) == set(Outcome)
    assert len(set(OUTCOME_WORDS.values())) == len(Outcome)
