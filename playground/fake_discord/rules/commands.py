"""Validation of command definitions, with Discord's form errors (docs: interactions/application-commands)."""

from __future__ import annotations

import re
from typing import Any

from playground.fake_discord.world.errors import FormErrors

_SLASH_NAME = re.compile(r"[-_'\w]{1,32}")
_MOST_OF_KIND = {1: 100, 2: 15, 3: 15}
_MAX_OPTIONS = 25
_MAX_CHARACTERS = 8000
_SUBCOMMAND, _GROUP = 1, 2
_STRING, _INTEGER, _CHANNEL, _NUMBER = 3, 4, 7, 10
_TYPES_OF_CHOICES: dict[int, tuple[type, ...]] = {_STRING: (str,), _INTEGER: (int,), _NUMBER: (int, float)}
_ONLY_FOR = {
    "min_length": {_STRING},
    "max_length": {_STRING},
    "min_value": {_INTEGER, _NUMBER},
    "max_value": {_INTEGER, _NUMBER},
    "channel_types": {_CHANNEL},
}


def check_commands(bodies: list[dict[str, Any]]) -> None:
    """Raise 400/50035 with every error in a bulk overwrite."""
    errors = FormErrors()
    seen: set[tuple[int, str]] = set()
    for index, body in enumerate(bodies):
        kind, name = int(body.get("type") or 1), str(body.get("name") or "")
        if (kind, name) in seen:
            message = "Application command names must be unique"
            errors.add(f"{index}.name", "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        seen.add((kind, name))
        _check_command(str(index), kind, body, errors)
    for kind, most in _MOST_OF_KIND.items():
        if sum(int(body.get("type") or 1) == kind for body in bodies) > most:
            errors.add("", "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
    errors.raise_if_any()


def _check_command(path: str, kind: int, body: dict[str, Any], errors: FormErrors) -> None:
    if kind == 1:
        _check_names(path, body, errors)
        _check_options(path, body.get("options") or [], errors, depth=0)
    else:
        _check_length(f"{path}.name", body.get("name"), 32, errors)
        if body.get("description"):
            errors.add(f"{path}.description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", "Must be empty")
    if _characters(body) > _MAX_CHARACTERS:
        message = f"Command exceeds maximum size ({_MAX_CHARACTERS})"
        errors.add(path, "APPLICATION_COMMAND_TOO_LARGE", message)


def _check_names(path: str, thing: dict[str, Any], errors: FormErrors) -> None:
    name = str(thing.get("name") or "")
    if not _SLASH_NAME.fullmatch(name) or name != name.lower():
        message = "Command name is invalid"
        errors.add(f"{path}.name", "APPLICATION_COMMAND_INVALID_NAME", message)
    _check_length(f"{path}.description", thing.get("description"), 100, errors)


def _check_length(path: str, text: Any, most: int, errors: FormErrors) -> None:
    if not 1 <= len(text or "") <= most:
        errors.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")


def _check_options(path: str, options: list[dict[str, Any]], errors: FormErrors, depth: int) -> None:
    if len(options) > _MAX_OPTIONS:
        errors.add(f"{path}.options", "BASE_TYPE_MAX_LENGTH", f"Must be {_MAX_OPTIONS} or fewer in length.")
    names: set[str] = set()
    optional_before = False
    for index, option in enumerate(options):
        here = f"{path}.options.{index}"
        _check_names(here, option, errors)
        if option.get("name") in names:
            errors.add(f"{here}.name", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option name already in use")
        names.add(str(option.get("name")))
        if option.get("type") in (_SUBCOMMAND, _GROUP):
            if depth > 1 or (option["type"] == _GROUP and depth > 0):
                errors.add(f"{here}.type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Nested too deep")
            _check_options(here, option.get("options") or [], errors, depth + 1)
            continue
        if option.get("required") and optional_before:
            message = "Required options must be placed before non-required options"
            errors.add(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_before = optional_before or not option.get("required")
        _check_choices(here, option, errors)
        _check_bounds(here, option, errors)


def _check_choices(path: str, option: dict[str, Any], errors: FormErrors) -> None:
    choices = option.get("choices") or []
    if len(choices) > _MAX_OPTIONS:
        errors.add(f"{path}.choices", "BASE_TYPE_MAX_LENGTH", f"Must be {_MAX_OPTIONS} or fewer in length.")
    if choices and option.get("autocomplete"):
        message = "Choices and autocomplete exclude each other"
        errors.add(path, "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", message)
    for index, choice in enumerate(choices):
        _check_length(f"{path}.choices.{index}.name", choice.get("name"), 100, errors)
        _check_choice_value(f"{path}.choices.{index}.value", option, choice.get("value"), errors)


def _check_choice_value(path: str, option: dict[str, Any], value: Any, errors: FormErrors) -> None:
    if option.get("type") not in _TYPES_OF_CHOICES:
        errors.add(path, "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "This type of option takes no choices")
    elif isinstance(value, bool) or not isinstance(value, _TYPES_OF_CHOICES[option["type"]]):
        errors.add(path, "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "The value is not of the option's type")


def _check_bounds(path: str, option: dict[str, Any], errors: FormErrors) -> None:
    for key, kinds in _ONLY_FOR.items():
        if option.get(key) is not None and option.get("type") not in kinds:
            message = "This field is not allowed for this type of option"
            errors.add(f"{path}.{key}", "APPLICATION_COMMAND_OPTIONS_FIELD_INVALID", message)
    for low, high in (("min_length", "max_length"), ("min_value", "max_value")):
        if option.get(low) is not None and option.get(high) is not None and option[low] > option[high]:
            errors.add(f"{path}.{low}", "NUMBER_TYPE_MAX", f"Must be at most {high}.")


def _characters(thing: dict[str, Any]) -> int:
    """All names, descriptions and values; Discord counts the longest translation of each."""
    total = sum(_longest(thing, key) for key in ("name", "description"))
    total += sum(_characters(option) for option in thing.get("options") or [])
    for choice in thing.get("choices") or []:
        total += _longest(choice, "name") + (len(choice["value"]) if isinstance(choice.get("value"), str) else 0)
    return total


def _longest(thing: dict[str, Any], key: str) -> int:
    translations = (thing.get(f"{key}_localizations") or {}).values()
    return max(len(thing.get(key) or ""), *map(len, translations), 0)
