"""Modals: what Discord refuses about them, and what a person's answers look like on the wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.fake_discord.components import ComponentType, walk
from playground.fake_discord.errors import CannotDo, FormErrors
from playground.fake_discord.uploads import Upload

MAX_TITLE = 45
MAX_TEXT = 4000

Attach = Callable[[Upload], str]
"""Puts a file on the CDN and returns its attachment id."""


def check_modal(data: dict[str, Any]) -> None:
    """Raise 400/50035 with every fault of a modal (docs: receiving-and-responding, "Modal")."""
    errors = FormErrors()
    if not 1 <= len(data.get("title") or "") <= MAX_TITLE:
        errors.add("data.title", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MAX_TITLE} in length.")
    if not 1 <= len(data.get("custom_id") or "") <= 100:
        errors.add("data.custom_id", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    components = data.get("components") or []
    if not 1 <= len(components) <= 5:
        errors.add("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    seen: set[str] = set()
    for path, component in walk(components, "data.components"):
        custom_id = component.get("custom_id")
        if custom_id in seen:
            errors.add(
                f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
            )
        if custom_id is not None:
            seen.add(custom_id)
            errors.too_long(f"{path}.custom_id", custom_id, 100)
    errors.raise_if_any()


def submitted(modal: dict[str, Any], values: dict[str, Any], attach: Attach) -> list[dict[str, Any]]:
    """The components of a MODAL_SUBMIT: the modal's own shape, holding the person's `values` by custom id.

    Raises CannotDo for a value the modal has no field for, a required one left out, or one out of bounds.
    """
    fields = {c["custom_id"] for _, c in walk(modal["components"]) if "custom_id" in c}
    if unknown := set(values) - fields:
        raise CannotDo(f"the modal has no field {sorted(unknown)}, only {sorted(fields)}")
    return [_answered(component, index + 1, values, attach) for index, component in enumerate(modal["components"])]


def _answered(component: dict[str, Any], number: int, values: dict[str, Any], attach: Attach) -> dict[str, Any]:
    kind = component["type"]
    answer: dict[str, Any] = {"type": kind, "id": component.get("id") or number}
    if kind == ComponentType.ACTION_ROW:
        children = component["components"]
        return answer | {"components": [_answered(c, number * 100 + i, values, attach) for i, c in enumerate(children)]}
    if kind == ComponentType.LABEL:
        return answer | {"component": _answered(component["component"], number * 100, values, attach)}
    custom_id = component.get("custom_id")
    if custom_id is None:
        return answer
    answer["custom_id"] = custom_id
    if kind == ComponentType.TEXT_INPUT:
        return answer | {"value": _text(component, values.get(custom_id, component.get("value") or ""))}
    chosen = values.get(custom_id, [])
    _check_count(component, len(chosen))
    if kind == ComponentType.FILE_UPLOAD:
        return answer | {"values": [attach(upload) for upload in chosen]}
    return answer | {"values": list(chosen)}


def _check_count(field: dict[str, Any], count: int) -> None:
    least, most = field.get("min_values"), field.get("max_values")
    least, most = 1 if least is None else least, 1 if most is None else most
    may_be_empty = not count and field.get("required") is False
    if not may_be_empty and not least <= count <= most:
        raise CannotDo(f"{field['custom_id']!r} takes {least} to {most} values, not {count}")


def _text(field: dict[str, Any], text: str) -> str:
    custom_id = field["custom_id"]
    if field.get("required", True) and not text:
        raise CannotDo(f"{custom_id!r} is required")
    least = field.get("min_length") or 0
    most = field.get("max_length") or MAX_TEXT
    if text and not least <= len(text) <= most:
        raise CannotDo(f"{custom_id!r} takes {least} to {most} characters, not {len(text)}")
    return text
