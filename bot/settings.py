"""Kinora's settings: every option once, read from the environment or ``.env``, checked all at once."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError
from bot.models import MILLIONTHS, DiscordLimits, VideoModel

MAX_PRICE = 1_000_000  # of one video, in the operator's currency
_SQLITE = "sqlite+aiosqlite:///"
# Where SQLAlchemy finds a password: up to the first @, whatever signs are in it, or among the options.
_PASSWORD = re.compile(r"^[^:]+://[^:/]*:([^@]*)@|[?&]password=([^&]*)")


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


def _models(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.startswith("{"):
        raise ValueError("must be a list: put [ and ] around it")
    if not value.startswith("["):
        return tuple(VideoModel(name, name) for name in dict.fromkeys(_words(value)))
    try:
        return tuple(map(_model, json.loads(value, parse_float=Decimal)))
    except json.JSONDecodeError as error:
        raise ValueError(f"is no valid JSON (character {error.pos})") from None


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
    label = str(row.get("label") or row["name"]).strip()
    return VideoModel(row["name"].strip(), label, int(price * MILLIONTHS), images)


def _can_be_offered(models: tuple[VideoModel, ...]) -> tuple[VideoModel, ...]:
    if not models:
        raise ValueError("names no model")
    if any(len(model.name) > DiscordLimits.CHOICE for model in models):
        raise ValueError(f"has a name of more than {DiscordLimits.CHOICE} characters")
    if len({model.name for model in models}) != len(models):
        raise ValueError("names a model twice")
    return models


Secret = Annotated[SecretStr, AfterValidator(_secret)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
SocketUrl = Annotated[str, AfterValidator(_socket_url)]
DatabaseUrl = Annotated[str, AfterValidator(check_database_url)]
Hosts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words), AfterValidator(_hosts)]
Numbers = Annotated[tuple[int, ...], NoDecode, BeforeValidator(_numbers)]
VideoModels = Annotated[tuple[VideoModel, ...], NoDecode, BeforeValidator(_models), AfterValidator(_can_be_offered)]
Seconds = Annotated[float, Field(allow_inf_nan=False)]


class Settings(BaseSettings):
    """
    All of Kinora's options, frozen. ``load`` builds them; nothing else reads the environment.

    The names in the environment are those of the fields in capital letters.
    """

    # Input is hidden in errors: a missing key would print its neighbours, the token included.
    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    discord_token: Secret = Field(description="the bot's token")
    video_api: str = "chat"
    video_api_url: WebUrl = Field(description="base URL of the video service")
    video_api_key: Secret = Field(description="key of the video service")
    video_models: VideoModels = (VideoModel("sora_video2", "sora_video2"),)
    video_image_mode: Literal["data", "url"] = "data"
    video_stream: bool = True
    video_stall_timeout: Seconds = Field(180, gt=0)
    video_timeout: Seconds = Field(1800, gt=0)
    database_url: DatabaseUrl = Field("sqlite+aiosqlite:///data/kinora.db", repr=False)  # it may hold a password
    video_allowed_hosts: Hosts = ()
    progress_interval: Seconds = Field(2.5, ge=0.05)
    max_jobs: int = Field(50, ge=1)
    pictures_max_mb: int = Field(2000, ge=200)  # the least is what one member may have under way, and some
    shutdown_grace: Seconds = Field(8, ge=0)
    discord_api_url: WebUrl | None = None
    discord_gateway_url: SocketUrl | None = Field(None, repr=False)  # as that of the database
    shard_count: int | None = Field(None, ge=1)
    shard_ids: Numbers = ()
    health_port: int | None = Field(None, ge=1, le=65535)
    health_host: str = "127.0.0.1"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @field_validator("*", mode="before")
    @classmethod
    def _tidy(cls, value: Any) -> Any:
        # `docker run --env-file` keeps the quotes that a shell would take away.
        if isinstance(value, str):
            value = value.strip()
            if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1].strip()
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _capitals(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

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
        except UnicodeDecodeError:
            raise SettingsError([f"{env_file} is not saved as UTF-8 text."]) from None
        except OSError as error:
            raise SettingsError([f"{env_file} cannot be read: {error.strerror}."]) from None
        except ValidationError as error:
            raise SettingsError([_sentence(cls, problem) for problem in error.errors()]) from None

    @property
    def chat_endpoint(self) -> str:
        """The full URL of the service's ``/v1/chat/completions``, however much of it the operator wrote."""
        base = self.video_api_url
        if base.endswith("/chat/completions"):
            return base
        return f"{base}/chat/completions" if re.search(r"/v\d+$", base) else f"{base}/v1/chat/completions"

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

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, None where the database is another one."""
        return Path(_sqlite_file(self.database_url)) if self.database_url.startswith(_SQLITE) else None

    def model(self, name: str | None) -> VideoModel | None:
        """Return the offered model of that name, the first one for None, or None if it is not offered."""
        if name is None:
            return self.video_models[0]
        return next((model for model in self.video_models if model.name == name), None)


def _sentence(settings: type[Settings], problem: Any) -> str:
    if not problem["loc"]:
        return str(problem["ctx"]["error"])
    field = str(problem["loc"][0])
    if problem["type"] == "missing":
        return f"{field.upper()} is missing: {settings.model_fields[field].description}."
    reason = str(problem["ctx"]["error"] if problem["type"] == "value_error" else problem["msg"])
    return f"{field.upper()} {reason[0].lower()}{reason[1:]}."
