"""The kinds of values that settings have, and what each must be."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

_SQLITE = "sqlite+aiosqlite:///"


def _web_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", value)
        _ = parts.port  # raises ValueError where the port is no number
    except ValueError:
        raise ValueError("is no valid URL") from None  # Python's own words may quote a password
    if not usable:
        raise ValueError("must be a URL that begins with http:// or https://")
    if parts.username or parts.password:
        raise ValueError("must not hold a user name or password")
    if parts.query or parts.fragment:
        raise ValueError("must not hold a ? or #")
    return value.rstrip("/")


def _socket_url(value: str) -> str:
    if not value.startswith(("ws://", "wss://")):
        raise ValueError("must be a URL that begins with ws:// or wss://")
    return value


def _currency(value: str) -> str:
    if not value:
        return ""
    from babel.core import get_global  # rarely set, and slow to load

    if value.upper() not in get_global("all_currencies"):
        raise ValueError("must be the ISO 4217 code of a currency, such as USD")
    return value.upper()


def check_database_url(value: str) -> str:
    """Return ``value`` if it is the address of a database. Raises ValueError with what it must be."""
    if not value.startswith((_SQLITE, "postgresql+asyncpg://")):
        raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    if value.startswith(_SQLITE) and _sqlite_path(value) in ("", ":memory:"):
        raise ValueError("must name a file")
    return value


def file_of_database(database_url: str) -> Path | None:
    """Return the file of a SQLite database, None where the database is another one."""
    return Path(_sqlite_path(database_url)) if database_url.startswith(_SQLITE) else None


def data_directory(database_url: str) -> Path:
    """Return where files beside the database live: the folder of the SQLite file, else ``data``."""
    file = file_of_database(database_url)
    return file.parent if file else Path("data")


def _sqlite_path(url: str) -> str:
    return url.removeprefix(_SQLITE).partition("?")[0]


def check_secret(value: SecretStr) -> SecretStr:
    """Return ``value`` if it can stand in a header. Raises ValueError with what it must be, never with itself."""
    text = value.get_secret_value()
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("must be one word of plain letters, digits and signs")
    return value


def _words(value: Any) -> Any:
    return tuple(word.strip() for word in value.split(",") if word.strip()) if isinstance(value, str) else value


def _hosts(words: tuple[str, ...]) -> tuple[str, ...]:
    if any(re.search(r"[\s/@?#]", word) for word in words):
        raise ValueError("must be hosts, such as video.lan or 10.0.0.5:8080, without http:// and separated by commas")
    return words


def _numbers(value: Any) -> Any:
    words = _words(value)
    if not all(str(word).isdigit() for word in words):
        raise ValueError("must be numbers, separated by commas")
    return words


Secret = Annotated[SecretStr, AfterValidator(check_secret)]
SecretOrNone = Annotated[SecretStr, AfterValidator(lambda value: check_secret(value) if value else value)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
WebUrlOrNone = Annotated[str, AfterValidator(lambda value: value and _web_url(value))]
SocketUrl = Annotated[str, AfterValidator(_socket_url)]
DatabaseUrl = Annotated[str, AfterValidator(check_database_url)]
Currency = Annotated[str, AfterValidator(_currency)]
Hosts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words), AfterValidator(_hosts)]
Numbers = Annotated[tuple[int, ...], NoDecode, BeforeValidator(_numbers)]
Seconds = Annotated[float, Field(allow_inf_nan=False)]
