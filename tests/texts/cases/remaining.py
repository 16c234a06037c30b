"""Cases of what is left of limits."""

from __future__ import annotations

from functools import partial

from bot.policy.policy import Allowance
from bot.texts.remaining import member_left, server_left
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import EVERY_LIMIT, UNLIMITED, USED, usage

_BY_MONEY = usage(Allowance(money_month=1_000_000), USED)

CASES: Cases = {
    server_left: {
        "no limits": partial(server_left, UNLIMITED),
        "limits": partial(server_left, usage(Allowance(videos_day=50, money_day=10_000_000, at_once=3), USED)),
        "more spent than there was": partial(server_left, _BY_MONEY),
    },
    member_left: {
        "no limits": partial(member_left, UNLIMITED),
        "freed": partial(member_left, usage(Allowance(unlimited=True), USED)),
        "every limit": partial(member_left, usage(EVERY_LIMIT, USED)),
    },
}
