"""Cases of **Video details**."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.models import Delivery, Outcome, VideoModel
from bot.texts.details import (
    MANY_REFUSED,
    details_view,
)
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import (
    DONE,
    FOR_A_REASON,
    FORMER,
    HOSTILE,
    LONG,
    LONG_BLOCK,
    MODELS,
    PAUSE,
    QUEUED,
    RUNNING,
)

_ENDS = {str(outcome): replace(DONE, outcome=outcome) for outcome in Outcome}
_DELIVERIES = {f"delivered: {delivery}": replace(DONE, delivery=delivery) for delivery in (None, *Delivery)}
_OTHERS = {
    "waiting": QUEUED,
    "under way": RUNNING,
    "an unconfirmed cost": replace(DONE, outcome=Outcome.TIMEOUT, unconfirmed=True),
    "without a cost": replace(DONE, cost=0),
    "its prompt was erased": replace(DONE, prompt=""),
    "a hostile prompt": replace(DONE, prompt=HOSTILE),
    "a model that is no longer offered": replace(DONE, model=FORMER),
}
_MEMBERS = {
    "a member with a refused prompt": (None, 1),
    "a blocked member with refused prompts": (FOR_A_REASON, 3),
    "a paused member with many refused prompts": (PAUSE, MANY_REFUSED),
}
CASES: Cases = {
    details_view: {
        **{
            name: partial(details_view, record, MODELS, None, 0)
            for name, record in (_ENDS | _DELIVERIES | _OTHERS).items()
        },
        **{name: partial(details_view, DONE, MODELS, *member) for name, member in _MEMBERS.items()},
    },
}
LONGEST: Cases = {
    details_view: {
        name: partial(details_view, replace(LONG, model="m"), [VideoModel("m", "*" * 4000)], block, MANY_REFUSED)
        for name, block in (("blocked", LONG_BLOCK), ("paused", PAUSE))
    }
}
