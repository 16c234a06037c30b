"""The body of POST /v1/chat/completions, parsed and checked, and the pictures it refers to."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from PIL import Image, UnidentifiedImageError

MAX_PICTURE_BYTES = 32 * 2**20
FETCH_SECONDS = 10.0


class BadRequestError(Exception):
    """The body cannot be served; `param` names the wrong field, as OpenAI's errors do."""

    def __init__(self, message: str, param: str | None = None, status: int = 400) -> None:
        super().__init__(message)
        self.param = param
        self.status = status


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """The prompt, its pictures (data URIs or http URLs; none for a text prompt), and how to answer."""

    model: str
    prompt: str
    picture_urls: tuple[str, ...]
    stream: bool

    @classmethod
    def parse(cls, body: Any) -> VideoRequest:
        """Take the text of the last message and the pictures of all; raise BadRequestError for any other shape.

        The content of a message is a string or a list of parts.
        """
        if not isinstance(body, dict):
            raise BadRequestError("We could not parse the JSON body of your request.")
        model = body.get("model")
        if not isinstance(model, str) or not model:
            raise BadRequestError("you must provide a model parameter", "model")
        messages = body.get("messages")
        if not isinstance(messages, list) or not messages or not all(isinstance(m, dict) for m in messages):
            raise BadRequestError("'messages' must be a non-empty array of objects", "messages")
        conversation = [_parts(message) for message in messages]
        prompt = "\n".join(_text(part) for part in conversation[-1] if part.get("type") == "text")
        images = (part for parts in conversation for part in parts if part.get("type") == "image_url")
        pictures = tuple(_image_url(part) for part in images)
        if not prompt.strip():
            raise BadRequestError("the message holds no text", "messages")
        return cls(model, prompt, pictures, body.get("stream") is True)


def _parts(message: Mapping[str, Any]) -> list[Any]:
    content = message.get("content")
    parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise BadRequestError("'content' must be a string or an array of parts", "messages")
    return parts


def _text(part: Mapping[str, Any]) -> str:
    if not isinstance(part.get("text"), str):
        raise BadRequestError("a text part needs 'text'", "messages")
    return str(part["text"])


def _image_url(part: Mapping[str, Any]) -> str:
    holder = part.get("image_url")
    url = holder.get("url") if isinstance(holder, dict) else None
    if not isinstance(url, str) or not url.startswith(("data:image/", "http://", "https://")):
        raise BadRequestError("'image_url.url' must be a data:image/… URI or an http URL", "messages")
    return url


async def fetch_picture(url: str) -> bytes:
    """The bytes behind an http URL, at most MAX_PICTURE_BYTES; BadRequestError when they cannot be fetched."""
    try:
        timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as response:
            response.raise_for_status()
            data = bytearray()
            async for block in response.content.iter_chunked(2**16):
                data += block
                if len(data) > MAX_PICTURE_BYTES:
                    raise BadRequestError("the picture is too large", "messages", 413)
            return bytes(data)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise BadRequestError(f"Failed to download image: {type(error).__name__}", "messages") from error


def decode_picture(url: str) -> bytes:
    """The bytes inside a data URI; BadRequestError when they are too many or not base64."""
    head, _, text = url.partition(",")
    if not head.endswith(";base64"):
        raise BadRequestError("the data URI must be base64", "messages")
    if len(text) > MAX_PICTURE_BYTES * 4 // 3 + 4:
        raise BadRequestError("the picture is too large", "messages", 413)
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadRequestError("the data URI holds broken base64", "messages") from error


def check_picture(data: bytes) -> None:
    """Decode the whole picture, since its header alone proves little; raise BadRequestError if Pillow cannot."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadRequestError("Invalid image data.", "messages") from error


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels; raises BadRequestError."""
    check_picture(data)
    with Image.open(io.BytesIO(data)) as image:
        return image.size


def without_pictures(value: Any) -> Any:
    """A copy of the JSON in which every data URI is replaced by its type, size in bytes and sha256."""
    if isinstance(value, dict):
        return {key: without_pictures(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_pictures(item) for item in value]
    if not isinstance(value, str) or not value.startswith("data:"):
        return value
    head, _, text = value.partition(",")
    try:
        data = base64.b64decode(text)
    except (binascii.Error, ValueError):
        data = text.encode(errors="replace")
    kind = head.removeprefix("data:").removesuffix(";base64")
    return {"type": kind, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
