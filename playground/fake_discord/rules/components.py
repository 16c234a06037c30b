"""Validation of message components, with Discord's form errors (docs: components/reference)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playground.fake_discord.world.components import SELECTS, ComponentType, least_and_most, walk
from playground.fake_discord.world.errors import FormErrors

MAX_COMPONENTS = 40
MAX_TEXT = 4000
MAX_ROWS = 5
_LINK, _PREMIUM = 5, 6
_TOP_LEVEL_V2 = {1, 9, 10, 12, 13, 14, 17}
_TOO_LONG = {"custom_id": 100, "label": 80, "placeholder": 150}
MAX_CHOICES = 25
_DEFAULTS_OF = {
    ComponentType.USER_SELECT: ("user",),
    ComponentType.ROLE_SELECT: ("role",),
    ComponentType.MENTIONABLE_SELECT: ("user", "role"),
    ComponentType.CHANNEL_SELECT: ("channel",),
}
_CHILDREN = {
    ComponentType.ACTION_ROW: (1, 5),
    ComponentType.SECTION: (1, 3),
    ComponentType.CONTAINER: (1, 40),
}


def check_components(components: list[dict[str, Any]], *, v2: bool, errors: FormErrors) -> None:
    """Add every error in a message's components to `errors`."""
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
        check_select(path, component, errors)
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
        elif not _is_well_formed(str(button["url"])):
            errors.add(f"{path}.url", "URL_TYPE_INVALID_URL", "Not a well formed URL.")
        errors.too_long(f"{path}.url", button.get("url"), 512)
    elif style != _PREMIUM and not button.get("custom_id"):
        errors.add(f"{path}.custom_id", "BASE_TYPE_REQUIRED", "A custom id is required")
    if style not in range(1, 7):
        errors.add(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6).")
    if style != _PREMIUM and not button.get("label") and not button.get("emoji"):
        errors.add(path, "BUTTON_COMPONENT_INVALID", "A button must have a label or an emoji")


def _is_well_formed(url: str) -> bool:
    """Discord takes no host without a dot, such as `localhost` or a container's name."""
    if url.startswith("discord://"):
        return True
    try:
        return "." in (urlsplit(url).hostname or "").strip(".") and not any(map(str.isspace, url))
    except ValueError:
        return False


def check_select(path: str, select: dict[str, Any], errors: FormErrors) -> None:
    """Add every error in a select of a message or a modal to `errors`."""
    if not select.get("custom_id"):
        errors.add(f"{path}.custom_id", "BASE_TYPE_REQUIRED", "This field is required")
    least, most = least_and_most(select)
    for key, value, lowest in (("min_values", least, 0), ("max_values", most, 1)):
        if not lowest <= value <= MAX_CHOICES:
            errors.add(f"{path}.{key}", "NUMBER_TYPE_MAX", f"int value should be between {lowest} and {MAX_CHOICES}.")
    if least > most:
        errors.add(f"{path}.min_values", "NUMBER_TYPE_MAX", "Must be at most max_values.")
    if select.get("type") == ComponentType.STRING_SELECT:
        _check_options(path, select.get("options") or [], (least, most), errors)
    elif select.get("default_values"):
        _check_default_values(path, select, (least, most), errors)


def _check_options(path: str, options: list[dict[str, Any]], bounds: tuple[int, int], errors: FormErrors) -> None:
    # Discord requires at least as many options as may be chosen (Rapptz/discord.py#6984).
    least = max(1, *bounds)
    if not least <= len(options) <= MAX_CHOICES:
        errors.add(f"{path}.options", "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {MAX_CHOICES} in length.")
    for index, option in enumerate(options):
        for key in ("label", "value"):
            if not 1 <= len(option.get(key) or "") <= 100:
                message = "Must be between 1 and 100 in length."
                errors.add(f"{path}.options.{index}.{key}", "BASE_TYPE_BAD_LENGTH", message)
        errors.too_long(f"{path}.options.{index}.description", option.get("description"), 100)
    values = [option.get("value") for option in options]
    if len(set(values)) != len(values):
        message = "The specified option value is already used"
        errors.add(f"{path}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
    if sum(bool(option.get("default")) for option in options) > bounds[1]:
        errors.add(f"{path}.options", "BASE_TYPE_MAX_LENGTH", f"Must be {bounds[1]} or fewer defaults.")


def _check_default_values(path: str, select: dict[str, Any], bounds: tuple[int, int], errors: FormErrors) -> None:
    defaults, allowed = select["default_values"], _DEFAULTS_OF.get(select["type"], ())
    if not bounds[0] <= len(defaults) <= bounds[1]:
        message = f"Must be between {bounds[0]} and {bounds[1]} in length."
        errors.add(f"{path}.default_values", "BASE_TYPE_BAD_LENGTH", message)
    if len({str(default.get("id")) for default in defaults}) != len(defaults):
        message = "The set already contains this value"
        errors.add(f"{path}.default_values", "SET_TYPE_ALREADY_CONTAINS_VALUE", message)
    for index, default in enumerate(defaults):
        here = f"{path}.default_values.{index}"
        if default.get("type") not in allowed:
            errors.add(f"{here}.type", "BASE_TYPE_CHOICES", f"Value must be one of {allowed}.")
        if not str(default.get("id")).isdecimal():
            errors.add(f"{here}.id", "NUMBER_TYPE_COERCE", f'Value "{default.get("id")}" is not snowflake.')
