"""
Dotted paths into JSON: ``data.task.id``, ``outputs[0].url``, ``outputs[type=video].url``.

A path that goes on into a string reads the JSON in it. Keys only are followed, never attributes, and no expression is
evaluated: a path is as long as it is written, whatever the answer holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from bot.providers.places.search import as_json

MAX_STEPS = 20
_STEP = re.compile(r"\.?([\w$-]+)|\[(-?\d{1,4})\]|\[([\w-]+)=([\w./ -]+)\]")


class Path(NamedTuple):
    """A path as it is written, and its steps: a key, a place in a list, or the key and value an entry must have."""

    text: str
    steps: tuple[str | int | tuple[str, str], ...]

    def find(self, value: Any) -> Any:
        """Return what stands at this path in ``value``, None if nothing does."""
        for step in self.steps:
            if isinstance(value, str):
                value = as_json(value)
            if isinstance(step, str):
                value = value.get(step) if isinstance(value, dict) else None
            elif not isinstance(value, list):
                return None
            elif isinstance(step, int):
                value = value[step] if -len(value) <= step < len(value) else None
            else:
                value = next((one for one in value if isinstance(one, dict) and str(one.get(step[0])) == step[1]), None)
        return value


def parse_path(text: str) -> Path:
    """Return the path that ``text`` writes. Raises ValueError with the column that is wrong."""
    steps: list[str | int | tuple[str, str]] = []
    at = 0
    while at < len(text):
        step = _STEP.match(text, at)
        if step is None or (at > 0 and step[0][0] not in ".[") or (at == 0 and step[0][0] == "."):
            raise ValueError(
                f"is no path at column {at + 1}: write it as data.videos[0].url or outputs[type=video].url"
            )
        key, place, name, wanted = step.groups()
        steps.append(key if key else int(place) if place else (name, wanted))
        at = step.end()
    if not 0 < len(steps) <= MAX_STEPS:
        raise ValueError(f"must have 1 to {MAX_STEPS} steps")
    return Path(text, tuple(steps))


def first(paths: Iterable[Path], value: Any) -> Any:
    """Return what the first of ``paths`` that leads to anything finds in ``value``, else None."""
    found = (path.find(value) for path in paths)
    return next((one for one in found if one not in (None, "", [], {})), None)
