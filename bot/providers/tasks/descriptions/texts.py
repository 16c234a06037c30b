"""The texts that a description may hold, and what each must be: headers, addresses, paths, names of variables."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, PlainValidator

from bot.models import Outcome
from bot.providers.classify import without_secrets
from bot.providers.tasks.descriptions.paths import Path, parse_path
from bot.providers.tasks.descriptions.status_words import listed
from bot.providers.tasks.descriptions.template import check_places

AGAIN = "again"
ADDRESS_PLACES = ("id", "model", "result_id", "uuid")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
# The connection's own, and those that carry other secrets.
_NO_HEADER = re.compile(r"(?i)host|content-length|transfer-encoding|cookie|connection|upgrade|te|trailer|proxy-.*")
SHOWS_KEY = re.compile(r"(?i)authorization|(?:.*[-_])?(?:api-?key|token|secret)")
_KEY_NAME = re.compile(r"(?!DISCORD_)[A-Z][A-Z0-9_]{0,60}_(?:KEY|TOKEN|SECRET)")


def _header_name(name: str) -> str:
    if not _HEADER.fullmatch(name) or _NO_HEADER.fullmatch(name):
        raise ValueError("must be the name of a header, and none of the connection's own such as Host or Cookie")
    return name


def _header_value(value: str) -> str:
    if not value.isascii() or not value.isprintable():
        raise ValueError("must be one line of plain letters, digits and signs")
    if without_secrets(value) != value:
        raise ValueError("may not hold a key: auth.key names the environment variable that does")
    return value


def _headers(headers: dict[str, str]) -> dict[str, str]:
    for value in headers.values():
        check_places(value, ("uuid",))
    return headers


def _key_name(name: str) -> str:
    if not _KEY_NAME.fullmatch(name):
        raise ValueError("must name an environment variable that ends in _KEY, _TOKEN or _SECRET, never the key itself")
    return name


def _base(text: str) -> str:
    try:
        parts = urlsplit(text)
        host = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
        _ = parts.port  # raises ValueError where the port is no number
    except ValueError:
        host, parts = False, urlsplit("")
    path = text.startswith("/") and not text.startswith("//")
    if not (host or path) or re.search(r"[\s?#\\{}]|\.\.|[^!-~]", text) or (host and "@" in parts.netloc):
        raise ValueError("must be an address such as https://api.example/v1, or only its path such as /v1")
    return text.rstrip("/")


def _path(text: str) -> str:
    if not re.fullmatch(r"/(?!/)[^\s?#\\]*", text) or ".." in text or not text.isprintable():
        raise ValueError("must be a path that begins with one /; what follows a ? belongs into query")
    check_places(text, ADDRESS_PLACES)
    return text


def _host(text: str) -> str:
    if not re.fullmatch(r"(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?", text):
        raise ValueError("must be a host such as queue.example.com or *.example.com, in small letters")
    return text


def parse_paths(value: Any) -> tuple[Path, ...]:
    """Return the paths that ``value`` writes: one, or a list. Raises ValueError."""
    texts = listed(value)
    if not all(isinstance(text, str | Path) for text in texts):
        raise ValueError("must be a path in quotes, or a list of such")
    return tuple(text if isinstance(text, Path) else parse_path(text) for text in texts)


def _codes(value: Any) -> Any:
    """Return codes as the texts that they are compared as: many services count them."""
    return tuple(str(one) if isinstance(one, int) else one for one in listed(value))


def _outcome(value: Any) -> Outcome | None:
    allowed = [one.value for one in Outcome if one not in (Outcome.SUCCESS, Outcome.CANCELLED, Outcome.INTERRUPTED)]
    if value != AGAIN and value not in allowed:
        raise ValueError(f"must be one of {', '.join((*allowed, AGAIN))}")
    return None if value == AGAIN else Outcome(value)


HeaderName = Annotated[str, AfterValidator(_header_name)]
HeaderValue = Annotated[str, AfterValidator(_header_value)]
Headers = Annotated[dict[HeaderName, HeaderValue], AfterValidator(_headers)]
KeyName = Annotated[str, AfterValidator(_key_name)]
BaseAddress = Annotated[str, AfterValidator(_base)]
Hosts = Annotated[tuple[Annotated[str, AfterValidator(_host)], ...], BeforeValidator(listed)]
Paths = Annotated[tuple[Path, ...], PlainValidator(parse_paths)]
UrlPath = Annotated[str, AfterValidator(_path)]
Texts = Annotated[tuple[str, ...], BeforeValidator(listed)]
Codes = Annotated[tuple[str, ...], BeforeValidator(_codes)]
Numbers = Annotated[tuple[int, ...], BeforeValidator(listed)]
FailureOutcome = Annotated[Outcome | None, PlainValidator(_outcome)]
