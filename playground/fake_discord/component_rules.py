"""What Discord refuses about components, noted as form errors (docs: components/reference)."""

from __future__ import annotations

from typing import Any

from playground.fake_discord.components import SELECTS, ComponentType, walk
from playground.fake_discord.errors import FormErrors

MAX_COMPONENTS = 40
MAX_TEXT = 4000
MAX_ROWS = 5
_LINK, _PREMIUM = 5, 6
_TOP_LEVEL_V2 = {1, 9, 10, 12, 13, 14, 17}
_TOO_LONG = {"custom_id": 100, "label": 80, "placeholder": 150}
_CHILDREN = {
    ComponentType.ACTION_ROW: (1, 5),
    ComponentType.SECTION: (1, 3),
    ComponentType.CONTAINER: (1, 40),
}


def check_components(components: list[dict[str, Any]], *, v2: bool, errors: FormErrors) -> None:
    """Note every fault of a message's components."""
    everything = list(walk(components))
    allowed = _TOP_LEVEL_V2 if v2 else {ComponentType.ACTION_ROW}
    for index, component in enumerate(components):
        if component.get("type") not in allowed:
            choices = tuple(sorted(int(kind) for kind in allowed))
            errors.add(f"components.{index}.type", "BASE_TYPE_CHOICES", f"Value must be one of {choices}.")
    if v2:
        _check_v2_totals(everything, errors)
    elif len(components) > MAX_ROWS:
        errors.add("components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MAX_ROWS} in length.")
    _check_custom_ids(everything, errors)
    for path, component in everything:
        _check_one(path, component, errors)


def _check_v2_totals(everything: list[tuple[str, dict[str, Any]]], errors: FormErrors) -> None:
    if len(everything) > MAX_COMPONENTS:
        message = f"The total number of components in a message cannot exceed {MAX_COMPONENTS}"
        errors.add("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)
    text = sum(len(c.get("content") or "") for _, c in everything if c.get("type") == ComponentType.TEXT_DISPLAY)
    if text > MAX_TEXT:
        message = f"The displayable text size for a message cannot exceed {MAX_TEXT}"
        errors.add("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message)


def _check_custom_ids(everything: list[tuple[str, dict[str, Any]]], errors: FormErrors) -> None:
    seen: set[str] = set()
    for path, component in everything:
        custom_id = component.get("custom_id")
        if custom_id is not None and custom_id in seen:
            errors.add(
                f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
            )
        seen.add(custom_id or "")


def _check_one(path: str, component: dict[str, Any], errors: FormErrors) -> None:
    kind = component.get("type")
    for key, limit in _TOO_LONG.items():
        errors.too_long(f"{path}.{key}", component.get(key), limit)
    if kind in _CHILDREN:
        least, most = _CHILDREN[ComponentType(kind)]
        if not least <= len(component.get("components") or []) <= most:
            errors.add(f"{path}.components", "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
    if kind == ComponentType.BUTTON:
        _check_button(path, component, errors)
    elif kind in SELECTS:
        _check_select(path, component, errors)
    elif kind == ComponentType.SECTION and not isinstance(component.get("accessory"), dict):
        errors.add(f"{path}.accessory", "BASE_TYPE_REQUIRED", "This field is required")
    elif kind == ComponentType.TEXT_DISPLAY and not component.get("content"):
        errors.add(f"{path}.content", "BASE_TYPE_REQUIRED", "This field is required")
    elif kind == ComponentType.MEDIA_GALLERY and not 1 <= len(component.get("items") or []) <= 10:
        errors.add(f"{path}.items", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")


def _check_button(path: str, button: dict[str, Any], errors: FormErrors) -> None:
    style = button.get("style")
    if style == _LINK:
        if not button.get("url"):
            errors.add(f"{path}.url", "BASE_TYPE_REQUIRED", "A url is required")
        elif not str(button["url"]).startswith(("http://", "https://", "discord://")):
            errors.add(f"{path}.url", "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https', 'discord').")
        errors.too_long(f"{path}.url", button.get("url"), 512)
    elif style != _PREMIUM and not button.get("custom_id"):
        errors.add(f"{path}.custom_id", "BASE_TYPE_REQUIRED", "A custom id is required")
    if style not in range(1, 7):
        errors.add(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6).")
    if style != _PREMIUM and not button.get("label") and not button.get("emoji"):
        errors.add(path, "BUTTON_COMPONENT_INVALID", "A button must have a label or an emoji")


def _check_select(path: str, select: dict[str, Any], errors: FormErrors) -> None:
    if not select.get("custom_id"):
        errors.add(f"{path}.custom_id", "BASE_TYPE_REQUIRED", "This field is required")
    if select.get("type") != ComponentType.STRING_SELECT:
        return
    options = select.get("options") or []
    if not 1 <= len(options) <= 25:
        errors.add(f"{path}.options", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
    values = [option.get("value") for option in options]
    if len(set(values)) != len(values):
        message = "The specified option value is already used"
        errors.add(f"{path}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
