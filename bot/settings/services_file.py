"""Several video services in a file of their own: ``SERVICES_FILE``, TOML. Their keys stay in the environment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from pydantic import SecretStr, TypeAdapter, ValidationError

from bot.errors import SettingsError
from bot.mistakes.lines import Location, line_of
from bot.models import VideoModel
from bot.settings.offered_models import ModelError, check_models, model_of, with_workflow
from bot.settings.service import CHAT, Service
from bot.settings.service_needs import (
    API,
    KEY,
    WORKFLOW,
    Lack,
    Names,
    NeedsOf,
    ServiceNeeds,
    is_own_server,
    lacking,
)
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
    """
    The services of a file, and what is wrong with those that are switched off, by their names: a line each. ``listed``
    are all of them in order, those that are off with what can be read of their models.
    """

    services: tuple[Service, ...]
    off: Mapping[str, tuple[str, ...]]
    listed: tuple[Service, ...] = ()


class _Wrong(Exception):
    """Something is wrong at places of the file; what follows each of them makes a sentence."""

    def __init__(self, *told: tuple[Location, str]) -> None:
        super().__init__()
        self.told = told

    @classmethod
    def at(cls, place: Location, reason: str) -> Self:
        """Return that ``reason`` is what is wrong at ``place``."""
        return cls((place, f" {reason}."))


def read_services(file: Path, said: Said, needs: NeedsOf) -> ServicesFile:
    """
    Return the services of ``file``. Raises SettingsError if none can be used.

    One that is wrong is switched off by itself; ``needs`` says what each needs.
    """
    import tomllib  # most have no such file

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
    listed: list[Service] = []
    for number, row in enumerate(rows):
        name = _name(row, number)
        try:
            if any(name == each.name for each in listed):
                raise _Wrong.at(("services", number, "name"), "is that of another service")
            listed.append(Service(name, CHAT, "", SecretStr(""), "", tuple(_readable_models(row))))
            service = _service(row, number, said, needs)
            if "key_env" not in row and (owner := _owner_of_key(service, services)):
                reason = (
                    f"is missing: {service.key_env} is the key of {owner}, and is sent elsewhere only if that is said"
                )
                raise _Wrong.at(("services", number, "key_env"), reason)
            services.append(service)
            listed[-1] = service
        except _Wrong as wrong:
            told = (f"{_place(file, place, text)}{words}" for place, words in wrong.told)
            off[name] = (*off.get(name, ()), *told)
    if not services:
        raise SettingsError([problem for problems in off.values() for problem in problems])
    return ServicesFile(tuple(services), off, tuple(listed))


def _owner_of_key(service: Service, others: Sequence[Service]) -> str | None:
    """Return which of the ``others``, at another host, has the key that is meant to be that of ``service`` as well."""
    alike = (each for each in others if each.key_env == service.key_env and _host(each) != _host(service))
    return next((each.name for each in alike if service.key.get_secret_value()), None)


def _host(service: Service) -> str:
    return urlsplit(service.url).hostname or service.api  # whose description has the address


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
        raise _Wrong.at(at, "must be a table")
    if unknown := sorted(set(row) - set(_KEYS)):
        raise _Wrong.at((*at, unknown[0]), f"is unknown; known: {', '.join(_KEYS)}")
    if not isinstance(row.get("name"), str) or not _NAME.fullmatch(row["name"]):
        raise _Wrong.at((*at, "name"), "must be a word of letters, digits, - and _, at most 32 of them")
    api, url, stream = (row.get(key, default) for key, default in (("api", CHAT), ("url", ""), ("stream", True)))
    for key, value, kind in (("api", api, str), ("url", url, str), ("stream", stream, bool)):
        if not isinstance(value, kind):
            raise _Wrong.at((*at, key), f"must be {'true or false' if kind is bool else 'a text'}")
    models = with_workflow(_models(row.get("models"), at), said(WORKFLOW))
    common = _needs_of(needs, api, None, at)
    key_env = row.get("key_env", common.key)
    if not isinstance(key_env, str) or not _ENV.fullmatch(key_env):
        raise _Wrong.at((*at, "key_env"), "must be the name of a variable, such as RELAY_KEY")
    address = _address(url, at)
    is_own = common.without_key and is_own_server(address or common.address)
    # Unless it is named there, a server of one's own is not told what most likely is the key of another service.
    key = "" if is_own and key_env == KEY and "key_env" not in row else said(key_env)
    each = {model: _needs_of(needs, api, model, at) for model in models}
    completed = tuple(needed.completed(model) for model, needed in each.items())
    service = Service(row["name"], api, address, SecretStr(key), key_env, completed, row.get("image_mode"), stream)
    words = Names("url", "image_mode", "models")
    if lacks := list(lacking(service, common, each, words)):
        raise _Wrong(*(((*at, *lack.key), _after(lack)) for lack in lacks))
    return service


def _after(lack: Lack) -> str:
    """Return what follows the place of ``lack``: the key stands there already."""
    key, sentence = f"{lack.key[0]} ", lack.sentence
    return sentence[len(key) - 1 :] if sentence.startswith(key) else f": {sentence}"


def _needs_of(needs: NeedsOf, api: str, model: VideoModel | None, at: Location) -> ServiceNeeds:
    try:
        return needs(api, model)
    except SettingsError as error:
        told = (each.removeprefix(API) if each.startswith(API) else f": {each}" for each in error.problems)
        raise _Wrong(*(((*at, "api"), problem) for problem in told)) from None


def _address(url: str, at: Location) -> str:
    try:
        return _URL.validate_python(url) if url else ""
    except ValidationError as error:
        raise _Wrong.at((*at, "url"), str(error.errors()[0]["ctx"]["error"])) from None


def _models(rows: Any, at: Location) -> Iterator[VideoModel]:
    if not isinstance(rows, list) or not rows:
        raise _Wrong.at((*at, "models"), "needs one table [[services.models]] or more")
    models = []
    for number, row in enumerate(rows):
        try:
            models.append(model_of(row))
        except ModelError as error:
            raise _Wrong.at((*at, "models", number, error.key), str(error)) from None
        except ValueError as error:
            raise _Wrong.at((*at, "models", number), str(error)) from None
    try:
        yield from check_models(tuple(models))
    except ValueError as error:
        raise _Wrong.at((*at, "models"), str(error)) from None


def _readable_models(row: Any) -> Iterator[VideoModel]:
    """Yield the models of a service that may be wrong, by which members knew them while it was not."""
    models = row.get("models") if isinstance(row, dict) else None
    for model in models if isinstance(models, list) else ():
        with suppress(ValueError):
            yield model_of(model)
