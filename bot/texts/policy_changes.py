"""What became different between two policies, in words: for the reply, for the record, for the log channel."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot.i18n.translation import N_, _, money, number
from bot.policy.policy import Policy
from bot.texts.policy import (
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
from bot.texts.view import quote

_LABELS = {
    "videos_day": N_("videos a day"),
    "videos_month": N_("videos a month"),
    "at_once": N_("videos at a time"),
    "cooldown": N_("time between two"),
    "money_day": N_("costs a day"),
    "money_month": N_("costs a month"),
    "unlimited": N_("free from members' limits"),
}

# The rules that are no limits: what a change of them is called, and their values in words.
_RULES: dict[str, tuple[str, Callable[[Any, KnownServer], str]]] = {
    "channels": (N_("Where"), where_words),
    "roles": (N_("Who"), who_words),
    "models": (N_("Models"), models_words),
    "refusals_count": (N_("A refused request"), lambda value, here: counting_words(value)),
    "refusals_public": (N_("The reason of a refusal"), lambda value, here: reason_words(value)),
    "pause_after": (N_("Pause"), lambda value, here: pausing_words(value)),
    "prompt_days": (N_("Prompts and links to videos"), lambda value, here: forgetting_words(value)),
    "log_channel": (N_("Log"), log_words),
}


def change_line(what: str, before: Any, after: Any, here: KnownServer) -> str:
    """Return a change of the rule ``what`` (see PolicyChange), its values as JSON gives them, "" if it says nothing."""
    head = what.partition(".")[0]
    scope, kind = what.rpartition(".")[::2]
    if head in (SERVER, MEMBER, ROLE) and kind in _LABELS:
        name = f"{subject(scope, here)}, {_(_LABELS[kind])}"
        old, new = (_number(kind, value, of_role=head == ROLE) for value in (before, after))
    elif what in _RULES:
        label, words = _RULES[what]
        name, old, new = _(label), words(before, here), words(after, here)
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
        return _("yes") if value else _("no")
    if value is None:
        return _("as each member") if of_role else _("no limit")
    if kind == "cooldown":
        return wait_words(value) if value else _("none")
    return money(value) if kind.startswith("money") else number(value)
