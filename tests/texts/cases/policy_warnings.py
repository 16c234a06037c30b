"""Cases of rules that make no sense."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.models import VideoModel
from bot.policy.policy import Allowance, Policy
from bot.texts.policy import KnownServer
from bot.texts.policy_warnings import warnings
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import FULL, HERE, MODELS

_NONE, _ONE = Allowance(videos_day=0), Allowance(videos_day=1)
_FREE = KnownServer((VideoModel("sora_video2", "Sora 2"),))
_UNSEEN = replace(HERE, sees=lambda channel: False)

# The rules, and the server where it is not HERE.
POLICIES = {
    "sensible": FULL,
    "none for the server": Policy(server=_NONE),
    "none at once for members": Policy(member=Allowance(at_once=0)),
    "none but for a role": Policy(member=_NONE, by_role={7: _ONE, 8: Allowance(cooldown=0)}),
    "none but for two roles": Policy(member=_NONE, by_role={7: _ONE, 8: _ONE}),
    "none for a role": Policy(by_role={7: Allowance(videos_month=0)}),
    "more for a member than for the server": Policy(server=Allowance(videos_day=20), member=Allowance(videos_day=50)),
    "more at once for a role than for the server": Policy(
        server=Allowance(at_once=2), by_role={7: Allowance(at_once=3)}
    ),
    "more a day than a month": Policy(member=Allowance(videos_day=50, videos_month=20)),
    "less money than a video costs": Policy(member=Allowance(money_day=100_000)),
    "less money than a video of the models costs": Policy(
        server=Allowance(money_day=500_000), models=frozenset({MODELS[1].name})
    ),
    "channels that are gone": Policy(channels=frozenset({99})),
    "roles that are gone": Policy(roles=frozenset({99})),
    "models that are gone": Policy(models=frozenset({"old"})),
    "a log that is gone": Policy(log_channel=99),
    "limits of a role that may not ask": Policy(roles=frozenset({8}), by_role={7: Allowance(videos_day=9)}),
}

CASES: Cases = {
    warnings: {
        **{name: partial(warnings, policy, HERE) for name, policy in POLICIES.items()},
        "money without prices": partial(warnings, Policy(member=Allowance(money_day=2_000_000)), _FREE),
        "channels that Kinora cannot see": partial(warnings, Policy(channels=frozenset({70})), _UNSEEN),
    }
}
