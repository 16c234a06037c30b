"""The body of one call of a task service as bytes: JSON, or a multipart form (RFC 7578)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

from bot.models import Picture
from bot.providers.request_body import PictureFile, RequestBody
from bot.providers.tasks.call import FormPart, InlinePicture, ServiceCall


def encoded_body(call: ServiceCall) -> tuple[RequestBody, str] | None:
    """Return the body of ``call`` and its media type, None if it has none."""
    if call.form:
        boundary = uuid.uuid4().hex
        return RequestBody(list(_form(call.form, boundary))), f"multipart/form-data; boundary={boundary}"
    return None if call.json is None else (RequestBody(_json(call.json)), "application/json")


def _json(value: object) -> list[bytes | Picture | PictureFile]:
    inside: list[InlinePicture] = []
    here = uuid.uuid4().hex  # where a picture goes; no prompt can hold it, for it is made only now

    def mark(picture: InlinePicture) -> str:
        inside.append(picture)
        return here

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=mark)
    *before, tail = text.split(here)
    parts: list[bytes | Picture | PictureFile] = []
    for said, inline in zip(before, inside, strict=True):
        parts += [(said + inline.prefix).encode("utf-8", "replace"), inline.picture]
    return [*parts, tail.encode("utf-8", "replace")]


def _form(form: tuple[FormPart, ...], boundary: str) -> Iterator[bytes | PictureFile]:
    for part in form:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(part.name)}"'
        if isinstance(part.value, Picture):
            # Without a name of a file many services read it as text.
            head += f'; filename="{part.filename}"\r\nContent-Type: {part.value.media_type}'
            yield f"{head}\r\n\r\n".encode()
            yield PictureFile(part.value)
            yield b"\r\n"
        else:
            yield f"{head}\r\n\r\n{part.value}\r\n".encode("utf-8", "replace")
    yield f"--{boundary}--\r\n".encode()


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
