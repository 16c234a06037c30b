"""Cases of what the operator reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from bot.policy.limit_kinds import DAY, MONTH
from bot.policy.limit_usage import CounterValue
from bot.policy.policy import Allowance, Policy
from bot.reports.usage_report import GuildTotal, Tally
from bot.texts.operator import (
    ServerAccess,
    allowed_view,
    cap_view,
    defaults_set_view,
    defaults_view,
    denied_view,
    newcomers_view,
    server_words,
    totals_view,
)
from bot.texts.policy import KnownServer
from bot.texts.view import View
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import CROWDED, HERE, HOSTILE, LARGEST_ID, PLAIN, usage

_SINCE, _UNTIL = date(2026, 2, 1), date(2026, 3, 2)
_OPEN, _CLOSED = ServerAccess(denied=0, newcomers=True), ServerAccess(denied=2, newcomers=False)
_TOTALS = (GuildTotal(1, Tally(12, 8, 3, 1_500_000, 300_000), denied=False), GuildTotal(2, Tally(4), denied=True))
_MANY = [GuildTotal(guild, Tally(1, 1), denied=False) for guild in range(1, 18)]
_NAMES = {1: "My server", 2: HOSTILE}
_LONG = [GuildTotal(LARGEST_ID - guild, Tally(10**9, 10**9, 0, 10**15), denied=True) for guild in range(50)]
_SEVEN = Policy(member=Allowance(videos_day=7))
_USED = {DAY: CounterValue(7, 1_400_000), MONTH: CounterValue(70, 14_000_000)}
_CAP = Allowance(videos_day=50, money_month=100_000_000)
_SERVERS = {"named": (1, _NAMES[1]), "hostile": (2, HOSTILE), "unknown": (5, None)}


def _of_server(view: Callable[[str], View], guild_id: int, name: str | None) -> View:
    return view(server_words(guild_id, name))


CASES: Cases = {
    totals_view: {
        "no requests": partial(totals_view, _SINCE, _UNTIL, (), Tally(), _OPEN, _NAMES.get),
        "two servers": partial(totals_view, _SINCE, _UNTIL, _TOTALS, Tally(20), _CLOSED, _NAMES.get),
        "a day": partial(totals_view, _UNTIL, _UNTIL, _TOTALS[:1], Tally(6), ServerAccess(1, True), _NAMES.get),
        "many servers": partial(totals_view, _SINCE, _UNTIL, _MANY, Tally(), _OPEN, _NAMES.get),
    },
    denied_view: {case: partial(_of_server, denied_view, *server) for case, server in _SERVERS.items()},
    allowed_view: {case: partial(_of_server, allowed_view, *server) for case, server in _SERVERS.items()},
    newcomers_view: {
        "allowed": partial(newcomers_view, allowed=True),
        "denied": partial(newcomers_view, allowed=False),
    },
    defaults_view: {
        "the same as here": partial(defaults_view, PLAIN, PLAIN, HERE),
        "other than here": partial(defaults_view, PLAIN, _SEVEN, HERE),
    },
    defaults_set_view: {
        "the same": partial(defaults_set_view, PLAIN, PLAIN, HERE),
        "others": partial(defaults_set_view, PLAIN, _SEVEN, HERE),
    },
    cap_view: {
        "none": partial(cap_view, usage(Allowance(), _USED), changed=False, priced=True),
        "some, changed": partial(cap_view, usage(_CAP, _USED), changed=True, priced=True),
        "nothing at all": partial(cap_view, usage(Allowance(videos_day=0), _USED), changed=True, priced=True),
        "money where no model has a price": partial(cap_view, usage(_CAP, _USED), changed=True, priced=False),
    },
    server_words: {case: partial(server_words, *server) for case, server in _SERVERS.items()},
}
LONGEST: Cases = {
    totals_view: {
        "long": partial(totals_view, _SINCE, _UNTIL, _LONG, Tally(1), _CLOSED, lambda guild_id: "*" * 100),
    },
    defaults_view: {"a crowd": partial(defaults_view, PLAIN, CROWDED, KnownServer())},
    defaults_set_view: {"a crowd": partial(defaults_set_view, PLAIN, CROWDED, KnownServer())},
    denied_view: {"long": partial(_of_server, denied_view, LARGEST_ID, "*" * 100)},
}
