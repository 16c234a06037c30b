"""
Places in parsed JSON: ``"{prompt}"`` becomes the prompt, of its own type; a key whose place has no value is left out.

``{"$when" = "last_image", …}`` is left out where there is no such value, or is what stands at its ``$else``; with a
``$value`` that is what it gives. ``{"$each" = "references", …}`` in a list stands there once for each of them, with
``{reference}`` for that one. Values are set into parsed text, never into JSON or TOML as text, so that no prompt can
end a string.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from bot.errors import LinkRefused

MAX_ID = 512  # characters of what is set into an address
WHEN, VALUE, ELSE, EACH = "$when", "$value", "$else", "$each"
_PLACE = re.compile(r"\{\{|\}\}|\{(\w+)(?::(\w+))?\}|[{}]")
_FORMS: dict[str, Callable[[str], Any]] = {
    "text": str,
    "number": lambda text: int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text,
    "upper": str.upper,
    "colon": lambda text: text.replace("x", ":"),
    "star": lambda text: text.replace("x", "*"),
    "path": str,
}
_WRONG_IN_PATH = re.compile(r"\.\.|//|[?#\\%]|^/|/$")


def check_places(value: Any, known: Collection[str]) -> None:
    """Raise ValueError if a text in ``value``, any JSON, has a place that is not ``known``, or no place at all."""
    for text in _texts(value, known):
        for place in _PLACE.finditer(text):
            name, form = place.groups()
            if place[0] in ("{{", "}}"):
                continue
            if name not in known:
                raise ValueError(f"column {place.start() + 1}: {place[0]} is no place here; {_choice(known)}")
            if form and form not in _FORMS:
                raise ValueError(f"column {place.start() + 1}: {place[0]} has no such form; {_choice(_FORMS)}")


def texts(value: Any) -> Iterator[str]:
    """Yield all texts in ``value``, any JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for held in value.values() if isinstance(value, dict) else value:
            yield from texts(held)


def places_in(value: Any) -> set[str]:
    """Return the names of the places in ``value``, any JSON, and of those that decide what is left out or repeated."""
    if isinstance(value, str):
        return {place[1] for place in _PLACE.finditer(value) if place[1]}
    if isinstance(value, dict):
        named = {value[word] for word in (WHEN, EACH) if word in value}
        return named.union(*map(places_in, (held for name, held in value.items() if name not in (WHEN, EACH))))
    return set[str]().union(*map(places_in, value)) if isinstance(value, list) else set()


def _texts(value: Any, known: Collection[str]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        lists = [f"{name}s" for name in known if f"{name}s" in known]
        if (when := value.get(WHEN, next(iter(known), ""))) not in known:
            raise ValueError(f"{WHEN} names {when!r}; {_choice(known)}")
        if (each := value.get(EACH, "")) not in ("", *lists):
            raise ValueError(f"{EACH} names {each!r}; {_choice(lists)}")
        words = {name for name in value if name.startswith("$")} - {WHEN, EACH}
        if words and (WHEN not in value or not words <= {VALUE, ELSE}):
            raise ValueError(f"{min(words)} is no word here; allowed: {WHEN}, and beside it {VALUE} and {ELSE}")
        for held in (held for name, held in value.items() if name not in (WHEN, EACH)):
            yield from _texts(held, known)
    elif isinstance(value, list):
        for held in value:
            yield from _texts(held, known)
    elif not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value} is no value of JSON")


def _choice(words: Collection[str]) -> str:
    return f"allowed: {', '.join(sorted(words))}"


def filled(value: Any, facts: Mapping[str, Any]) -> Any:
    """Return ``value``, any JSON, with its places filled; None for a text whose place has no value."""
    if isinstance(value, str):
        return _filled_text(value, facts)
    if isinstance(value, dict):
        if WHEN in value and facts.get(value[WHEN]) is None:
            return filled(value.get(ELSE), facts)
        if VALUE in value:
            return filled(value[VALUE], facts)
        held = {name: filled(one, facts) for name, one in value.items() if name not in (WHEN, ELSE)}
        return {name: one for name, one in held.items() if one is not None} or None
    if isinstance(value, list):
        return [one for entry in value for one in _entries(entry, facts) if one is not None] or None
    return value


def _entries(entry: Any, facts: Mapping[str, Any]) -> Iterator[Any]:
    """Yield what stands for ``entry`` in its list: itself filled, or as often as it is to be repeated."""
    if not isinstance(entry, dict) or EACH not in entry:
        yield filled(entry, facts)
        return
    name = entry[EACH].removesuffix("s")
    rest = {key: held for key, held in entry.items() if key != EACH}
    for one, kind in zip(facts.get(f"{name}s") or (), facts.get(f"{name}_types") or (), strict=True):
        yield filled(rest, {**facts, name: one, f"{name}_type": kind})


def filled_where_whole(value: Any, facts: Mapping[str, Any]) -> Any:
    """Return ``value``, any JSON of the operator's, with the texts filled that are one known place and nothing else."""
    if isinstance(value, Mapping):
        return {name: filled_where_whole(held, facts) for name, held in value.items()}
    if isinstance(value, list):
        return [filled_where_whole(held, facts) for held in value]
    whole = _PLACE.fullmatch(value) if isinstance(value, str) else None
    return _filled_text(value, facts) if whole and whole[1] in facts and whole[2] in (None, *_FORMS) else value


def _filled_text(text: str, facts: Mapping[str, Any]) -> Any:
    if (whole := _PLACE.fullmatch(text)) and whole[1]:
        value = facts.get(whole[1])
        return _FORMS[whole[2]](str(value)) if whole[2] and value is not None else value
    if any(place[1] and facts.get(place[1]) is None for place in _PLACE.finditer(text)):
        return None
    return _PLACE.sub(lambda place: _in_text(place, facts), text)


def _in_text(place: re.Match[str], facts: Mapping[str, Any]) -> str:
    if not place[1]:
        return place[0][:1]
    return str(_FORMS[place[2] or "text"](str(facts[place[1]])))


def filled_path(text: str, facts: Mapping[str, str]) -> str:
    """
    Return the path of an address with its places filled and percent-encoded; ``{id:path}`` keeps its slashes.

    Raises LinkRefused for a value that could lead elsewhere than the path says.
    """

    def encoded(place: re.Match[str]) -> str:
        if not place[1]:
            return place[0][:1]
        value = facts.get(place[1]) or ""
        if not 0 < len(value) <= MAX_ID or not value.isprintable() or value in (".", ".."):
            raise LinkRefused(f"a {place[1]} that cannot stand in an address")
        if place[2] == "path" and _WRONG_IN_PATH.search(value):
            raise LinkRefused(f"a {place[1]} that leads elsewhere")
        return quote(value, safe="/:" if place[2] == "path" else "")

    return _PLACE.sub(encoded, text)
