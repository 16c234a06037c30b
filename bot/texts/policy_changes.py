"""What became different between two policies, in words: for the reply, for the record, for the log channel."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot.i18n.translation import N_, _
from bot.policy.limit_kinds import LimitKind, kind_named
from bot.policy.policy import MEMBER, ROLE, SERVER, Policy, differences
from bot.texts.limit_words import limit_label, limit_value
from bot.texts.policy import (
    KnownServer,
    counting_words,
    forgetting_words,
    log_words,
    models_words,
    pausing_words,
    reason_words,
    subject,
    where_words,
    who_words,
)
from bot.texts.view import quote

_UNLIMITED = N_("free from members' limits")

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


def changes_words(before: Policy, after: Policy, here: KnownServer) -> str:
    """Return what became different, a line for each rule, "" if nothing did."""
    lines = (change_line(what, old, new, here) for what, old, new in differences(before, after))
    return "\n".join(line for line in lines if line)


def change_line(what: str, before: Any, after: Any, here: KnownServer) -> str:
    """Return a change of the rule ``what`` (see PolicyChange), its values as JSON gives them, "" if it says nothing."""
    scope, name = what.rpartition(".")[::2]
    kind, head = kind_named(name), scope.partition(".")[0]
    if head in (MEMBER, SERVER, ROLE) and (kind or name == "unlimited"):
        label = f"{subject(scope, here)}, {limit_label(kind) if kind else _(_UNLIMITED)}"
        old, new = (_limit(kind, value, of_role=head == ROLE) for value in (before, after))
    elif what in _RULES:
        title, words = _RULES[what]
        label, old, new = _(title), words(before, here), words(after, here)
    else:  # another Kinora, older or newer, may have stored rules that this one does not know
        label, old, new = quote(what), quote(json.dumps(before)), quote(json.dumps(after))
    return "" if old == new else f"**{label}**: {old} → {new}"


def _limit(kind: LimitKind | None, value: Any, *, of_role: bool) -> str:
    """Return the value of a limit, or of ``unlimited`` where ``kind`` is None."""
    if kind is None:
        return _("yes") if value else _("no")
    if value is None:
        return _("as each member") if of_role else _("no limit")
    return limit_value(kind, value)
