"""The differences between two policies in words: for the reply, for the record, for the log channel."""

from __future__ import annotations

import json
from typing import Any

from bot.i18n.translation import N_, _
from bot.policy.limit_kinds import LimitKind, kind_named
from bot.policy.policy import MEMBER, ROLE, SERVER, Policy, differences
from bot.texts.limit_words import limit_label, limit_value
from bot.texts.policy import RULES, KnownServer, subject
from bot.texts.punctuation import labelled, with_commas
from bot.texts.view import quote

_UNLIMITED = N_("no member limits")


def changes_words(before: Policy, after: Policy, here: KnownServer) -> str:
    """Return what became different, a line for each rule, "" if nothing did."""
    lines = (change_line(what, old, new, here) for what, old, new in differences(before, after))
    return "\n".join(line for line in lines if line)


def change_line(what: str, before: Any, after: Any, here: KnownServer) -> str:
    """Return a change of the rule ``what`` (see PolicyChange), its values as JSON gives them, "" if it says nothing."""
    scope, name = what.rpartition(".")[::2]
    kind, head = kind_named(name), scope.partition(".")[0]
    if head in (MEMBER, SERVER, ROLE) and (kind or name == "unlimited"):
        label = with_commas((subject(scope, here), limit_label(kind) if kind else _(_UNLIMITED)))
        old, new = (_limit(kind, value, of_role=head == ROLE) for value in (before, after))
    elif what in RULES:
        title, words = RULES[what]
        label, old, new = _(title), words(before, here), words(after, here)
    else:  # another Kinora, older or newer, may have stored rules that this one does not know
        label, old, new = quote(what), quote(json.dumps(before)), quote(json.dumps(after))
    return "" if old == new else labelled(f"**{label}**", f"{old} → {new}")


def _limit(kind: LimitKind | None, value: Any, *, of_role: bool) -> str:
    """Return the value of a limit, or of ``unlimited`` where ``kind`` is None."""
    if kind is None:
        return _("yes") if value else _("no")
    if value is None:
        return _("same as for each member") if of_role else _("no limit")
    return limit_value(kind, value)
