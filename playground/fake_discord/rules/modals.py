"""Validation of modals, with Discord's form errors (docs: receiving-and-responding, "Modal")."""

from __future__ import annotations

from typing import Any

from playground.fake_discord.rules.components import check_select
from playground.fake_discord.world.components import SELECTS, ComponentType, walk
from playground.fake_discord.world.errors import FormErrors

MAX_TITLE = 45
MAX_TEXT = 4000
_TOP_LEVEL = {ComponentType.ACTION_ROW, ComponentType.TEXT_DISPLAY, ComponentType.LABEL}
_GROUPS = {ComponentType.RADIO_GROUP: 2, ComponentType.CHECKBOX_GROUP: 1}
_FIELDS = SELECTS | _GROUPS.keys() | {ComponentType.TEXT_INPUT, ComponentType.FILE_UPLOAD, ComponentType.CHECKBOX}
_SHORT, _PARAGRAPH = 1, 2


def check_modal(data: dict[str, Any]) -> None:
    """Raise 400/50035 with every error in a modal."""
    errors = FormErrors()
    _check_length("data.title", data.get("title"), MAX_TITLE, errors)
    _check_length("data.custom_id", data.get("custom_id"), 100, errors)
    components = data.get("components") or []
    if not 1 <= len(components) <= 5:
        errors.add("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for index, component in enumerate(components):
        _check_kind(f"data.components.{index}", component, _TOP_LEVEL, errors)
    seen: set[str] = set()
    for path, component in walk(components, "data.components"):
        custom_id = component.get("custom_id")
        if custom_id in seen:
            message = "Component custom id cannot be duplicated"
            errors.add(f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", message)
        seen.update([custom_id] if custom_id is not None else [])
        _check_one(path, component, errors)
    errors.raise_if_any()


def _check_one(path: str, component: dict[str, Any], errors: FormErrors) -> None:
    kind = component.get("type")
    if kind in _FIELDS:
        _check_length(f"{path}.custom_id", component.get("custom_id"), 100, errors)
    if kind == ComponentType.ACTION_ROW:
        for index, child in enumerate(component.get("components") or []):
            _check_kind(f"{path}.components.{index}", child, {ComponentType.TEXT_INPUT}, errors)
            _check_length(f"{path}.components.{index}.label", child.get("label"), MAX_TITLE, errors)
    elif kind == ComponentType.LABEL:
        _check_length(f"{path}.label", component.get("label"), MAX_TITLE, errors)
        errors.too_long(f"{path}.description", component.get("description"), 100)
        _check_kind(f"{path}.component", component.get("component") or {}, _FIELDS, errors)
    elif kind == ComponentType.TEXT_INPUT:
        _check_text_input(path, component, errors)
    elif kind in SELECTS:
        errors.too_long(f"{path}.placeholder", component.get("placeholder"), 150)
        check_select(path, component, errors)
        if component.get("disabled"):
            errors.add(f"{path}.disabled", "COMPONENT_DISABLED_IN_MODAL", "Modal components cannot be disabled")
    elif kind in _GROUPS:
        least = _GROUPS[ComponentType(kind)]
        if not least <= len(component.get("options") or []) <= 10:
            errors.add(f"{path}.options", "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and 10 in length.")


def _check_text_input(path: str, field: dict[str, Any], errors: FormErrors) -> None:
    if field.get("style") not in (_SHORT, _PARAGRAPH):
        errors.add(f"{path}.style", "BASE_TYPE_CHOICES", f"Value must be one of {{{_SHORT}, {_PARAGRAPH}}}.")
    errors.too_long(f"{path}.placeholder", field.get("placeholder"), 100)
    least, most = field.get("min_length") or 0, field.get("max_length") or MAX_TEXT
    if not 0 <= least <= most <= MAX_TEXT:
        errors.add(f"{path}.min_length", "NUMBER_TYPE_MAX", f"Must be at most max_length, and that {MAX_TEXT}.")
    errors.too_long(f"{path}.value", field.get("value"), most)


def _check_kind(
    path: str, component: dict[str, Any], allowed: set[ComponentType] | frozenset[ComponentType], errors: FormErrors
) -> None:
    if component.get("type") not in allowed:
        choices = tuple(sorted(int(kind) for kind in allowed))
        errors.add(f"{path}.type", "BASE_TYPE_CHOICES", f"Value must be one of {choices}.")


def _check_length(path: str, text: Any, most: int, errors: FormErrors) -> None:
    if not 1 <= len(text or "") <= most:
        errors.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")
