"""Several video services in a file of their own: ``SERVICES_FILE``, TOML. Their keys stay in the environment."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import SecretStr, TypeAdapter, ValidationError

from bot.errors import SettingsError
from bot.mistakes.lines import Location, line_of
from bot.models import VideoModel
from bot.settings.offered_models import ModelError, check_models, model_of, with_workflow
from bot.settings.service import CHAT, Service
from bot.settings.service_needs import WORKFLOW, Names, NeedsOf, lacking
from bot.settings.values import WebUrl

DEFAULT = Path("services.toml")
MAX_BYTES = 256 * 1024
MAX_SERVICES = 20
_KEYS = ("name", "api", "url", "key_env", "image_mode", "stream", "models")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_ENV = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_URL: TypeAdapter[str] = TypeAdapter(WebUrl)

Said = Callable[[str], str]  # gives what the environment says under a name, "" where it says nothing


class ServicesFile(NamedTuple):
    """The services of a file, and what is wrong with those that are switched off, by their names: a line each."""

    services: tuple[Service, ...]
    off: Mapping[str, tuple[str, ...]]


class _Wrong(Exception):
    """Something is wrong at a place of the file."""

    def __init__(self, place: Location, reason: str) -> None:
        super().__init__(reason)
        self.place = place


def read_services(file: Path, said: Said, needs: NeedsOf) -> ServicesFile:
    """
    Return the services of ``file``. Raises SettingsError if none can be used.

    One that is wrong is switched off by itself; ``needs`` says what each needs, and may raise SettingsError.
    """
    text = _text(file)
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # tomllib names line and column in its words
        raise SettingsError([f"{file} is no valid TOML: {error}."]) from None
    rows = table.get("services")
    if set(table) - {"services"} or not isinstance(rows, list) or not 0 < len(rows) <= MAX_SERVICES:
        raise SettingsError([f"{file} must hold one to {MAX_SERVICES} tables [[services]], and nothing beside them."])
    services: list[Service] = []
    off: dict[str, tuple[str, ...]] = {}
    for number, row in enumerate(rows):
        name = _name(row, number)
        try:
            if name in off or any(name == each.name for each in services):
                raise _Wrong(("services", number, "name"), "is that of another service")
            services.append(_service(row, number, said, needs))
        except _Wrong as wrong:
            off[name] = (*off.get(name, ()), f"{_place(file, wrong.place, text)} {wrong}.")
        except SettingsError as error:
            place = _place(file, ("services", number), text)
            off[name] = (*off.get(name, ()), *(f"{place}: {problem}" for problem in error.problems))
    if not services:
        raise SettingsError([problem for problems in off.values() for problem in problems])
    return ServicesFile(tuple(services), off)


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes()
        if len(raw) > MAX_BYTES:
            raise SettingsError([f"{file} is larger than {MAX_BYTES // 1024} kB."])
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise SettingsError([f"SERVICES_FILE: {file} cannot be read: {error.strerror}."]) from None
    except UnicodeDecodeError:
        raise SettingsError([f"{file} is not saved as UTF-8 text."]) from None


def _place(file: Path, place: Location, text: str) -> str:
    line = line_of(place, "", text)
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
    return f"{file}, line {line}: {key}" if line else f"{file}: {key}"


def _name(row: Any, number: int) -> str:
    name = row.get("name") if isinstance(row, dict) else None
    return name if isinstance(name, str) and _NAME.fullmatch(name) else f"service {number + 1}"


def _service(row: Any, number: int, said: Said, needs: NeedsOf) -> Service:
    at: Location = ("services", number)
    if not isinstance(row, dict):
        raise _Wrong(at, "must be a table")
    if unknown := sorted(set(row) - set(_KEYS)):
        raise _Wrong((*at, unknown[0]), f"is unknown; known: {', '.join(_KEYS)}")
    if not isinstance(row.get("name"), str) or not _NAME.fullmatch(row["name"]):
        raise _Wrong((*at, "name"), "must be a word of letters, digits, - and _, at most 32 of them")
    api, url, stream = (row.get(key, default) for key, default in (("api", CHAT), ("url", ""), ("stream", True)))
    for key, value, kind in (("api", api, str), ("url", url, str), ("stream", stream, bool)):
        if not isinstance(value, kind):
            raise _Wrong((*at, key), f"must be {'true or false' if kind is bool else 'a text'}")
    models = with_workflow(_models(row.get("models"), at), said(WORKFLOW))
    common = needs(api, None)
    key_env = row.get("key_env", common.key)
    if not isinstance(key_env, str) or not _ENV.fullmatch(key_env):
        raise _Wrong((*at, "key_env"), "must be the name of a variable, such as RELAY_KEY")
    key = said(key_env)
    each = {model: needs(api, model) for model in models}
    completed = tuple(needed.completed(model) for model, needed in each.items())
    service = Service(
        row["name"], api, _address(url, at), SecretStr(key), key_env, completed, row.get("image_mode"), stream
    )
    words = Names("url", "image_mode", "models")
    if problems := list(lacking(service, common, each, words)):
        raise SettingsError(problems)
    return service


def _address(url: str, at: Location) -> str:
    try:
        return _URL.validate_python(url) if url else ""
    except ValidationError as error:
        raise _Wrong((*at, "url"), str(error.errors()[0]["ctx"]["error"])) from None


def _models(rows: Any, at: Location) -> Iterator[VideoModel]:
    if not isinstance(rows, list) or not rows:
        raise _Wrong((*at, "models"), "needs one table [[services.models]] or more")
    models = []
    for number, row in enumerate(rows):
        try:
            models.append(model_of(row))
        except ModelError as error:
            raise _Wrong((*at, "models", number, error.key), str(error)) from None
        except ValueError as error:
            raise _Wrong((*at, "models", number), str(error)) from None
    try:
        yield from check_models(tuple(models))
    except ValueError as error:
        raise _Wrong((*at, "models"), str(error)) from None
