"""Cases of single requests as moderators look through them, and of files with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

from bot.models import JobPage, Outcome
from bot.texts.requests import counted_requests, csv_view, export_too_large, jobs_view, label_of, no_csv
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import DONE, FORMER, HOSTILE, LARGEST_ID, LONG, MEMBER, MODELS, QUEUED, RUNNING

_NONE = JobPage((), has_older=False, has_newer=False)
_SINCE, _UNTIL = date(2026, 3, 1), date(2026, 3, 30)
_JOBS = (
    replace(QUEUED, message_id=0),
    RUNNING,
    DONE,
    replace(DONE, outcome=Outcome.MODERATION_RESULT, prompt=""),
    replace(DONE, outcome=Outcome.BAD_STREAM, unconfirmed=True),
    replace(DONE, outcome=Outcome.INTERRUPTED, model=FORMER, cost=0, prompt=HOSTILE),
)

CASES: Cases = {
    jobs_view: {
        "some": partial(jobs_view, JobPage(_JOBS, has_older=True, has_newer=False), MODELS),
        "none": partial(jobs_view, _NONE, MODELS),
        "none of a member": partial(jobs_view, _NONE, MODELS, member=MEMBER),
        "none of a member that ended so": partial(jobs_view, _NONE, MODELS, member=MEMBER, outcome=Outcome.TIMEOUT),
    },
    csv_view: {
        "a request": partial(csv_view, 1, _SINCE, _UNTIL, packed=False),
        "many, packed": partial(csv_view, 120_000, _SINCE, _UNTIL, packed=True),
    },
    no_csv: {
        "a span": partial(no_csv, _SINCE, _UNTIL),
        "a span over New Year": partial(no_csv, date(2025, 12, 5), date(2026, 1, 3)),
        "a day": partial(no_csv, _UNTIL, _UNTIL),
    },
    export_too_large: {"always": partial(export_too_large, 5_000_000, 2 * 1024 * 1024)},
    counted_requests: {str(count): partial(counted_requests, count) for count in (0, 1, 2, 1500)},
    label_of: {str(outcome): partial(label_of, outcome) for outcome in Outcome},
}
LONGEST: Cases = {
    jobs_view: {"long": partial(jobs_view, JobPage((LONG,) * 5, True, True), [], member=LARGEST_ID)},
}
