"""Cases of what managers read when they look at the rules or change them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.models import VideoModel
from bot.policy.policy import Allowance, Policy, PolicyChange
from bot.policy.server_pause import ServerPause
from bot.policy.word_list import WordList
from bot.texts.limits import (
    RulesOrigin,
    access_view,
    change_note,
    changed_view,
    changes_view,
    lift_label,
    manner_view,
    rules_view,
    unnamed_role,
    unset_view,
)
from bot.texts.policy import KnownServer
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import (
    CROWDED,
    FULL,
    GONE,
    HERE,
    LARGEST_ID,
    MANY,
    MEMBER,
    MOST,
    MOST_USED,
    NOON,
    PLAIN,
    USED,
)

_SILENT = replace(HERE, writes=lambda channel: False)
_UNSEEN = replace(HERE, sees=lambda channel: False)
_MANY_MODELS = KnownServer(tuple(VideoModel(f"m{number}", f"m{number}") for number in range(30)))
_RECORD = [
    PolicyChange(NOON, MEMBER, "by_role.7.videos_day", "null", "20"),
    PolicyChange(NOON - timedelta(hours=1), MEMBER, "member.cooldown", "60", "0"),
    PolicyChange(NOON - timedelta(hours=1), MEMBER, "channels", "[]", "[70]"),
    PolicyChange(NOON - timedelta(days=1), MEMBER, "dusk", "null", "3"),
]
_LARGEST_IDS = list(range(LARGEST_ID - 25, LARGEST_ID))
_LONG_CHANGE = PolicyChange(NOON, LARGEST_ID, "channels", json.dumps(_LARGEST_IDS), json.dumps(_LARGEST_IDS[1:]))

CASES: Cases = {
    rules_view: {
        **{
            f"the rules that Kinora comes with, {origin.name}": partial(
                rules_view, PLAIN, HERE, {}, NOON, origin=origin
            )
            for origin in RulesOrigin
        },
        "rules of the server": partial(rules_view, FULL, HERE, USED, NOON, origin=RulesOrigin.OWN),
        "a log that takes nothing": partial(rules_view, FULL, _SILENT, {}, NOON, origin=RulesOrigin.OWN),
        "rules of what is gone": partial(rules_view, GONE, HERE, {}, NOON, origin=RulesOrigin.OWN),
        "many of everything": partial(rules_view, MANY, KnownServer(), USED, NOON, origin=RulesOrigin.OWN),
        "denied by the operator": partial(rules_view, PLAIN, HERE, {}, NOON, origin=RulesOrigin.KINORA, allowed=False),
        "paused, with a word list": partial(
            rules_view,
            PLAIN,
            HERE,
            {},
            NOON,
            origin=RulesOrigin.KINORA,
            pause=ServerPause(MEMBER, NOON, "a raid"),
            words=WordList(("cat", "dog")),
        ),
    },
    changed_view: {
        "nothing": partial(changed_view, FULL, FULL, HERE),
        "a limit": partial(changed_view, PLAIN, Policy(member=Allowance(videos_day=8, cooldown=0)), HERE),
        "where": partial(changed_view, PLAIN, Policy(channels=frozenset({70, 80})), HERE),
        "everything": partial(changed_view, PLAIN, FULL, HERE),
        "what makes no sense": partial(changed_view, PLAIN, Policy(member=Allowance(videos_day=0)), HERE),
    },
    unset_view: {
        scope: partial(unset_view, scope, FULL, HERE) for scope in ("member", "server", "by_role.7", "by_role.8")
    },
    manner_view: {"always": partial(manner_view, FULL, HERE)},
    access_view: {
        **{f"{rule}, to choose": partial(access_view, rule, FULL, HERE) for rule in ("channels", "roles", "models")},
        **{
            f"{rule}, chosen": partial(access_view, rule, FULL, HERE, PLAIN) for rule in ("channels", "roles", "models")
        },
        "the same chosen again": partial(access_view, "roles", FULL, HERE, FULL),
        "channels that Kinora cannot see": partial(access_view, "channels", FULL, _UNSEEN, PLAIN),
        "more models than can be chosen": partial(access_view, "models", PLAIN, _MANY_MODELS),
    },
    changes_view: {"none": partial(changes_view, [], HERE), "some": partial(changes_view, _RECORD, HERE)},
    unnamed_role: {
        "of a server that is not known": partial(unnamed_role, 7, KnownServer()),
        "that is gone": partial(unnamed_role, 9, HERE),
    },
    change_note: {
        "some": partial(change_note, MEMBER, PLAIN, Policy(prompt_days=7, log_channel=80), HERE),
        "none": partial(change_note, MEMBER, PLAIN, PLAIN, HERE),
    },
    lift_label: {
        key: partial(lift_label, key, FULL, lambda role: f"@{role}")
        for key in ("member.cooldown", "server.money_month", "by_role.7", "by_role.7.videos_day")
    },
}
LONGEST: Cases = {
    rules_view: {
        "much used": partial(
            rules_view, replace(FULL, server=MOST, member=MOST), HERE, MOST_USED, NOON, origin=RulesOrigin.OPERATOR
        ),
        "a crowd": partial(rules_view, CROWDED, HERE, MOST_USED, NOON, origin=RulesOrigin.OPERATOR, allowed=False),
        "a crowd that is unknown": partial(rules_view, CROWDED, KnownServer(), MOST_USED, NOON, origin=RulesOrigin.OWN),
        "a crowd that is paused": partial(
            rules_view,
            CROWDED,
            HERE,
            MOST_USED,
            NOON,
            origin=RulesOrigin.OPERATOR,
            allowed=False,
            pause=ServerPause(LARGEST_ID, NOON, "*" * 1000),
        ),
    },
    changed_view: {
        "all at once": partial(changed_view, PLAIN, CROWDED, KnownServer()),
        "all that is gone": partial(changed_view, CROWDED, PLAIN, HERE),
        "one of many": partial(changed_view, replace(CROWDED, by_role={}), CROWDED, KnownServer()),
    },
    unset_view: {"a crowd": partial(unset_view, "by_role.7", CROWDED, KnownServer())},
    manner_view: {"a crowd": partial(manner_view, CROWDED, KnownServer())},
    access_view: {
        rule: partial(access_view, rule, CROWDED, KnownServer(), PLAIN) for rule in ("channels", "roles", "models")
    },
    changes_view: {"long": partial(changes_view, [_LONG_CHANGE] * 40, KnownServer())},
}
