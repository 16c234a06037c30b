"""One call of a task service as data, and what it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.models import ImageMode, Picture, PictureRole

Travels = Literal["file", "data_url", "base64", "link", "upload"]
TRAVELS: Mapping[ImageMode, Travels] = {"data": "data_url", "url": "link", "base64": "base64", "file": "file"}


@dataclass(frozen=True, slots=True)
class InlinePicture:
    """A place in JSON where a picture goes as base64, behind ``prefix``; the client reads it while it sends."""

    picture: Picture
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class FormPart:
    """One part of a multipart form: a text, or a picture as a file, which always has a name."""

    name: str
    value: str | Picture
    filename: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """
    One HTTP request. ``json`` may hold ``InlinePicture`` where a text stands; it is None for a form, or no body.

    ``headers`` hold the key where it may go; redirects must not be followed with them.
    """

    method: str
    url: str
    headers: dict[str, str]
    json: Any = None
    form: tuple[FormPart, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskOrder:
    """
    What a task is to make. ``uploaded`` is what stands for each picture that was handed over before. ``travels``,
    ``image_field`` and ``extra`` are the operator's word for this model: how its pictures travel, at which dotted key,
    and what else the body holds. ``pictures_as`` is what each picture is, () where that was not said.
    """

    model: str
    prompt: str
    pictures: tuple[Picture, ...]
    pictures_as: tuple[PictureRole, ...] = ()
    seconds: int | None = None
    size: str | None = None
    ratio: str | None = None
    uploaded: tuple[Any, ...] = ()
    travels: Travels | None = None
    image_field: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
