"""Kinora's settings: every option once, read from the environment or ``.env``, checked all at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self, TypeVar
from urllib.parse import unquote

from pydantic import Field, PrivateAttr, SecretStr, ValidationError, create_model, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError
from bot.mistakes.reasons import reason
from bot.models import ImageMode, VideoModel
from bot.settings import values
from bot.settings.offered_models import VideoModels, with_workflow
from bot.settings.service import CHAT, ONLY, Service, offered
from bot.settings.service_needs import KEY, WORKFLOW, NeedsOf, chat_needs, lacking
from bot.settings.services_file import DEFAULT, Said, ServicesFile, read_services
from bot.settings.values import (
    Currency,
    DatabaseUrl,
    Hosts,
    Numbers,
    Seconds,
    Secret,
    SecretOrNone,
    SocketUrl,
    WebUrl,
    WebUrlOrNone,
)

# What has no effect beside a file of services. VIDEO_API_KEY may be the key of one of them.
_OF_ONE_SERVICE = ("VIDEO_API_URL", "VIDEO_MODELS", "VIDEO_IMAGE_MODE", "VIDEO_STREAM")
# Where SQLAlchemy finds a password: up to the first @, whatever signs are in it, or among the options.
_PASSWORD = re.compile(r"^[^:]+://[^:/]*:([^@]*)@|[?&]password=([^&]*)")


class _FromEnvironment(BaseSettings):
    """What is read from the environment. The names there are those of the fields in capital letters."""

    # Input is hidden in errors: a missing key would print its neighbours, the token included.
    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    @field_validator("*", mode="before")
    @classmethod
    def _tidy(cls, value: Any) -> Any:
        # `docker run --env-file` keeps the quotes that a shell would take away.
        if isinstance(value, str):
            value = value.strip()
            if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1].strip()
        return value


class Settings(_FromEnvironment):
    """All of Kinora's options, frozen. ``load`` builds them; nothing else reads the environment."""

    discord_token: Secret = Field(description="the bot's token")
    video_api: str = CHAT
    video_api_url: WebUrlOrNone = ""
    video_api_key: SecretOrNone = SecretStr("")
    video_models: VideoModels = (VideoModel("sora_video2", "sora_video2"),)
    video_image_mode: ImageMode | None = None
    video_stream: bool = True
    video_fit: bool = True
    video_stall_timeout: Seconds = Field(180, gt=0)
    video_timeout: Seconds = Field(1800, gt=0)
    database_url: DatabaseUrl = Field("sqlite+aiosqlite:///data/kinora.db", repr=False)  # it may hold a password
    video_allowed_hosts: Hosts = ()
    currency: Currency = ""
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
    services_file: Path | None = None
    comfyui_workflow: Path | None = None
    _found: ServicesFile = PrivateAttr(ServicesFile((), {}))
    _passed_over: tuple[str, ...] = PrivateAttr(())

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
    def load(cls, env_file: Path | None = Path(".env"), needs: NeedsOf = chat_needs) -> Self:
        """
        Return the settings of the environment, with ``env_file`` beneath it. Raises SettingsError.

        ``needs`` says what the service that ``VIDEO_API`` names needs of them; it may raise SettingsError too.
        """
        settings, problems = _read(cls, env_file)
        said = partial(environment_text, env_file)
        found = ServicesFile((), {})
        try:
            file = said("SERVICES_FILE") or (str(DEFAULT) if DEFAULT.is_file() else "")
            found = read_services(Path(file), said, needs) if file else _service_of(settings, said, needs)
        except SettingsError as error:
            problems += error.problems
        if settings is None or problems:
            raise SettingsError(problems)
        return settings._with(found, tuple(filter(said, _OF_ONE_SERVICE)) if file else ())

    def _with(self, found: ServicesFile, passed_over: tuple[str, ...]) -> Self:
        self._found = found
        self._passed_over = passed_over
        return self

    @property
    def services(self) -> tuple[Service, ...]:
        """The video services, of which there is one at least."""
        own = (ONLY, self.video_api, self.video_api_url, self.video_api_key, KEY, self.video_models)
        return self._found.services or (Service(*own, self.video_image_mode, self.video_stream),)

    @property
    def services_off(self) -> Mapping[str, tuple[str, ...]]:
        """The services that are switched off, with a line for each thing that is wrong."""
        return self._found.off

    @property
    def passed_over(self) -> tuple[str, ...]:
        """The settings of one service that are set although a file lists the services, and have no effect."""
        return self._passed_over

    @property
    def models(self) -> tuple[VideoModel, ...]:
        """The models that members choose from, of all services."""
        return offered(self._found.listed or self.services, self.services_off)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be written anywhere."""
        held = (self.discord_token, self.video_api_key, *(service.key for service in self.services))
        keys = [secret.get_secret_value() for secret in held]
        keys += [key.removeprefix("sk-") for key in keys[1:]]  # relays name it without
        urls = (self.database_url, self.discord_gateway_url or "")
        passwords = [word for url in urls for found in _PASSWORD.findall(url) for word in found if word]
        passwords += [unquote(raw) for raw in passwords]
        return tuple(dict.fromkeys(filter(None, (*keys, *passwords))))

    @property
    def data_directory(self) -> Path:
        """Where files beside the database live: the folder of the SQLite file, else ``data``."""
        return values.data_directory(self.database_url)

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, None where the database is another one."""
        return values.file_of_database(self.database_url)

    def model(self, name: str | None) -> VideoModel | None:
        """
        Return the offered model of that name, the first one for None, or None if it is not offered.

        The name of any service for it will do, which was that of the model while that service stood first.
        """
        models = self.models
        if name is None:
            return models[0]
        exact = (model for model in models if model.name == name)
        return next(exact, next((model for model in models if name in model.names), None))


def _service_of(settings: Settings | None, said: Said, needs: NeedsOf) -> ServicesFile:
    """Return the one service that the environment describes. Raises SettingsError."""
    api = said("VIDEO_API") or CHAT
    common = needs(api, None)
    models, mode, stream = (
        (settings.video_models, settings.video_image_mode, settings.video_stream) if settings else ((), None, True)
    )
    url, key = said("VIDEO_API_URL").rstrip("/"), SecretStr(said(common.key))
    models = with_workflow(models, said(WORKFLOW))
    each = {model: needs(api, model) for model in models}
    completed = tuple(needed.completed(model) for model, needed in each.items())
    service = Service(ONLY, api, url, key, common.key, completed, mode, stream)
    if problems := [lack.sentence for lack in lacking(service, common, each)]:
        raise SettingsError(problems)
    return ServicesFile((service,), {})


_Read = TypeVar("_Read", bound=_FromEnvironment)


def _read(kind: type[_Read], env_file: Path | None) -> tuple[_Read | None, list[str]]:
    """Return what the environment holds, or None and a sentence for each thing that is wrong with it."""
    try:
        return kind(_env_file=env_file, _env_file_encoding="utf-8-sig"), []  # type: ignore[call-arg]
    except UnicodeDecodeError:
        raise SettingsError([f"{env_file} is not saved as UTF-8 text."]) from None
    except OSError as error:
        raise SettingsError([f"{env_file} cannot be read: {error.strerror}."]) from None
    except ValidationError as error:
        return None, [_sentence(kind, problem) for problem in error.errors()]


def environment_text(env_file: Path | None, name: str) -> str:
    """Return what the environment says under ``name``, "" where it says nothing. Raises SettingsError."""
    field: dict[str, Any] = {name.lower(): (SecretStr, SecretStr(""))}
    read, _ = _read(create_model("Text", __base__=_FromEnvironment, **field), env_file)
    return str(getattr(read, name.lower()).get_secret_value())


def _sentence(settings: type[_FromEnvironment], problem: Any) -> str:
    if not problem["loc"]:
        return str(problem["ctx"]["error"])
    field = str(problem["loc"][0])
    if problem["type"] == "missing":
        return f"{field.upper()} is missing: {settings.model_fields[field].description}."
    return f"{field.upper()} {reason(problem)}."
