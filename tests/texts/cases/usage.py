"""Cases of ``/usage overview`` and ``/usage member``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

from bot.models import Outcome
from bot.policy.policy import Allowance
from bot.reports.refusal_report import RefusalStage
from bot.reports.usage_report import Tally
from bot.texts.policy import KnownServer
from bot.texts.usage import member_view, no_day, overview_view
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import (
    EVERY_LIMIT,
    FOR_A_DAY,
    FOR_A_REASON,
    HOSTILE,
    LARGEST_ID,
    LONG_BLOCK,
    MEMBER,
    MODELS,
    MOST,
    MOST_USED,
    PAUSE,
    REFUSED,
    UNLIMITED,
    USED,
    a_report,
    no_report,
    usage,
)

_NAME = "My server"
_HERE = KnownServer(MODELS)
_MANY = a_report(
    member_count=1502,
    models=tuple((f"m{number}", Tally(9 - number)) for number in range(7)),
    channels=tuple((number, Tally(1)) for number in range(6)),
    by_outcome=dict.fromkeys(Outcome, 2),
    total=Tally(2 * len(Outcome), 2, 8, 0, 300_000),
    open=3,
    reserved=600_000,
)
_ONE = a_report(total=Tally(1, 1, 0, 150_000), by_outcome={Outcome.SUCCESS: 1}, open=1)
_BY_WORDS, _EVERY = {RefusalStage.WORDS: 1}, dict.fromkeys(RefusalStage, 10**6)
_ONE_BY_WORDS = replace(REFUSED, by_stage=_BY_WORDS, members=((MEMBER, _BY_WORDS),), member_count=1)
_TALLY = Tally(10**6, 10**6, 10**6, 10**15, 10**15)
_LONGEST = a_report(
    total=_TALLY,
    before=_TALLY,
    by_outcome=dict.fromkeys(Outcome, 10**6),
    by_hour=(10**6,) * 24,
    members=tuple((LARGEST_ID - number, _TALLY) for number in range(10)),
    member_count=10**6,
    models=tuple(("*" * 200 + str(number), _TALLY) for number in range(30)),
    channels=tuple((LARGEST_ID - number, _TALLY) for number in range(30)),
    open=10**6,
    reserved=10**15,
    refusals=replace(REFUSED, by_stage=_EVERY, members=tuple((LARGEST_ID - number, _EVERY) for number in range(3))),
)

CASES: Cases = {
    overview_view: {
        "a month": partial(overview_view, a_report(), _NAME, _HERE),
        "who was refused": partial(overview_view, a_report(refusals=REFUSED), _NAME, _HERE),
        "nothing but a prompt that the word list refused": partial(
            overview_view, no_report(refusals=_ONE_BY_WORDS), _NAME, _HERE
        ),
        "a member who was refused": partial(overview_view, a_report(refusals=REFUSED), _NAME, _HERE, member=MEMBER),
        "a day": partial(overview_view, a_report(since=date(2026, 3, 30)), _NAME, _HERE),
        "over New Year": partial(
            overview_view, a_report(since=date(2025, 12, 5), until=date(2026, 1, 3), member_count=3), _NAME, _HERE
        ),
        "no requests": partial(overview_view, no_report(), HOSTILE, _HERE),
        "one request": partial(overview_view, _ONE, _NAME, _HERE),
        "many of everything": partial(overview_view, _MANY, _NAME, _HERE),
        "a member in a channel": partial(overview_view, a_report(), _NAME, _HERE, member=MEMBER, channel=70),
        "a channel that is gone": partial(
            overview_view, a_report(), _NAME, KnownServer(MODELS, channels=frozenset()), channel=70
        ),
        "channels that are gone": partial(overview_view, a_report(), _NAME, KnownServer(MODELS, channels=frozenset())),
        "no limits": partial(overview_view, no_report(), _NAME, _HERE, limits=UNLIMITED),
        "limits": partial(overview_view, no_report(), _NAME, _HERE, limits=usage(EVERY_LIMIT, USED)),
        "no chart": partial(overview_view, no_report(), _NAME, _HERE, charted=False),
    },
    member_view: {
        "no limits": partial(member_view, a_report(), MEMBER, _HERE, UNLIMITED),
        "every limit": partial(member_view, a_report(), MEMBER, _HERE, usage(EVERY_LIMIT, USED)),
        "freed": partial(member_view, no_report(), MEMBER, _HERE, usage(Allowance(unlimited=True))),
        "without the role": partial(member_view, no_report(), MEMBER, _HERE, UNLIMITED, without_role=True),
        "paused": partial(member_view, no_report(), MEMBER, _HERE, UNLIMITED, block=PAUSE),
        "blocked": partial(member_view, no_report(), MEMBER, _HERE, UNLIMITED, block=FOR_A_DAY),
        "blocked for a reason": partial(member_view, no_report(), MEMBER, _HERE, UNLIMITED, block=FOR_A_REASON),
        "no chart, and one under way": partial(
            member_view, no_report(open=1, reserved=150_000), MEMBER, _HERE, UNLIMITED, charted=False
        ),
    },
    no_day: {"a word": partial(no_day, "*tomorrow*")},
}
LONGEST: Cases = {
    overview_view: {
        "long": partial(overview_view, _LONGEST, "*" * 100, KnownServer(), limits=usage(MOST, MOST_USED), charted=False)
    },
    member_view: {
        "long": partial(
            member_view,
            _LONGEST,
            LARGEST_ID,
            KnownServer(),
            usage(MOST, MOST_USED),
            block=LONG_BLOCK,
            without_role=True,
            charted=False,
        )
    },
}
