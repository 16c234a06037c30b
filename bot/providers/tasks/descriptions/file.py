"""Reading a description from its file: what is wrong is told with file, line, key, and what is allowed there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from functools import reduce
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.errors import SettingsError
from bot.mistakes.lines import Location, line_of
from bot.mistakes.reasons import reason
from bot.providers.tasks.descriptions.description import Description

SERVICES = Path(__file__).parents[1] / "services"
MAX_FILE_BYTES = 64 * 1024
MAX_PROBLEMS = 12

# Whether a video's link opens without the key, and how it is fetched, is asked without its model.
COMMON = (("auth", "key"), ("auth",), ("base",), ("headers",), ("link_with_key",), ("content",))


def shipped_names() -> list[str]:
    """Return the names of the descriptions that come with Kinora."""
    return sorted(file.stem for file in SERVICES.glob("*.toml"))


def description_file(name_or_path: str) -> Path:
    """Return the file of a description: one of one's own by its path, one that comes with Kinora by its name."""
    if name_or_path in shipped_names():
        return SERVICES / f"{name_or_path}.toml"
    return Path(name_or_path)


def load_description(name_or_path: str, model: str = "") -> Description:
    """
    Return the description of that name or in that file, as it is for ``model``. Raises SettingsError.

    All of its ``models`` are checked, whichever is asked for.
    """
    file = description_file(name_or_path)
    try:
        raw = file.read_bytes()
    except OSError as error:
        names = ", ".join(shipped_names())
        problem = f"{name_or_path}: {error.strerror}; it must be the path of a description, or one of {names}"
        raise SettingsError([problem]) from None
    return read_description(raw, str(file), model)


def read_description(raw: bytes, file: str, model: str = "") -> Description:
    """Return the description that ``raw``, the content of ``file``, holds, as it is for ``model``."""
    if len(raw) > MAX_FILE_BYTES:
        raise SettingsError([f"{file}: is larger than {MAX_FILE_BYTES // 1024} kB"])
    try:
        text = raw.decode("utf-8-sig")
        table = tomllib.loads(text)
    except UnicodeDecodeError:
        raise SettingsError([f"{file}: is not saved as UTF-8 text"]) from None
    except (ValueError, RecursionError) as error:  # tomllib names line and column in its words
        raise SettingsError([f"{file}: is no valid TOML: {error}"]) from None
    whole = _checked(table, (), text, file)
    variants = {
        pattern: _checked(_laid_over(table, changes), ("models", pattern), text, file)
        for pattern, changes in whole.models.items()
    }
    for name, variant in variants.items():
        for keys in COMMON:
            if reduce(getattr, keys, variant) != reduce(getattr, keys, whole):
                line = line_of(("models", name, *keys), "", text)
                wrong = f"models.{name}.{'.'.join(keys)} must be the one that all models have"
                raise SettingsError([f"{file}, line {line}: {wrong}"])
    pattern = whole.pattern_of(model)
    return whole if pattern is None else variants[pattern]


def _checked(table: dict[str, Any], within: Location, text: str, file: str) -> Description:
    try:
        return Description.model_validate(table)
    except ValidationError as error:
        problems = error.errors(include_url=False)[:MAX_PROBLEMS]
    except RecursionError:
        raise SettingsError([f"{file}: has tables within tables without end"]) from None
    raise SettingsError([_told(problem, within, text, file) for problem in problems])


def _laid_over(table: Any, changes: Any) -> Any:
    """Return ``table`` with ``changes`` in it; of a list or a value the whole is changed."""
    if not (isinstance(table, dict) and isinstance(changes, dict)):
        return changes
    return {**table, **{name: _laid_over(table.get(name), held) for name, held in changes.items()}}


def _told(problem: Any, within: Location, text: str, file: str) -> str:
    # What pydantic adds to a place is no key of the file: which of several types it tried.
    keys = tuple(part for part in problem["loc"] if isinstance(part, int) or re.fullmatch(r"[\w$-]+", part))
    name = ".".join(map(str, keys)) or "the file"
    place = re.search(r"\{\w*(?::\w*)?\}?", str(problem["msg"]))  # of a body only the table is known
    value = problem.get("input")
    word = place[0] if place else f'"{value}"' if isinstance(value, str) else ""
    there = keys[:-1] if problem["type"] == "missing" else keys
    at = f"{file}, line {line}" if (line := line_of((*within, *there), word, text)) else file
    return f"{at}: {name} {_reason(problem, keys)}"


def _reason(problem: Any, keys: Location) -> str:
    if problem["type"] == "missing":
        return "is missing"
    if problem["type"] == "extra_forbidden":
        known = sorted(_keys_at(keys[:-1]))
        near = get_close_matches(str(keys[-1]), known, 1)
        if len(keys) > 1 and keys[-1] in set(_keys_at(())):
            return f"is unknown: {keys[-1]} belongs above the first [table] of the file"
        return f"is unknown{f'; did you mean {near[0]}?' if near else ''}; allowed: {', '.join(known)}"
    if problem["type"] in ("dict_type", "model_type"):
        known = sorted(_keys_at(keys))
        return f"must be a table; allowed in it: {', '.join(known)}" if known else "must be a table"
    return reason(problem)


def _keys_at(place: Location) -> Iterator[str]:
    """Yield the keys that the table at ``place`` may have."""
    model: Any = Description
    for key in (part for part in place if isinstance(part, str)):
        fields = getattr(model, "model_fields", {})
        field = next((held for name, held in fields.items() if (held.alias or name) == key), None)
        model = field and _model_in(field.annotation)
    if model:
        yield from (field.alias or name for name, field in model.model_fields.items())


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, getattr(annotation, "__args__", ()))), None)
