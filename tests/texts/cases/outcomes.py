"""Cases of what states and outcomes are called."""

from __future__ import annotations

from functools import partial

from bot.models import Outcome
from bot.texts.outcomes import outcome_words, sign, state_words
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import DONE, QUEUED, RUNNING

CASES: Cases = {
    outcome_words: {str(outcome): partial(outcome_words, outcome) for outcome in Outcome},
    state_words: {
        "waiting": partial(state_words, QUEUED),
        "under way": partial(state_words, RUNNING),
        "ended": partial(state_words, DONE),
    },
    sign: {"no outcome": partial(sign, None), **{str(outcome): partial(sign, outcome) for outcome in Outcome}},
}
