"""Cases of what stands on buttons."""

from __future__ import annotations

from functools import partial

from bot.texts.buttons import button_label
from tests.texts.cases.case import Cases

_ACTIONS = (
    "cancel",
    "details",
    "edit",
    "picture",
    "again",
    "same",
    "remix",
    "idea",
    "trash",
    "discard",
    "model",
    "delete",
    "block",
)

CASES: Cases = {
    button_label: {action: partial(button_label, action) for action in (*_ACTIONS, "an action of another version")}
}
