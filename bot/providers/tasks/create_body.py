"""The body of the call that creates a task: JSON, or the parts of a form, filled with what was ordered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from bot.models import Picture
from bot.providers.tasks.call import FormPart, InlinePicture, TaskOrder
from bot.providers.tasks.descriptions.description import Ask, Description
from bot.providers.tasks.descriptions.template import filled

_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def create_body(description: Description, order: TaskOrder) -> dict[str, Any] | tuple[FormPart, ...]:
    """Return the parts of a form where pictures travel as files, else JSON."""
    travels = order.travels or description.image.travels
    if "." in (order.image_field or "") and travels == "file":
        travels = "data_url"  # a form has no place within a place
    pictures = _travelling(order.pictures, travels)
    facts = _facts(description.ask, order, [] if order.image_field else pictures)
    body = {**(filled(description.create.body, facts) or {}), **order.extra}
    if order.image_field and pictures:
        body = _placed(body, order.image_field, pictures)
    return tuple(_parts(body)) if travels == "file" else body


def chosen(ask: Ask, order: TaskOrder, name: Literal["seconds", "size", "ratio"]) -> Any:
    """Return what is asked for: as it was ordered, else the first that the service takes, None if it says nothing."""
    return getattr(order, name) or next(iter(getattr(ask, name)), None)


def _facts(ask: Ask, order: TaskOrder, pictures: list[Any]) -> dict[str, Any]:
    size = chosen(ask, order, "size")
    width, _, height = (size or "").partition("x")
    return {
        "seconds": chosen(ask, order, "seconds"),
        "size": size,
        "ratio": chosen(ask, order, "ratio"),
        "model": order.model,
        "prompt": order.prompt,
        "width": _pixels(width),
        "height": _pixels(height),
        "images": pictures or None,
        "image": pictures[0] if pictures else None,
        "image_type": order.pictures[0].media_type if pictures else None,
        "last_image": pictures[1] if len(pictures) > 1 else None,
    }


def _pixels(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _travelling(pictures: tuple[Picture, ...], travels: str) -> list[Any]:
    if travels == "file":
        return list(pictures)
    if travels == "base64":
        return [InlinePicture(picture) for picture in pictures]
    return [
        picture.link
        if travels == "link" and picture.link
        else InlinePicture(picture, f"data:{picture.media_type};base64,")
        for picture in pictures
    ]


def _placed(body: dict[str, Any], at: str, pictures: list[Any]) -> dict[str, Any]:
    """Return ``body`` with the picture at the dotted key ``at``; with all, where its last word is a plural."""
    name, _, rest = at.partition(".")
    if rest:
        inner = body.get(name)
        return {**body, name: _placed(inner if isinstance(inner, dict) else {}, rest, pictures)}
    return {**body, name: pictures if name.endswith(("s", "[]")) else pictures[0]}


def _parts(body: Mapping[str, Any]) -> Iterator[FormPart]:
    """Yield the parts of a form: lists of pictures as several of one name, other lists and objects as JSON."""
    for name, value in body.items():
        for number, one in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(one, Picture):
                yield FormPart(name, one, f"picture{number or ''}.{_EXTENSIONS.get(one.media_type, 'bin')}")
        if isinstance(value, bool | int | float | dict) or (isinstance(value, list) and not _holds_picture(value)):
            yield FormPart(name, json.dumps(value, ensure_ascii=False))
        elif isinstance(value, str):
            yield FormPart(name, value)


def _holds_picture(value: list[Any]) -> bool:
    return any(isinstance(one, Picture) for one in value)
