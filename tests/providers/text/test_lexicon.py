"""Searching many patterns at once finds what searching each of them finds."""

from __future__ import annotations

import re

import pytest

from bot.providers.chat.whole_reply import body_of
from bot.providers.judge.codes import CODES
from bot.providers.judge.vocabulary import FEATURES
from bot.providers.judge.vocabulary.stages import STAGES
from bot.providers.text.lexicon import Lexicon, alternatives, needed_literals
from bot.providers.text.sentences import plain_pattern, sentences
from tests.providers.wire import samples

PATTERNS = {
    **{name: [plain_pattern(words.pattern) for words in entry] for name, entry in {**FEATURES, **STAGES}.items()},
    **{str(place): [code.pattern] for place, code in enumerate(CODES)},
}


def test_it_finds_what_each_pattern_finds_in_every_sample() -> None:
    lexicon = Lexicon(PATTERNS)
    compiled = {name: [re.compile(pattern) for pattern in patterns] for name, patterns in PATTERNS.items()}
    for sample in samples()[::7]:
        for sentence in sentences(body_of(sample).decode("utf-8", "replace")[:2000]):
            words = sentence.words
            expected = {name for name, each in compiled.items() if any(pattern.search(words) for pattern in each)}
            assert lexicon.names_in(words) == expected, words


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"\bblocked\b", ("blocked",)),
        (r"block(?:ed|s)", ("block",)),
        (r"colou?r code", ("r code",)),
        (r"\b(?:image|video)s?\b", ("image", "video")),
        (r"(?:a|b)?", ("",)),
        (r"[xyz]+", ("",)),
        (r"v1\.0", ("v1.0",)),
        (r"x{2,3}yes", ("yes",)),
        (r"审核(?:失败|未过)", ("审核",)),
    ],
)
def test_the_literals_of_a_pattern_are_in_each_of_its_matches(pattern: str, literals: tuple[str, ...]) -> None:
    assert needed_literals(pattern) == literals


def test_alternatives_within_groups_stay_together() -> None:
    assert list(alternatives(r"a(?:b|c)|d[|]|e\|f")) == ["a(?:b|c)", "d[|]", r"e\|f"]


def test_every_feature_and_code_names_its_source() -> None:
    assert all(words.source for entry in {**FEATURES, **STAGES}.values() for words in entry)
    assert all(code.source for code in CODES)
