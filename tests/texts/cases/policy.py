"""Cases of a server's rules in plain words."""

from __future__ import annotations

from functools import partial

from bot.policy.policy import Allowance, Policy
from bot.texts.policy import (
    KnownServer,
    access_lines,
    allowance_words,
    limit_lines,
    manner_lines,
    named_some,
    policy_lines,
    restriction_lines,
    subject,
)
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import EVERY_LIMIT, FULL, GONE, HERE, MANY, PLAIN

_ALLOWANCES = {
    "none": Allowance(),
    "freed": Allowance(unlimited=True),
    "every limit": EVERY_LIMIT,
    "no videos": Allowance(videos_day=0, at_once=0),
    "zeros": Allowance(cooldown=0, money_day=0),
}
_FREED = {7: Allowance(unlimited=True), 8: Allowance(videos_day=20)}

CASES: Cases = {
    named_some: {
        "few": partial(named_some, ["a", "b"]),
        "many, to choose from": partial(named_some, [f"name {number}" for number in range(12)], choice=True),
    },
    allowance_words: {name: partial(allowance_words, allowance) for name, allowance in _ALLOWANCES.items()},
    policy_lines: {
        "the rules that Kinora comes with": partial(policy_lines, PLAIN, HERE),
        "rules of the server": partial(policy_lines, FULL, HERE),
        "of what is gone": partial(policy_lines, GONE, HERE),
    },
    limit_lines: {
        "a freed role": partial(limit_lines, Policy(by_role=_FREED), HERE),
        "a freed role in a bounded server": partial(
            limit_lines, Policy(by_role=_FREED, server=Allowance(at_once=3)), HERE
        ),
        "many roles": partial(limit_lines, MANY, KnownServer()),
    },
    access_lines: {"many of each": partial(access_lines, MANY, KnownServer())},
    restriction_lines: {"all of them": partial(restriction_lines, FULL, HERE)},
    manner_lines: {
        f"pause after {after}, prompts for {days}": partial(
            manner_lines, Policy(pause_after=after, prompt_days=days), HERE
        )
        for after, days in ((0, 0), (1, 1), (2, 90))
    },
    subject: {scope: partial(subject, scope, HERE) for scope in ("member", "server", "by_role.7", "by_role.9")},
}
