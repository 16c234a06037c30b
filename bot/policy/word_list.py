"""
The words and phrases that a server does not want in prompts, compared as whole words.

Case and width make no difference (Unicode's NFKC and case folding), nor does what stands between the words of a phrase:
spaces, line breaks, punctuation, characters that nobody sees. Accents do. "Cat" is in "A CAT!" and not in "category".

A word is a run of letters, their marks and digits, and one of katakana is a word by itself, as in Unicode's Standard
Annex 29. Chinese characters, hiragana, Thai, Lao, Khmer and Burmese have no spaces between words, and Korean puts
endings to them: there each character, with its marks, counts as a word, and what is listed is found wherever it stands,
within a longer word too. So does each symbol, such as an emoji.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

MOST_WORDS = 200  # of one server
LONGEST_WORD = 100  # characters; as a choice that Discord offers

_CACHED = 256  # lists that are kept ready

_ALONE = re.compile(
    "[\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u1950-\u19df\u1a20-\u1aaf\uaa80-\uaadf"  # other scripts of the Tai languages
    "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese characters
    "\u3041-\u3096\u309d-\u309f"  # hiragana
    "\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff]"  # Hangul
)
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff]")
_RUNS = ("letters", "katakana")  # characters that are one word together
# What nobody sees, besides the format characters (Cf): joiners, selectors of a glyph, fillers.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


@dataclass(frozen=True, slots=True)
class WordList:
    """The words and phrases of one server, as its managers typed them."""

    words: tuple[str, ...] = ()

    def found_in(self, texts: Iterable[str]) -> str | None:
        """Return one of the words that stands in one of ``texts``, None if there is none."""
        if not self.words:
            return None
        told = "|".join(map(_comparable, texts))
        return next((word for phrase, word in _phrases(self.words) if phrase in told), None)

    def with_words(self, words: Iterable[str]) -> Self:
        """Return the list with those of ``words`` that it does not have yet, in whatever form."""
        kept = {_comparable(word): word for word in self.words}
        for word in words:
            kept.setdefault(_comparable(word), word)
        return type(self)(tuple(kept.values()))

    def without(self, words: Iterable[str]) -> Self:
        """Return the list without ``words``, in whatever form it has them."""
        taken = set(map(_comparable, words))
        return type(self)(tuple(word for word in self.words if _comparable(word) not in taken))

    def to_json(self) -> str:
        """Return the list as a text that ``from_json`` understands."""
        return json.dumps(self.words, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the list that ``to_json`` wrote."""
        return cls(tuple(map(str, json.loads(text))))


def word_changes(before: WordList, after: WordList) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what stands in the record of a server's rules: how many words there were and are, and which changed."""
    added = [word for word in after.words if word not in before.words]
    removed = [word for word in before.words if word not in after.words]
    return {"count": len(before.words)}, {"count": len(after.words), "added": added, "removed": removed}


def has_word(text: str) -> bool:
    """Whether there is anything in ``text`` to compare with: a letter, a digit or a symbol."""
    return bool(_comparable(text))


@lru_cache(_CACHED)
def _phrases(words: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return ``words``, each behind the form in which it is looked for."""
    return tuple((phrase, word) for word in words if (phrase := _comparable(word)))


def _comparable(text: str) -> str:
    """Return the words of ``text`` as they are compared, each between two line breaks, "" if there are none."""
    return "".join(f"\n{word}\n" for word in _words(text))


def _words(text: str) -> Iterator[str]:
    word, script = "", None
    for character in _UNSEEN.sub("", _folded(text)):
        category = unicodedata.category(character)
        if category == "Cf":
            continue
        if category[0] == "M":  # belongs to what stands before it
            word += character if word else ""
            continue
        found = _script(character, category[0])
        if word and found == script and found in _RUNS:
            word += character
            continue
        if word:
            yield word
        word, script = character if found else "", found
    if word:
        yield word


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _script(character: str, category: str) -> str | None:
    """Return how a character goes with its neighbours, None if it stands between words."""
    if category == "S" or (category in "LN" and _ALONE.match(character)):
        return "alone"
    if category not in "LN":
        return None
    return "katakana" if _KATAKANA.match(character) else "letters"
