"""Finds the line on which something stands in a TOML file: tomllib tells none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

_TABLE = re.compile(r"\s*\[\[?([^\[\]]+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w$-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w$-]+|"[^"]*"|'[^']*'))*)\s*=""")
_NAME = re.compile(r"""[\w$-]+|"[^"]*"|'[^']*'""")

Location = tuple[str | int, ...]


def line_of(keys: Sequence[str | int], word: str, text: str) -> int | None:
    """
    Return the line of ``text`` where the key at ``keys`` stands, or the nearest table around it; None if none does.

    Tables and keys are looked for at the beginnings of lines, and below the nearest one, up to the next table,
    ``word``, or the last key, by its text: within a list of tables in one line that is the best that can be said.
    """
    best, line = 0, None
    lines = text.splitlines()
    for number, place in _placed_keys(lines):
        depth = _common(place, keys)
        if depth == len(place) and depth > best:
            best, line = depth, number
    if line is None or (best == len(keys) and not word):
        return line
    own = takewhile(lambda held: not _TABLE.match(held), lines[line:])
    below = [(number, held.partition("#")[0]) for number, held in enumerate([lines[line - 1], *own], line)]
    wanted = [word, *(key for key in keys[-1:] if isinstance(key, str))]
    return next((number for text in filter(None, wanted) for number, held in below if text in held), line)


def _placed_keys(lines: Sequence[str]) -> Iterator[tuple[int, Location]]:
    """Yield the line and the whole place of each table and key that a line begins with."""
    table: Location = ()
    seen: dict[Location, int] = {}
    for number, line in enumerate(lines, 1):
        if header := _TABLE.match(line):
            table = _within(_names(header[1]), seen)
            if line.lstrip().startswith("[["):
                seen[table] = seen.get(table, -1) + 1
                table = (*table, seen[table])
            yield number, table
        elif key := _KEY.match(line):
            yield number, (*table, *_names(key[1]))


def _within(names: Location, seen: dict[Location, int]) -> Location:
    """Return the place that a header ``names``: in each list of tables around it, that is the latest one."""
    place: Location = ()
    for name in names[:-1]:
        place = (*place, name)
        if place in seen:
            place = (*place, seen[place])
    return (*place, *names[-1:])


def _names(dotted: str) -> Location:
    return tuple(name.strip("\"'") for name in _NAME.findall(dotted))


def _common(place: Sequence[str | int], keys: Sequence[str | int]) -> int:
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(place, keys, strict=False))))
