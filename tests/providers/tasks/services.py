"""Services for the tests of descriptions: how one is written, called, and answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.models import Picture
from bot.providers.tasks.answers.answer import HttpAnswer, Reading
from bot.providers.tasks.answers.reader import AnswerReader, Circumstances, StepName
from bot.providers.tasks.call import TaskOrder
from bot.providers.tasks.descriptions.description import Description
from bot.providers.tasks.descriptions.file import read_description
from bot.providers.tasks.request import ServiceCalls

BASE = "https://api.example/v1"
KEY = "hunter2-the-key"
PICTURE = Picture(Path("a.png"), "image/png", 900, "https://cdn.discordapp.example/a.png")
SECOND = Picture(Path("b.jpg"), "image/jpeg", 800, "https://cdn.discordapp.example/b.jpg")
PLAIN = f"""
schema = 1
kind = "task"
name = "Plain"
base = "{BASE}"
[create]
path = "/tasks"
body = {{ text = "{{prompt}}", image = "{{image}}" }}
[poll]
path = "/tasks/{{id}}"
"""


def described(text: str = PLAIN, model: str = "") -> Description:
    return read_description(text.encode(), "my.toml", model)


def plain_with(*lines: str) -> str:
    """Return the plain description with ``lines`` before its first table."""
    return PLAIN.replace("[create]", "\n".join((*lines, "[create]")))


def calls_of(text: str = PLAIN, base: str = BASE, key: str = KEY) -> ServiceCalls:
    return ServiceCalls(described(text), base, key)


def order(*pictures: Picture, **changes: Any) -> TaskOrder:
    return TaskOrder("the model", 'say "no"\n}', pictures or (PICTURE,), **changes)


def read(
    step: StepName,
    body: Any,
    *,
    status: int = 200,
    text: str = PLAIN,
    headers: dict[str, str] | None = None,
    **about: Any,
) -> Reading:
    """Return what ``body``, JSON or bytes, means at ``step`` to the service that ``text`` describes."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    reader = AnswerReader(described(text), calls_of(text), Circumstances(**about))
    return reader.read(step, HttpAnswer(status, headers or {}, raw))
