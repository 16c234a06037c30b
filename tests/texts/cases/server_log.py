"""Cases of the lines in a server's log channel."""

from __future__ import annotations

from functools import partial

from bot.models import Finished, Outcome
from bot.texts.server_log import ended_line, paused_line
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import DONE, MODELS, PAUSE

CASES: Cases = {
    ended_line: {
        **{str(outcome): partial(ended_line, DONE, Finished(outcome, 75), MODELS) for outcome in Outcome},
        "with its price": partial(ended_line, DONE, Finished(Outcome.SUCCESS, 75, cost=200_000), MODELS),
        "with a price that is unconfirmed": partial(
            ended_line, DONE, Finished(Outcome.TIMEOUT, 75, cost=200_000, unconfirmed=True), MODELS
        ),
    },
    paused_line: {"always": partial(paused_line, PAUSE)},
}
