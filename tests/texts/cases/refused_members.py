"""Cases of what moderators read of who was refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

from bot.reports.refusal_report import RefusalReport, RefusalStage
from bot.texts.refused_members import most_refused, refusals_view, stage_words
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import LARGEST_ID, REFUSED

_EVERY_STAGE = {stage: 1200 - number for number, stage in enumerate(RefusalStage)}
_NONE = RefusalReport(date(2026, 3, 30), date(2026, 3, 30), {})
_MOST = dict.fromkeys(RefusalStage, 10**6)
_LONGEST = replace(
    REFUSED, by_stage=_MOST, members=tuple((LARGEST_ID - n, _MOST) for n in range(20)), member_count=10**6
)

CASES: Cases = {
    refusals_view: {
        "no one": partial(refusals_view, _NONE),
        "some": partial(refusals_view, REFUSED),
        "more than are named": partial(refusals_view, replace(REFUSED, member_count=1502)),
    },
    most_refused: {"no one": partial(most_refused, _NONE), "some": partial(most_refused, REFUSED)},
    stage_words: {"none": partial(stage_words, {}), "each": partial(stage_words, _EVERY_STAGE)},
}
LONGEST: Cases = {refusals_view: {"long": partial(refusals_view, _LONGEST)}}
