"""Cases of what is said of a pause of the whole server."""

from __future__ import annotations

from functools import partial

from bot.policy.server_pause import ServerPause
from bot.texts.pauses import (
    pause_line,
    pause_value,
    paused_view,
    resume_line,
    resumed_words,
    server_pause_words,
    standing_pause,
)
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import HOSTILE, LARGEST_ID, MODERATOR, NOON

_KINDS = {
    "until resumed": ServerPause(MODERATOR),
    "until resumed, for a reason": ServerPause(MODERATOR, reason=HOSTILE),
    "until noon": ServerPause(MODERATOR, NOON),
    "until noon, for a reason": ServerPause(MODERATOR, NOON, "the raid"),
}

CASES: Cases = {
    server_pause_words: {kind: partial(server_pause_words, pause) for kind, pause in _KINDS.items()},
    standing_pause: {kind: partial(standing_pause, pause) for kind, pause in _KINDS.items()},
    paused_view: {kind: partial(paused_view, pause) for kind, pause in _KINDS.items()},
    pause_line: {kind: partial(pause_line, pause) for kind, pause in _KINDS.items()},
    pause_value: {"none": partial(pause_value, None)}
    | {kind: partial(pause_value, pause) for kind, pause in _KINDS.items()},
    resumed_words: {
        "there was one": partial(resumed_words, found=True),
        "there was none": partial(resumed_words, found=False),
    },
    resume_line: {"always": partial(resume_line, MODERATOR)},
}
LONGEST: Cases = {paused_view: {"long": partial(paused_view, ServerPause(LARGEST_ID, NOON, "*" * 1000))}}
