"""
Many patterns searched at once: each alternative has literals of which a text must hold one before it is tried.

Looking for a thousand literals in a sentence takes some ten microseconds; trying as many patterns takes milliseconds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise

from bot.providers.text.memory import Memory

Signs = tuple[str, ...]
Search = Callable[[str], re.Match[str] | None]


class _Entry:
    """A pattern that shows a name, and a literal that a text must hold first. Compiled when a text holds it."""

    __slots__ = ("_pattern", "_search", "literal", "name")

    def __init__(self, name: str, pattern: str, literal: str) -> None:
        self.name = name
        self.literal = literal
        self._pattern = pattern
        self._search: Search | None = None

    def is_in(self, text: str) -> bool:
        if self._search is None:
            self._search = re.compile(self._pattern).search
        return self._search(text) is not None


class Lexicon:
    """
    Names, each with patterns that show it. Patterns are written in lower case and matched against lower case.

    Three signs of a literal lead to its patterns (fewer where they are not ASCII), those that lead to fewest others, so
    that what a text does not hold costs it nothing.
    """

    def __init__(self, entries: Mapping[str, Iterable[str]]) -> None:
        self._memory: Memory[frozenset[str]] = Memory()
        self._always: list[_Entry] = []
        self._by_signs: dict[Signs, list[_Entry]] = {}
        parts = [
            (name, alternative, needed_literals(alternative))
            for name, patterns in entries.items()
            for pattern in patterns
            for alternative in alternatives(pattern)
        ]
        led = Counter(signs for _, _, literals in parts for literal in literals for signs in _signs(literal))
        for name, pattern, literals in parts:
            if not all(map(_leads, literals)):
                self._always.append(_Entry(name, pattern, ""))
                continue
            for literal in literals:
                rarest = min(_signs(literal), key=led.__getitem__)
                self._by_signs.setdefault(rarest, []).append(_Entry(name, pattern, literal))

    def _likely(self, text: str) -> Iterator[_Entry]:
        keys = self._by_signs.keys() & zip(text, text[1:], text[2:], strict=False)
        if not text.isascii():
            keys |= self._by_signs.keys() & pairwise(text)
            keys |= self._by_signs.keys() & zip(text, strict=True)
        for key in keys:
            yield from self._by_signs[key]
        yield from self._always

    def names_in(self, text: str) -> frozenset[str]:
        """Return the names that ``text`` shows."""
        return self._memory.recall(hash(text), lambda: self._search(text))

    def _search(self, text: str) -> frozenset[str]:
        found: set[str] = set()
        for entry in self._likely(text):
            if entry.literal in text and entry.name not in found and entry.is_in(text):
                found.add(entry.name)
        return frozenset(found)


def _leads(literal: str) -> bool:
    return len(literal) > 2 or not literal.isascii()


def _signs(literal: str) -> list[Signs]:
    """Return each run of signs of ``literal`` that can lead to it: three, or fewer where one of them is not ASCII."""
    if not _leads(literal):
        return []
    if literal.isascii():
        return list(zip(literal, literal[1:], literal[2:], strict=False))
    twos = [signs for signs in pairwise(literal) if not "".join(signs).isascii()]
    return list(twos) or [(literal,)]


def alternatives(pattern: str) -> Iterator[str]:
    """Yield the alternatives of ``pattern`` that no group holds together."""
    start = depth = place = 0
    while place < len(pattern):
        sign = pattern[place]
        if sign == "\\":
            place += 1
        elif sign in "([":
            depth += 1
        elif sign in ")]":
            depth -= 1
        elif sign == "|" and not depth:
            yield pattern[start:place]
            start = place + 1
        place += 1
    yield pattern[start:]


def needed_literals(pattern: str) -> tuple[str, ...]:
    """
    Return literals of which every match of ``pattern``, which has no alternatives of its own, holds one.

    They are the longest run of plain signs, or those of the alternatives of a group that must be there; ("",) if the
    pattern has neither.
    """
    best: tuple[str, ...] = ("",)
    for part in _parts(pattern):
        literals: tuple[str, ...] = (part,)
        if part.startswith("(?:"):
            literals = tuple(literal for branch in alternatives(part[3:-1]) for literal in needed_literals(branch))
        if _worth(literals) > _worth(best):
            best = literals
    return best


def _worth(literals: tuple[str, ...]) -> tuple[bool, int, int]:
    return all(map(_leads, literals)), -len(literals), min(map(len, literals))


def _parts(pattern: str) -> Iterator[str]:
    """Yield the runs of plain signs, and the groups that no sign behind them makes optional, of ``pattern``."""
    run = ""
    place = 0
    while place < len(pattern):
        sign, plain = pattern[place], False
        end = place + 1
        if sign == "\\":
            end = place + 2
            sign, plain = pattern[place + 1], not pattern[place + 1].isalnum()  # no \b, \w, \d
        elif sign in "([":
            end = _end_of_group(pattern, place)
        else:
            plain = sign not in ".^$?*+{"
        optional = pattern[end : end + 1] in ("?", "*", "{")
        if plain and not optional:
            run += sign
        else:
            yield run
            run = ""
            if pattern.startswith("(?:", place) and not optional:
                yield pattern[place:end]
            if pattern[end : end + 1] == "{":
                end = pattern.find("}", end) + 1
        place = end
    yield run


def _end_of_group(pattern: str, place: int) -> int:
    """Return the place behind the group or class that opens at ``place``."""
    if pattern[place] == "[":
        end = place + 2
        while pattern[end] != "]":
            end += 2 if pattern[end] == "\\" else 1
        return end + 1
    depth = 0
    while True:
        sign = pattern[place]
        if sign == "\\":
            place += 2
            continue
        if sign == "[":
            place = _end_of_group(pattern, place)
            continue
        depth += {"(": 1, ")": -1}.get(sign, 0)
        place += 1
        if not depth:
            return place
