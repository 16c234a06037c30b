"""Cases of ``/quota``."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.models import Delivery, Outcome
from bot.policy.policy import Allowance
from bot.policy.server_pause import ServerPause
from bot.texts.quota import hindrance_words, quota_view
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import (
    DONE,
    EVERY_LIMIT,
    FOR_A_REASON,
    LARGEST_ID,
    LONG,
    LONG_BLOCK,
    MOST,
    MOST_USED,
    NOON,
    PAUSE,
    QUEUED,
    RUNNING,
    UNLIMITED,
    USED,
    usage,
)

_LATEST = (
    QUEUED,
    RUNNING,
    DONE,
    replace(DONE, outcome=Outcome.MODERATION_IMAGE),
    replace(DONE, delivery=Delivery.INBOX),
    replace(DONE, delivery=Delivery.KEPT),
    replace(DONE, outcome=Outcome.TIMEOUT, delivery=Delivery.DROPPED, prompt=""),
)
_LOWERED = Allowance(videos_day=1, money_day=1)

CASES: Cases = {
    quota_view: {
        "nothing used, no limits": partial(quota_view, UNLIMITED, UNLIMITED, (), ()),
        "some used, no limits": partial(quota_view, usage(Allowance(), USED), UNLIMITED, (), _LATEST),
        "every limit": partial(quota_view, usage(EVERY_LIMIT, USED), UNLIMITED, (), ()),
        "limits below the use": partial(quota_view, usage(_LOWERED, USED), UNLIMITED, (), ()),
        "a cooldown that is over": partial(quota_view, usage(Allowance(cooldown=10), USED), UNLIMITED, (), ()),
        "limits of the server": partial(
            quota_view, UNLIMITED, usage(Allowance(videos_month=50, money_month=10_000_000), USED), (), ()
        ),
        "a freed member": partial(quota_view, usage(Allowance(unlimited=True), USED), UNLIMITED, (), ()),
        "refusals count": partial(quota_view, UNLIMITED, UNLIMITED, (), (), refusals_count=True),
        "a paused member": lambda: quota_view(UNLIMITED, UNLIMITED, hindrance_words(PAUSE, (), offered=True), (DONE,)),
    },
    hindrance_words: {
        "none": partial(hindrance_words, None, (), offered=True),
        "not offered": partial(hindrance_words, None, (), offered=False),
        "paused with all others": partial(
            hindrance_words, None, (), offered=True, pause=ServerPause(9, NOON, "a raid")
        ),
        "blocked": partial(hindrance_words, FOR_A_REASON, (), offered=True),
        "a role is missing": partial(hindrance_words, None, {5}, offered=True),
        "everything": partial(hindrance_words, PAUSE, {5, 6, 7}, offered=False),
    },
}
LONGEST: Cases = {
    quota_view: {
        "long": lambda: quota_view(
            usage(MOST, MOST_USED),
            usage(MOST, MOST_USED),
            hindrance_words(LONG_BLOCK, range(LARGEST_ID - 50, LARGEST_ID), offered=False),
            (LONG,) * 5,
        )
    }
}
