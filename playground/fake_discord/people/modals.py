"""A person's answers to a modal as JSON, checked as Discord's client does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.fake_discord.people.resolved import Resolved
from playground.fake_discord.people.selects import check_count, chosen_values, preselected
from playground.fake_discord.rules.modals import MAX_TEXT
from playground.fake_discord.world.components import SELECTS, ComponentType, walk
from playground.fake_discord.world.errors import CannotDo
from playground.fake_discord.world.uploads import Upload

StoreFile = Callable[[Upload], str]
"""Puts a file on the CDN and returns its attachment id."""


def submitted(
    modal: dict[str, Any], values: dict[str, Any], attach: StoreFile, resolved: Resolved
) -> list[dict[str, Any]]:
    """The components of a MODAL_SUBMIT: the modal's own shape, holding the person's `values` by custom id.

    Objects that they refer to are added to `resolved`. Raises CannotDo for a value without a field, a required one
    left out, or one out of bounds.
    """
    fields = {c["custom_id"] for _, c in walk(modal["components"]) if "custom_id" in c}
    if unknown := set(values) - fields:
        raise CannotDo(f"the modal has no field {sorted(unknown)}, only {sorted(fields)}")
    answers = _Answers(values, attach, resolved)
    return [answers.to(component, index + 1) for index, component in enumerate(modal["components"])]


class _Answers:
    def __init__(self, values: dict[str, Any], attach: StoreFile, resolved: Resolved) -> None:
        self._values = values
        self._attach = attach
        self._resolved = resolved

    def to(self, component: dict[str, Any], number: int) -> dict[str, Any]:
        """The answer to one component and all in it; `number` is its id unless it has one."""
        kind = component["type"]
        answer: dict[str, Any] = {"type": kind, "id": component.get("id") or number}
        if kind == ComponentType.ACTION_ROW:
            children = enumerate(component["components"])
            return answer | {"components": [self.to(child, number * 100 + index) for index, child in children]}
        if kind == ComponentType.LABEL:
            return answer | {"component": self.to(component["component"], number * 100)}
        if "custom_id" not in component:
            return answer
        return answer | {"custom_id": component["custom_id"], **self._value(component)}

    def _value(self, field: dict[str, Any]) -> dict[str, Any]:
        kind, given = field["type"], self._values.get(field["custom_id"])
        if kind == ComponentType.TEXT_INPUT:
            return {"value": _text(field, field.get("value") or "" if given is None else given)}
        if kind == ComponentType.CHECKBOX:
            return {"value": bool(field.get("default") if given is None else given)}
        if kind == ComponentType.RADIO_GROUP:
            chosen = _of_group(field | {"max_values": 1}, None if given is None else [given])
            return {"value": chosen[0] if chosen else None}
        if kind == ComponentType.CHECKBOX_GROUP:
            return {"values": _of_group(field, given)}
        if kind in SELECTS:
            choices = preselected(field) if given is None else list(given)
            return {"values": chosen_values(field, choices, self._resolved) if _is_filled(field, choices) else []}
        uploads = given or []
        if _is_filled(field, uploads):
            check_count(field, len(uploads))
        return {"values": [self._attach(upload) for upload in uploads]}


def _is_filled(field: dict[str, Any], values: list[Any]) -> bool:
    """Whether the field has values; raises CannotDo if it has none and is required, which is a modal's default."""
    if not values and field.get("required") is not False:
        raise CannotDo(f"{field['custom_id']!r} is required")
    return bool(values)


def _of_group(group: dict[str, Any], given: list[str] | None) -> list[str]:
    """Values of radio buttons or checkboxes, which by default take any number of their options."""
    offered = [option["value"] for option in group["options"]]
    chosen = [o["value"] for o in group["options"] if o.get("default")] if given is None else list(given)
    if _is_filled(group, chosen):
        check_count(group | {"max_values": group.get("max_values") or len(offered)}, len(chosen))
    if not set(chosen) <= set(offered):
        raise CannotDo(f"{group['custom_id']!r} offers {offered}, not {chosen}")
    return chosen


def _text(field: dict[str, Any], text: str) -> str:
    custom_id = field["custom_id"]
    if field.get("required", True) and not text:
        raise CannotDo(f"{custom_id!r} is required")
    least = field.get("min_length") or 0
    most = field.get("max_length") or MAX_TEXT
    if text and not least <= len(text) <= most:
        raise CannotDo(f"{custom_id!r} takes {least} to {most} characters, not {len(text)}")
    return text
