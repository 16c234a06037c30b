"""The body of the call that creates a task: JSON, or the parts of a form, filled with what was ordered."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from bot.models import Picture, PictureRole, holds_several
from bot.providers.tasks.call import FormPart, InlinePicture, TaskOrder
from bot.providers.tasks.descriptions.description import Ask, Description
from bot.providers.tasks.descriptions.steps import UploadStep
from bot.providers.tasks.descriptions.template import filled, filled_where_whole

_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
SHAPES = ("16:9", "9:16", "1:1", "4:3", "3:4", "21:9")  # where a description names none
MAX_SEED = 2**31 - 1  # DashScope takes no larger one


def create_body(description: Description, order: TaskOrder) -> dict[str, Any] | tuple[FormPart, ...]:
    """Return the parts of a form where pictures travel as files, else JSON."""
    travels = order.travels or description.image.travels
    if "." in (order.image_field or "") and travels == "file":
        travels = "data_url"  # a form has no place within a place
    pictures = list(order.uploaded) if travels == "upload" else _travelling(order.pictures, travels)
    facts = _facts(description.ask, order) | _pictures_by_role(order, pictures)
    extra = filled_where_whole(order.extra, facts) if description.create.fill_extra else order.extra
    body = {**(filled(description.create.body, facts) or {}), **extra}
    if order.image_field and pictures:
        body = _placed(body, order.image_field, pictures)
    return tuple(_parts(body)) if travels == "file" else body


def upload_form(step: UploadStep, picture: Picture) -> tuple[FormPart, ...]:
    """Return the parts of the form that hands ``picture`` over."""
    ending = _EXTENSIONS.get(picture.media_type, "bin")
    facts = {"image": picture, "image_type": picture.media_type, "image_ending": ending, "uuid": str(uuid.uuid4())}
    return tuple(_parts(filled(step.body, facts)))


def chosen(ask: Ask, order: TaskOrder, name: Literal["seconds", "size"]) -> Any:
    """Return what is asked for: as it was ordered, else the first that the service takes, None if it says nothing."""
    return getattr(order, name) or next(iter(getattr(ask, name)), None)


def _pictures_by_role(order: TaskOrder, pictures: list[Any]) -> dict[str, Any]:
    """Return what stands at the places of pictures, but for what goes to the operator's ``image_field``."""
    elsewhere = len(pictures) if order.image_field else 0
    if order.image_field and order.pictures_as and not holds_several(order.image_field):
        elsewhere = 1
    roles = order.pictures_as or (PictureRole.FIRST, PictureRole.LAST)
    types = [picture.media_type for picture in order.pictures]
    held: dict[PictureRole, list[tuple[Any, str]]] = {role: [] for role in PictureRole}
    for role, picture, media_type in list(zip(roles, pictures, types, strict=False))[elsewhere:]:
        held[role].append((picture, media_type))
    nothing = (None, None)
    image, image_type = next(iter(held[PictureRole.FIRST]), nothing)
    last_image, last_image_type = next(iter(held[PictureRole.LAST]), nothing)
    references = held[PictureRole.REFERENCE]
    return {
        "image": image,
        "image_type": image_type,
        "images": None if elsewhere else pictures or None,
        "image_types": types,
        "last_image": last_image,
        "last_image_type": last_image_type,
        "references": [picture for picture, _type in references] or None,
        "reference_types": [media_type for _picture, media_type in references],
    }


def _facts(ask: Ask, order: TaskOrder) -> dict[str, Any]:
    size = chosen(ask, order, "size")
    width, height = map(_pixels, (size or "").partition("x")[::2])
    sides = (width, height) if width and height else None
    named = f"{min(sides)}p" if sides else None
    shape = next((one for one in ask.ratio or SHAPES if sides and _has_shape(one, *sides)), None)
    return {
        "seconds": _nearest(ask.seconds, chosen(ask, order, "seconds")),
        "size": size,
        "resolution": next(iter(ask.resolution), named) if named not in ask.resolution else named,
        "ratio": order.ratio or shape or next(iter(ask.ratio), None),
        "seed": random.randint(0, MAX_SEED),
        "uuid": str(uuid.uuid4()),
        "model": order.model,
        "prompt": order.prompt,
        "width": width,
        "height": height,
    }


def _nearest(offered: Sequence[int], wanted: int | None) -> int | None:
    """Return the one of ``offered`` that is the nearest to ``wanted``, the shorter of two; that itself without any."""
    return min(offered, key=lambda one: (abs(one - wanted), one), default=wanted) if wanted else None


def _has_shape(ratio: str, width: int, height: int) -> bool:
    wide, _, high = ratio.partition(":")
    return wide.isdecimal() and high.isdecimal() and int(wide) * height == int(high) * width


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
    return {**body, name: pictures if holds_several(name) else pictures[0]}


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
