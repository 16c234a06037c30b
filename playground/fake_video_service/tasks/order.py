"""What a create asks for, in any of the three shapes: read from JSON or from a form, and checked."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from playground.fake_video_service.film import Size
from playground.fake_video_service.request import BadRequestError

MOST_SECONDS, LONGEST_SIDE = 20, 1920  # pixels; what is longer or larger is made as usual

_PLACES = ("input_reference", "image", "images", "image_url", "reference_url", "frame_images", "url", "metadata")


@dataclass(frozen=True, slots=True)
class Order:
    """A create. `picture` is a file's bytes, a link or a data URI, or None; `body` is what may be recorded."""

    model: str
    prompt: str
    seconds: Any
    size: str | None
    picture: bytes | str | None
    body: Mapping[str, Any]
    is_form: bool

    @property
    def length(self) -> float | None:
        """The seconds that are asked for, where they are some that are made here."""
        text = str(self.seconds)
        return float(text) if text.isdecimal() and 0 < int(text) <= MOST_SECONDS else None

    @property
    def sides(self) -> Size | None:
        """The size that is asked for, where it is one that is made here."""
        found = re.fullmatch(r"(\d{2,4})x(\d{2,4})", self.size or "")
        width, height = (int(found[1]), int(found[2])) if found else (0, 0)
        return (width, height) if found and max(width, height) <= LONGEST_SIDE else None


async def read_order(request: web.Request) -> Order:
    """The order in the body of `request`; raises BadRequestError."""
    picture: bytes | str | None
    if request.content_type.startswith("multipart/"):
        fields, picture = await _form(request)
    else:
        try:
            fields = json.loads(await request.read())
        except ValueError as error:
            raise BadRequestError("We could not parse the JSON body of your request.") from error
        if not isinstance(fields, dict):
            raise BadRequestError("We could not parse the JSON body of your request.")
        picture = _picture_in(fields)
    model, prompt = fields.get("model"), fields.get("prompt")
    if not isinstance(prompt, str) or not prompt.strip():
        raise BadRequestError("Missing required parameter: 'prompt'.", "prompt")
    if not isinstance(model, str) or not model:
        raise BadRequestError("you must provide a model parameter", "model")
    size = fields.get("size")
    return Order(
        model,
        prompt,
        fields.get("seconds", fields.get("duration")),
        size if isinstance(size, str) else None,
        picture,
        fields,
        request.content_type.startswith("multipart/"),
    )


async def _form(request: web.Request) -> tuple[dict[str, Any], bytes | None]:
    fields: dict[str, Any] = {}
    picture = None
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            picture = value.file.read()
            digest = hashlib.sha256(picture).hexdigest()
            fields[name] = {"file": value.filename, "type": value.content_type, "bytes": len(picture), "sha256": digest}
        elif name == "input_reference":
            raise BadRequestError("'input_reference': expected a file, but got a string instead.", name)
        else:
            fields[name] = value
    return fields, picture


def _picture_in(value: Any) -> str | None:
    """The first picture in JSON, wherever one of the three shapes has it."""
    if isinstance(value, str):
        return value if value.startswith(("data:image/", "http://", "https://")) else None
    if isinstance(value, list):
        held = value
    elif isinstance(value, dict):
        held = [value[name] for name in (*_PLACES, "img_url") if name in value]
    else:
        return None
    return next(filter(None, map(_picture_in, held)), None)
