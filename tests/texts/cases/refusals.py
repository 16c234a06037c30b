"""Cases of what is told of a refusal, in the channel and in private."""

from __future__ import annotations

from functools import partial

from bot.models import Outcome
from bot.policy.blocks import RefusalStanding
from bot.texts.refusals import (
    RefusalCost,
    pause_warning,
    refusal_details,
    refusal_in_public,
    refusal_notice,
    review_lines,
)
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import HOSTILE, MEMBER, NOON, PROMPT

_FREE = RefusalCost(charged=False, counted=False)
_STAGES = [outcome for outcome in Outcome if outcome.is_refusal]

CASES: Cases = {
    refusal_notice: {"always": partial(refusal_notice, MEMBER)},
    refusal_details: {
        **{str(stage): partial(refusal_details, stage, PROMPT, _FREE) for stage in _STAGES},
        "charged for": partial(refusal_details, _STAGES[0], PROMPT, RefusalCost(charged=True, counted=False)),
        "charged for and counted": partial(
            refusal_details, _STAGES[0], PROMPT, RefusalCost(charged=True, counted=True)
        ),
        "a hostile prompt": partial(refusal_details, _STAGES[1], HOSTILE, _FREE),
    },
    pause_warning: {
        "far from it": partial(pause_warning, RefusalStanding(1), 3),
        "one before it": partial(pause_warning, RefusalStanding(2), 3),
        "the one that starts it": partial(pause_warning, RefusalStanding(3), 3),
        "paused": partial(pause_warning, RefusalStanding(0, NOON), 3),
    },
    refusal_in_public: {str(stage): partial(refusal_in_public, stage, MEMBER, _FREE) for stage in _STAGES},
    review_lines: {"always": review_lines},
}
LONGEST: Cases = {
    refusal_details: {
        str(stage): partial(
            refusal_details, stage, "*" * 4000, RefusalCost(True, True, pause_warning(RefusalStanding(2), 3))
        )
        for stage in _STAGES
    }
}
