"""How the vocabulary of the judge is written down: a feature, its words in each language, and where they were met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from bot.providers.text.sentences import plain_pattern


class Words(NamedTuple):
    """
    Words of one language that show a feature. ``pattern`` is matched against plain words: lower case, no accents, no
    hyphens and underscores between letters, simplified Chinese signs.
    """

    language: str
    pattern: str
    source: str


Vocabulary = Mapping[str, tuple[Words, ...]]


def patterns_of(vocabulary: Vocabulary) -> dict[str, list[str]]:
    """Return the patterns of each feature of ``vocabulary``, for a lexicon."""
    return {name: [plain_pattern(words.pattern) for words in entry] for name, entry in vocabulary.items()}
