"""Cases of the reply of a job, in each of its states."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot.media.videos.problems import Fit, VideoProblem
from bot.models import Finished, HandedOff, JobUpdate, Outcome, Queued, Running
from bot.policy.admission import Denial, DenialReason, Denied
from bot.texts.job_reply import QUIET_AFTER, Asked, end_notice, hidden_channel_view, job_view, kept_view, pictures_view
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import HOSTILE, LARGEST_ID, MEMBER, NOON, PROMPT

_LINK = "https://h.example/v.mp4"
_MESSAGE = "https://discord.com/channels/1/2/3"
_ASKED = Asked(MEMBER, PROMPT)
_SINCE = NOON - timedelta(seconds=95)
_READY = Finished(Outcome.SUCCESS, 75, 100.0, _LINK)
_LEADING_NOWHERE = Finished(Outcome.SUCCESS, 75, 100.0, "http://10.0.0.1/v.mp4")
_KEPT = Finished(Outcome.SUCCESS, 75, 100.0, "kept:a.mp4")
_STATES: dict[str, JobUpdate] = {
    "next in the line": Queued(1),
    "in the line": Queued(7),
    "the process stops": HandedOff(),
    "the process stops, the service goes on": HandedOff(making=True),
    "no percentage yet": Running(_SINCE, NOON),
    "a percentage": Running(_SINCE, NOON, 42.5),
    "a percentage, and earlier ones": Running(_SINCE, NOON, 42.5, typical=125.0),
    "silence": Running(_SINCE, NOON - timedelta(seconds=QUIET_AFTER), 42.5),
    "another attempt": Running(_SINCE, NOON, retrying=True),
    "in the service's own line": Running(_SINCE, NOON, place=3),
    "steps": Running(_SINCE, NOON, 57.0, steps=(12, 20)),
    **{str(outcome): Finished(outcome, 75, 90.0, _LINK if outcome is Outcome.SUCCESS else None) for outcome in Outcome},
    "cancelled after it was sent": Finished(Outcome.CANCELLED, 75, 90.0, cost=200_000, sent=True),
    "a price that is unconfirmed": Finished(Outcome.TIMEOUT, 75, 90.0, cost=200_000, unconfirmed=True, sent=True),
    "a link that ends": Finished(Outcome.SUCCESS, 75, 100.0, f"{_LINK}?Expires=1774900000"),
    "a kept video that is not uploaded": _KEPT,
    "a link that is too long": Finished(Outcome.SUCCESS, 75, 100.0, _LINK.ljust(2501, "x")),
    "a failure before anything came": Finished(Outcome.PROVIDER_ERROR, 5),
    "no longer let in": Denied(
        Outcome.CANCELLED, 75, denial=Denial(DenialReason.BLOCKED, note="for everybody to read")
    ),
    "cancelled by a moderator": Finished(Outcome.CANCELLED, 75, 90.0, cost=200_000, sent=True, cancelled_by=LARGEST_ID),
    "a word that is not wanted": Denied(Outcome.CANCELLED, 75, denial=Denial(DenialReason.WORDS, note="lighthouse")),
    "a model that is gone": Finished(Outcome.PROVIDER_ERROR, 5, model_gone=True),
}

CASES: Cases = {
    job_view: {
        **{name: partial(job_view, state, _ASKED, NOON) for name, state in _STATES.items()},
        "uploaded": partial(job_view, _READY, _ASKED, NOON, uploaded=True),
        "being uploaded": partial(job_view, _READY, _ASKED, NOON, coming=True),
        "a kept video, being uploaded": partial(job_view, _KEPT, _ASKED, NOON, coming=True),
        "a kept video, uploaded": partial(job_view, _KEPT, _ASKED, NOON, uploaded=True),
        "out of reach": partial(job_view, _LEADING_NOWHERE, _ASKED, NOON, reachable=False),
        "out of reach, but uploaded": partial(job_view, _LEADING_NOWHERE, _ASKED, NOON, uploaded=True, reachable=False),
        "made smaller": partial(job_view, _READY, _ASKED, NOON, uploaded=True, note=Fit.SMALLER),
        "a kept video, converted": partial(job_view, _KEPT, _ASKED, NOON, uploaded=True, note=Fit.CONVERTED),
        "too large": partial(job_view, _READY, _ASKED, NOON, note=VideoProblem.TOO_LONG),
        "a kept video, too large": partial(job_view, _KEPT, _ASKED, NOON, note=VideoProblem.TOO_HEAVY),
        "damaged": partial(job_view, _READY, _ASKED, NOON, note=VideoProblem.DAMAGED),
        "nothing behind its link": partial(job_view, _READY, _ASKED, NOON, note=VideoProblem.GONE),
        "a hostile prompt": partial(job_view, Queued(2), Asked(MEMBER, HOSTILE), NOON),
        "without its prompt": partial(job_view, _READY, _ASKED.without_prompt(), NOON),
    },
    end_notice: {
        "ready": partial(end_notice, _READY, MEMBER, _MESSAGE),
        "without a video": partial(end_notice, Finished(Outcome.TIMEOUT, 1800), MEMBER, _MESSAGE),
    },
    hidden_channel_view: {"always": hidden_channel_view},
    pictures_view: {"always": pictures_view},
    kept_view: {"always": kept_view},
}

_LONGEST_STATES: dict[str, JobUpdate] = {
    **_STATES,
    "far back in the line": Queued(10**9),
    "an odd percentage": Running(_SINCE, NOON, 99.9, typical=1e6),
    "a long link": Finished(Outcome.SUCCESS, 1e6, 100.0, f"{_LINK}?Expires=1774900000&s=".ljust(2500, "x")),
    "a longer link": Finished(Outcome.SUCCESS, 1e6, 100.0, f"{_LINK}?Expires=1774900000&s=".ljust(4096, "x")),
}
LONGEST: Cases = {
    job_view: {
        name: partial(job_view, state, Asked(LARGEST_ID, "*" * 4000), NOON + timedelta(days=365))
        for name, state in _LONGEST_STATES.items()
    }
}
