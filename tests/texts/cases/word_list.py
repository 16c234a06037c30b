"""Cases of what managers read of the words that their server does not want."""

from __future__ import annotations

from functools import partial

from bot.policy.word_list import WordList, word_changes
from bot.texts.word_list import (
    counted_words,
    no_word,
    not_listed,
    too_many_words,
    word_list_note,
    word_list_value,
    word_list_view,
    word_too_long,
)
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import HOSTILE, LARGEST_ID, MODERATOR

_NONE, _SOME = WordList(), WordList(("Cat", "big dog", HOSTILE))
_MANY = WordList(tuple(f"{number} {'x' * 30}" for number in range(200)))
_LONGEST = WordList(tuple(f"{number:03}{'*' * 97}" for number in range(200)))

CASES: Cases = {
    word_list_view: {
        "empty": partial(word_list_view, _NONE),
        "some": partial(word_list_view, _SOME),
        "some, added": partial(word_list_view, _SOME, _NONE),
        "some, one of them new, one gone": partial(word_list_view, _SOME, WordList(("Cat", "cow", HOSTILE))),
        "all removed": partial(word_list_view, _NONE, _SOME),
        "nothing changed": partial(word_list_view, _SOME, _SOME),
        "more than there is room for": partial(word_list_view, _MANY, _NONE),
    },
    word_list_note: {"always": partial(word_list_note, MODERATOR, _NONE, _SOME)},
    word_list_value: {
        "before": lambda: word_list_value(word_changes(_NONE, _SOME)[0]),
        "after": lambda: word_list_value(word_changes(_NONE, _SOME)[1]),
    },
    counted_words: {str(count): partial(counted_words, count) for count in (0, 1, 2)},
    too_many_words: {"always": partial(too_many_words, 201)},
    word_too_long: {"always": partial(word_too_long, "x" * 101)},
    no_word: {"always": partial(no_word, "…")},
    not_listed: {"always": partial(not_listed, HOSTILE)},
}
LONGEST: Cases = {
    word_list_view: {
        "long": partial(word_list_view, _LONGEST, _NONE),
        "all removed": partial(word_list_view, _NONE, _LONGEST),
    },
    word_list_note: {"long": partial(word_list_note, LARGEST_ID, _NONE, _LONGEST)},
}
