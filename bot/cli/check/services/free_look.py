"""Asks a video service what is free to ask: GET alone, the key to its own address alone, and never for a video."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.cli.check.http_probe import Answer, ask
from bot.providers.tasks.answers.answer import HttpAnswer, Reading
from bot.providers.tasks.answers.reader import AnswerReader, Circumstances
from bot.providers.tasks.descriptions.description import Description, ErrorRule
from bot.providers.tasks.descriptions.file import load_description
from bot.providers.tasks.request import ServiceCalls, base_address
from bot.settings import CHAT, Service

ADDRESS = "VIDEO_API_URL"
CHAT_PATH = "/chat/completions"
LISTS = ("/models", "/videos/models", "/videos?limit=1")
KEY_REFUSED = (401, 402, 403)


@dataclass(frozen=True, slots=True)
class VideoService:
    """
    A service as it is asked. ``api`` is what ``VIDEO_API`` says, ``base`` the address before ``/models``; ``models``
    are those that it is to have. ``named_by`` and ``key_name`` say where the operator finds address and key.
    """

    api: str
    base: str
    headers: Mapping[str, str]
    without_key: Mapping[str, str]  # the headers that are left
    models: tuple[str, ...]
    named_by: str = ADDRESS
    key_name: str = "VIDEO_API_KEY"
    errors: tuple[ErrorRule, ...] = ()
    probe: str | None = None  # the address that is asked in place of ``LISTS``, "" where nothing is free
    read: Callable[[HttpAnswer], Reading] | None = None

    @property
    def has_key(self) -> bool:
        """Whether there is a key to show."""
        return self.headers != self.without_key


def service_of(service: Service) -> VideoService:
    """Return ``service`` as it is asked. Raises SettingsError where its description is gone."""
    models, key = tuple(model.name for model in service.models), service.key.get_secret_value()
    if service.api == CHAT:
        base = service.chat_endpoint.removesuffix(CHAT_PATH)
        return VideoService(CHAT, base, {"Authorization": f"Bearer {key}"}, {}, models, key_name=service.key_env)
    asked = task_service(service.api, load_description(service.api), service.url, key, models)
    return replace(asked, key_name=service.key_env)


def task_service(api: str, description: Description, url: str, key: str, models: tuple[str, ...]) -> VideoService:
    """Return the service that ``description`` tells of, at ``url`` if that is given. Raises SettingsError."""
    base = base_address(description, url)
    calls, without_key = (ServiceCalls(description, base, secret) for secret in (key, ""))
    shown, hidden = calls.headers(base), without_key.headers(base)
    named_by = ADDRESS if url else "the base of its description"
    asked = VideoService(api, base, shown, hidden, models, named_by, description.auth.key, description.errors)
    reader = AnswerReader(description, calls, Circumstances(secrets=(key,) if key else ()))
    return replace(asked, probe=calls.probe(), read=partial(reader.read, "create"))


@dataclass(frozen=True, slots=True)
class FreeLook:
    """
    What a service answered to ``LISTS``; a sentence says why it did not. ``chat`` is a GET of its chat endpoint, asked
    only where chat completions is chosen. ``is_open``: the lists are shown without the key too and prove nothing of it.
    """

    models: Answer | str
    video_models: Answer | str
    tasks: Answer | str
    chat: Answer | str = ""
    is_open: bool = False

    @property
    def tells(self) -> bool:
        """Whether a list was shown that says something: one of models does not when it is empty."""
        return bool(self.names) or is_list(self.tasks)

    @property
    def refusal(self) -> Answer | None:
        """The answer that refuses the key. Where a list may well not be, 403 can be said of the address alone."""
        known = ((self.models, KEY_REFUSED), (self.video_models, (401,)), (self.tasks, (401,)))
        return next((each for each, refused in known if isinstance(each, Answer) and each.status in refused), None)

    @property
    def names(self) -> list[str]:
        """The models that the service lists, those that make videos first."""
        return list(dict.fromkeys((*models_in(self.video_models), *models_in(self.models))))

    @property
    def endpoint_types(self) -> dict[str, tuple[str, ...]]:
        """By the name of a model, the ways to call it: new-api lists them."""
        types = {name: row.get("supported_endpoint_types") for name, row in models_in(self.models).items()}
        return {
            name: tuple(word for word in words if isinstance(word, str))
            for name, words in types.items()
            if isinstance(words, list)
        }


async def look(service: VideoService) -> FreeLook:
    """Ask all that is free, at once; then whether the key mattered."""
    paths = LISTS if service.api != CHAT else (*LISTS, CHAT_PATH)
    answers = await asyncio.gather(*(ask(service.base + path, service.headers) for path in paths))
    found = FreeLook(answers[0], answers[1], answers[2], answers[3] if len(answers) > len(LISTS) else "")
    shown = [path for path, answer in zip(LISTS, answers, strict=False) if is_list(answer)]
    if not service.has_key or not shown:
        return found
    again = await asyncio.gather(*(ask(service.base + path, service.without_key) for path in shown))
    return replace(found, is_open=all(map(is_list, again)))


def is_list(answer: Answer | str) -> bool:
    """Whether a list was shown; it may be empty."""
    return _rows(answer) is not None


def models_in(answer: Answer | str) -> dict[str, dict[str, Any]]:
    """Return what a list tells of each model by its name, nothing if none was shown."""
    rows = [row for row in _rows(answer) or () if isinstance(row, dict)]
    return {row["id"]: row for row in rows if isinstance(row.get("id"), str)}


def _rows(answer: Answer | str) -> list[Any] | None:
    content = answer.content if isinstance(answer, Answer) and answer.status == 200 else None
    rows = content.get("data") if isinstance(content, dict) else None
    return rows if isinstance(rows, list) else None
