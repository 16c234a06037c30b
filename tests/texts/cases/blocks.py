"""Cases of what moderators and members read about blocks."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.texts.blocks import (
    block_line,
    block_words,
    blocked_view,
    blocks_view,
    lift_line,
    lifted_words,
    own_block_words,
)
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import (
    FOR_A_DAY,
    FOR_A_REASON,
    FOR_GOOD,
    LONG_BLOCK,
    MEMBER,
    MODERATOR,
    PAUSE,
)

_KINDS = {"for a day": FOR_A_DAY, "for a reason": FOR_A_REASON, "indefinitely": FOR_GOOD}
_ALL_KINDS = _KINDS | {"a pause": PAUSE}
_MANY = [replace(FOR_A_DAY, user_id=100 + number, reason=" ".join(["again"] * 33)) for number in range(16)]

CASES: Cases = {
    blocks_view: {
        "nobody": partial(blocks_view, []),
        "nobody, after one was lifted": lambda: blocks_view([], lifted_words(MEMBER, found=True)),
        "one of each kind": partial(blocks_view, list(_ALL_KINDS.values())),
        "more than there is room for": partial(blocks_view, _MANY),
    },
    blocked_view: {kind: partial(blocked_view, block) for kind, block in _KINDS.items()},
    block_words: {kind: partial(block_words, block) for kind, block in _ALL_KINDS.items()},
    own_block_words: {kind: partial(own_block_words, block) for kind, block in _ALL_KINDS.items()},
    lifted_words: {
        "there was one": partial(lifted_words, MEMBER, found=True),
        "there was none": partial(lifted_words, MEMBER, found=False),
    },
    block_line: {kind: partial(block_line, block) for kind, block in _KINDS.items()},
    lift_line: {"always": partial(lift_line, MODERATOR, MEMBER)},
}
LONGEST: Cases = {
    blocks_view: {"many": partial(blocks_view, [LONG_BLOCK] * 60, note="x" * 100)},
    blocked_view: {"long": partial(blocked_view, LONG_BLOCK)},
}
