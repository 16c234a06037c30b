"""What became different between two policies, in words: for the reply, for the record, for the log channel."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot.policy import Policy
from bot.policy_words import (
    KINDS,
    MEMBER,
    ROLE,
    SERVER,
    KnownServer,
    counting_words,
    forgetting_words,
    log_words,
    models_words,
    pausing_words,
    reason_words,
    subject,
    wait_words,
    where_words,
    who_words,
)
from bot.view import money, quote

_LABELS = {
    "videos_day": "videos a day",
    "videos_month": "videos a month",
    "at_once": "videos at a time",
    "cooldown": "time between two",
    "money_day": "costs a day",
    "money_month": "costs a month",
    "unlimited": "free from members' limits",
}

# The rules that are no limits: what a change of them is called, and their values in words.
_RULES: dict[str, tuple[str, Callable[[Any, KnownServer], str]]] = {
    "channels": ("Where", where_words),
    "roles": ("Who", who_words),
    "models": ("Models", models_words),
    "refusals_count": ("A refused request", lambda value, _: counting_words(value)),
    "refusals_public": ("The reason of a refusal", lambda value, _: f"goes {reason_words(value)}"),
    "pause_after": ("Pause", lambda value, _: pausing_words(value)),
    "prompt_days": ("Prompts and links to videos", lambda value, _: f"forgotten {forgetting_words(value)}"),
    "log_channel": ("Log", log_words),
}


def change_line(what: str, before: Any, after: Any, here: KnownServer) -> str:
    """Return a change of the rule ``what`` (see PolicyChange), its values as JSON gives them, "" if it says nothing."""
    head = what.partition(".")[0]
    scope, _, kind = what.rpartition(".")
    if head in (SERVER, MEMBER, ROLE) and kind in _LABELS:
        name = f"{subject(scope, here)}, {_LABELS[kind]}"
        old, new = (_number(kind, value, of_role=head == ROLE) for value in (before, after))
    elif what in _RULES:
        name, words = _RULES[what]
        old, new = words(before, here), words(after, here)
    else:  # another Kinora, older or newer, may have written down rules that this one does not know
        name, old, new = quote(what), quote(json.dumps(before)), quote(json.dumps(after))
    return "" if old == new else f"**{name}**: {old} → {new}"


def differences(before: Policy, after: Policy) -> list[tuple[str, Any, Any]]:
    """Return what differs, as the dotted name and both values, in the order in which people read the rules."""
    old, new = _facts(before), _facts(after)
    return [(what, old.get(what), new.get(what)) for what in old | new if old.get(what) != new.get(what)]


def _facts(policy: Policy) -> dict[str, Any]:
    allowances = {MEMBER: policy.member, SERVER: policy.server}
    allowances |= {f"{ROLE}.{role}": own for role, own in policy.by_role.items()}
    facts: dict[str, Any] = {
        f"{scope}.{kind}": value
        for scope, own in allowances.items()
        for kind in (*KINDS, "unlimited")
        if (value := getattr(own, kind)) is not None and value is not False
    }
    return facts | {rule: getattr(policy, rule) for rule in _RULES}


def _number(kind: str, value: Any, *, of_role: bool) -> str:
    if kind == "unlimited":
        return "yes" if value else "no"
    if value is None:
        return "as each member" if of_role else "no limit"
    if kind == "cooldown":
        return wait_words(value) if value else "none"
    return money(value) if kind.startswith("money") else str(value)
