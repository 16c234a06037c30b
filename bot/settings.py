"""Kinora's settings: every option once, read from the environment or ``.env``, checked all at once."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError
from bot.models import DiscordLimits, VideoModel

MILLIONTHS = 1_000_000
MAX_PRICE = 1_000_000  # of one video, in the operator's currency
_SQLITE = "sqlite+aiosqlite:///"
# Where SQLAlchemy finds a password: up to the first @, whatever signs are in it, or among the options.
_PASSWORD = re.compile(r"^[^:]+://[^:/]*:([^@]*)@|[?&]password=([^&]*)")


def _tidy(value: object) -> object:
    # `docker run --env-file` keeps the quotes that a shell would take away.
    if isinstance(value, str):
        value = value.strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1].strip()
    return value


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


def check_database_url(value: str) -> str:
    """Return ``value`` if it is the address of a database. Raises ValueError with what it must be."""
    if not value.startswith((_SQLITE, "postgresql+asyncpg://")):
        raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    if value.startswith(_SQLITE) and _sqlite_file(value) in ("", ":memory:"):
        raise ValueError("must name a file")
    return value


def data_directory(database_url: str) -> Path:
    """Return where files beside the database live: the folder of the SQLite file, else ``data``."""
    return Path(_sqlite_file(database_url)).parent if database_url.startswith(_SQLITE) else Path("data")


def _sqlite_file(url: str) -> str:
    return url.removeprefix(_SQLITE).partition("?")[0]


def _secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("must be one word of plain letters, digits and signs")
    return value


def _capitals(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _words(value: object) -> object:
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return value


def _hosts(value: object) -> object:
    words = _words(value)
    if isinstance(words, tuple) and any(re.search(r"[\s/@?#]", str(word)) for word in words):
        raise ValueError("must be hosts, such as video.lan or 10.0.0.5:8080, without http:// and separated by commas")
    return words


def _models(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.startswith("{"):
        raise ValueError("must be a list: put [ and ] around it")
    if not value.startswith("["):
        return _checked(tuple(VideoModel(name, name) for name in dict.fromkeys(str(w) for w in _list(value))))
    try:
        rows = json.loads(value, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise ValueError(f"is no valid JSON (character {error.pos})") from None
    return _checked(tuple(_model(row) for row in rows))


def _checked(models: tuple[VideoModel, ...]) -> tuple[VideoModel, ...]:
    if not models:
        raise ValueError("names no model")
    if any(len(model.name) > DiscordLimits.CHOICE for model in models):
        raise ValueError(f"has a name of more than {DiscordLimits.CHOICE} characters")
    if len({model.name for model in models}) != len(models):
        raise ValueError("names a model twice")
    return models


def _list(value: str) -> tuple[str, ...]:
    words = _words(value)
    assert isinstance(words, tuple)  # noqa: S101 - for the type checker: a string always becomes a tuple
    return words


def _model(row: Any) -> VideoModel:
    if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not row["name"].strip():
        raise ValueError('needs a "name" for each model')
    if unknown := set(row) - {"name", "label", "price", "max_images"}:
        raise ValueError(f"has an unknown word: {sorted(unknown)[0]}")
    try:
        price = Decimal(str(row.get("price", 0)))
    except InvalidOperation:
        raise ValueError("needs a number for price") from None
    if not (price.is_finite() and 0 <= price <= MAX_PRICE and price == round(price, 6)):
        raise ValueError(f"needs a price between 0 and {MAX_PRICE} with at most six decimals")
    images = row.get("max_images", 1)
    if type(images) is not int or images < 1:
        raise ValueError("needs a whole number of 1 or more for max_images")
    return VideoModel(
        row["name"].strip(), str(row.get("label") or row["name"]).strip(), int(price * MILLIONTHS), images
    )


def _numbers(value: object) -> object:
    words = _words(value)
    if isinstance(words, tuple) and any(not str(word).isdigit() for word in words):
        raise ValueError("must be numbers, separated by commas")
    return words


Text = Annotated[str, BeforeValidator(_tidy)]
Secret = Annotated[SecretStr, BeforeValidator(_tidy), AfterValidator(_secret)]
WebUrl = Annotated[Text, AfterValidator(_web_url)]


class Settings(BaseSettings):
    """
    All of Kinora's options, frozen. ``load`` builds them; nothing else reads the environment.

    The names in the environment are those of the fields in capital letters. Durations are in seconds.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,  # else a missing key prints its neighbours, the token included
    )

    discord_token: Secret = Field(description="the bot's token")
    video_api_url: WebUrl = Field(description="base URL of the video service")
    video_api_key: Secret = Field(description="key of the video service")
    video_models: Annotated[tuple[VideoModel, ...], NoDecode, BeforeValidator(_models), BeforeValidator(_tidy)] = Field(
        (VideoModel("sora_video2", "sora_video2"),), min_length=1
    )
    video_image_mode: Annotated[Literal["data", "url"], BeforeValidator(_tidy)] = "data"
    video_stream: Annotated[bool, BeforeValidator(_tidy)] = True
    video_stall_timeout: Annotated[float, BeforeValidator(_tidy)] = Field(180, gt=0, allow_inf_nan=False)
    video_timeout: Annotated[float, BeforeValidator(_tidy)] = Field(1800, gt=0, allow_inf_nan=False)
    database_url: Annotated[Text, AfterValidator(check_database_url)] = Field(
        "sqlite+aiosqlite:///data/kinora.db",
        repr=False,  # it may hold a password
    )
    video_allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_hosts), BeforeValidator(_tidy)] = ()
    progress_interval: Annotated[float, BeforeValidator(_tidy)] = Field(2.5, ge=0.05, allow_inf_nan=False)
    max_jobs: Annotated[int, BeforeValidator(_tidy)] = Field(50, ge=1)
    shutdown_grace: Annotated[float, BeforeValidator(_tidy)] = Field(8, ge=0, allow_inf_nan=False)
    discord_api_url: WebUrl | None = None
    discord_gateway_url: Annotated[Text, AfterValidator(_socket_url)] | None = None
    shard_count: Annotated[int, BeforeValidator(_tidy), Field(ge=1)] | None = None
    shard_ids: Annotated[tuple[int, ...], NoDecode, BeforeValidator(_numbers), BeforeValidator(_tidy)] = ()
    health_port: Annotated[int, BeforeValidator(_tidy), Field(ge=1, le=65535)] | None = None
    health_host: Text = "127.0.0.1"
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_capitals), BeforeValidator(_tidy)
    ] = "INFO"
    log_format: Annotated[Literal["text", "json"], BeforeValidator(_tidy)] = "text"

    @model_validator(mode="after")
    def _shards_fit(self) -> Self:
        if self.shard_ids and (self.shard_count is None or max(self.shard_ids) >= self.shard_count):
            raise ValueError("SHARD_IDS needs SHARD_COUNT, and each id must be below it.")
        return self

    @classmethod
    def load(cls, env_file: Path | None = Path(".env")) -> Self:
        """Return the settings of the environment, with ``env_file`` beneath it. Raises SettingsError."""
        try:
            return cls(_env_file=env_file, _env_file_encoding="utf-8-sig")  # type: ignore[call-arg]
        except (UnicodeDecodeError, OSError) as error:
            why = (
                "is not saved as UTF-8 text" if isinstance(error, UnicodeError) else f"cannot be read: {error.strerror}"
            )
            raise SettingsError([f"{env_file} {why}."]) from None
        except ValidationError as error:
            raise SettingsError([_sentence(cls, problem) for problem in error.errors()]) from None

    @property
    def chat_endpoint(self) -> str:
        """The full URL of the service's ``/v1/chat/completions``, however much of it the operator wrote."""
        base = self.video_api_url
        if base.endswith("/chat/completions"):
            return base
        last = base.rsplit("/", 1)[-1]
        versioned = last[:1] == "v" and last[1:].isdigit()
        return f"{base}/chat/completions" if versioned else f"{base}/v1/chat/completions"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be written anywhere."""
        key = self.video_api_key.get_secret_value()
        keys = (self.discord_token.get_secret_value(), key, key.removeprefix("sk-"))  # relays name it without
        urls = (self.database_url, self.discord_gateway_url or "")
        passwords = [word for url in urls for found in _PASSWORD.findall(url) for word in found if word]
        return tuple(dict.fromkeys((*keys, *(form for raw in passwords for form in (raw, unquote(raw))))))

    @property
    def data_directory(self) -> Path:
        """Where files beside the database live: the folder of the SQLite file, else ``data``."""
        return data_directory(self.database_url)

    def model(self, name: str | None) -> VideoModel | None:
        """Return the offered model of that name, the first one for None, or None if it is not offered."""
        if name is None:
            return self.video_models[0]
        return next((model for model in self.video_models if model.name == name), None)


def _sentence(settings: type[Settings], problem: Any) -> str:
    if not problem["loc"]:
        return str(problem["ctx"]["error"])
    field = str(problem["loc"][0])
    name = field.upper()
    if problem["type"] == "missing":
        return f"{name} is missing: {settings.model_fields[field].description}."
    reason = problem["ctx"]["error"] if problem["type"] == "value_error" else problem["msg"]
    return f"{name} {str(reason)[0].lower()}{str(reason)[1:]}."
