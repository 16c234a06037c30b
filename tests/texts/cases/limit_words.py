"""Cases of the words of each limit kind and window."""

from __future__ import annotations

from functools import partial

from bot.policy.admission import DenialScope
from bot.policy.limit_kinds import Unit, kinds, windows
from bot.texts.limit_words import (
    denial_words,
    limit_label,
    limit_value,
    limit_words,
    wait_words,
    window_heading,
)
from tests.texts.cases.case import Cases

_VALUES = {Unit.VIDEOS: (0, 1, 5, 1500), Unit.MONEY: (0, 1_005_000), Unit.SECONDS: (0, 90)}
_LIMITS = [(kind, value) for kind in kinds() for value in _VALUES[kind.unit]]

CASES: Cases = {
    limit_label: {str(kind): partial(limit_label, kind) for kind in kinds()},
    limit_words: {f"{kind}: {value}": partial(limit_words, kind, value) for kind, value in _LIMITS},
    limit_value: {f"{kind}: {value}": partial(limit_value, kind, value) for kind, value in _LIMITS},
    wait_words: {f"{seconds} seconds": partial(wait_words, seconds) for seconds in (45, 60, 3600, 3661, 90_000)},
    denial_words: {
        f"{kind} of {whose}: {value}": partial(denial_words, kind, value, scope)
        for kind, value in _LIMITS
        for whose, scope, possible in (
            ("a member", DenialScope.MEMBER, True),
            ("the server", DenialScope.SERVER, kind.for_server),
            ("all servers", DenialScope.OPERATOR, kind.for_operator),
        )
        if value and possible
    },
    window_heading: {window.name: partial(window_heading, window) for window in windows() if window.days},
}
