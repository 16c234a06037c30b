"""Message components as trees: walks them, and turns what a bot sends into what Discord answers."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Any

Resolve = Callable[[str, str], dict[str, Any]]
"""Turns the URL at a path of the body into an unfurled media item, or notes a form error."""


class ComponentType(IntEnum):
    """Kinds of component (docs: components/reference)."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


SELECTS = frozenset(
    {
        ComponentType.STRING_SELECT,
        ComponentType.USER_SELECT,
        ComponentType.ROLE_SELECT,
        ComponentType.MENTIONABLE_SELECT,
        ComponentType.CHANNEL_SELECT,
    }
)

_DEFAULTS: dict[ComponentType, dict[str, Any]] = {
    ComponentType.THUMBNAIL: {"description": None, "spoiler": False},
    ComponentType.FILE: {"spoiler": False, "name": None, "size": None},
    ComponentType.SEPARATOR: {"divider": True, "spacing": 1},
    ComponentType.CONTAINER: {"accent_color": None, "spoiler": False},
    **{select: {"min_values": 1, "max_values": 1} for select in SELECTS},
}
"""Discord's defaults for fields that a bot leaves out."""

_NULLABLE = {"accent_color", "description", "name", "size"}


def walk(components: list[dict[str, Any]], path: str = "components") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every component in reading order, children after their parent, with its dotted path into the body."""
    for index, component in enumerate(components):
        if isinstance(component, dict):
            yield from _walk_one(component, f"{path}.{index}")


def _walk_one(component: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield path, component
    yield from walk(component.get("components") or [], f"{path}.components")
    for key in ("accessory", "component"):
        if isinstance(component.get(key), dict):
            yield from _walk_one(component[key], f"{path}.{key}")


def least_and_most(field: dict[str, Any]) -> tuple[int, int]:
    """How many values a select or a file upload takes; one by default."""
    least, most = field.get("min_values"), field.get("max_values")
    return 1 if least is None else least, 1 if most is None else most


def media_slots(components: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Every place that holds a media item: its path, the object that holds it, and the key in that object."""
    for path, component in walk(components):
        if component.get("type") == ComponentType.MEDIA_GALLERY:
            for index, item in enumerate(component.get("items") or []):
                yield f"{path}.items.{index}.media", item, "media"
        elif component.get("type") == ComponentType.THUMBNAIL:
            yield f"{path}.media", component, "media"
        elif component.get("type") == ComponentType.FILE:
            yield f"{path}.file", component, "file"


def media_items(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All media items shown."""
    return [holder[key] for _, holder, key in media_slots(components) if isinstance(holder.get(key), dict)]


def text_of(components: list[dict[str, Any]]) -> str:
    """The text of all text displays, one per line."""
    return "\n".join(c.get("content", "") for _, c in walk(components) if c.get("type") == ComponentType.TEXT_DISPLAY)


def find(components: list[dict[str, Any]], custom_id: str) -> dict[str, Any] | None:
    """The component with that custom id."""
    return next((c for _, c in walk(components) if c.get("custom_id") == custom_id), None)


def as_answered(components: list[dict[str, Any]], resolve: Resolve) -> list[dict[str, Any]]:
    """A copy with ids given, defaults filled in and every media item resolved."""
    components = copy.deepcopy(components)
    slots = list(media_slots(components))
    for path, holder, key in slots:
        holder[key] = resolve(path, str((holder.get(key) or {}).get("url", "")))
        if holder.get("type") is None:
            holder.setdefault("description", None)
            holder.setdefault("spoiler", False)
    taken = {c["id"] for _, c in walk(components) if c.get("id")}
    fresh = (number for number in range(1, 10_000) if number not in taken)
    for _, component in walk(components):
        component["id"] = component.get("id") or next(fresh)
        for key, value in _DEFAULTS.get(component["type"], {}).items():
            component.setdefault(key, value)
        for key in [key for key, value in component.items() if value is None and key not in _NULLABLE]:
            del component[key]
    return components
