"""Reads the body of a request: JSON, or multipart with `payload_json` and `files[n]`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from playground.fake_discord.world.errors import ApiError
from playground.fake_discord.world.uploads import Upload

_FILE_FIELD = re.compile(r"files\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Body:
    """`json` is None without a body; `files` by their number."""

    json: Any = None
    files: dict[int, Upload] = field(default_factory=dict)

    @property
    def object(self) -> dict[str, Any]:
        """The JSON as an object; raises 400/50035 if it is something else."""
        if self.json is None:
            return {}
        if not isinstance(self.json, dict):
            raise _not_a("dictionary", "MODEL_TYPE_CONVERT")
        return self.json

    @property
    def array(self) -> list[dict[str, Any]]:
        """The JSON as a list of objects; raises 400/50035 if it is something else."""
        if not isinstance(self.json, list) or not all(isinstance(item, dict) for item in self.json):
            raise _not_a("list", "LIST_TYPE_CONVERT")
        return self.json


async def read_body(request: web.Request) -> Body:
    """Read all of it; raises 400/50109 for broken JSON."""
    if request.content_type.startswith("multipart/"):
        return await _read_multipart(request)
    text = await request.read()
    return Body(_parsed(text)) if text else Body()


async def _read_multipart(request: web.Request) -> Body:
    payload: Any = None
    files: dict[int, Upload] = {}
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader):
            continue
        content = bytes(await part.read())
        number = _FILE_FIELD.fullmatch(part.name or "")
        if part.name == "payload_json":
            payload = _parsed(content)
        elif number is not None:
            # Discord goes by the name alone: libraries send every file as application/octet-stream.
            files[int(number[1])] = Upload(part.filename or "unknown", content)
    return Body(payload, files)


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from error


def _not_a(kind: str, code: str) -> ApiError:
    problem = {"code": code, "message": f"Only {kind} types may be used in this model."}
    return ApiError(400, 50035, "Invalid Form Body", errors={"_errors": [problem]})
