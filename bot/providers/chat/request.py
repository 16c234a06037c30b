"""The request of the API page, ``POST /v1/chat/completions``."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

from bot.models import Picture, VideoRequest
from bot.providers.request_body import RequestBody


class ChatRequest(RequestBody):
    """The body of one request; pictures travel inside it, or as links."""

    def __init__(self, request: VideoRequest, *, stream: bool, image_mode: str) -> None:
        here = uuid.uuid4().hex  # where a picture goes; no prompt can hold it, for it is made only now
        links = [(picture.link if image_mode == "url" else "") or here for picture in request.pictures]
        body = json.dumps(_payload(request, links, stream=stream), ensure_ascii=False, separators=(",", ":"))
        inside = [picture for picture, link in zip(request.pictures, links, strict=True) if link == here]
        *before, tail = body.split(here)
        parts: list[bytes | Picture] = []
        for text, picture in zip(before, inside, strict=True):
            parts += [f"{text}data:{picture.media_type};base64,".encode("utf-8", "replace"), picture]
        super().__init__([*parts, tail.encode("utf-8", "replace")])


def _payload(request: VideoRequest, links: Sequence[str], *, stream: bool) -> dict[str, Any]:
    messages: list[dict[str, Any]] = []
    for turn in request.history:
        messages += [_asked(turn.prompt), {"role": "assistant", "content": turn.answer}]
    messages.append(_asked(request.prompt))
    # The pictures were shown with the first words of the conversation, and stay there.
    messages[0]["content"] += [{"type": "image_url", "image_url": {"url": link}} for link in links]
    return {"model": request.model.at_service, "stream": stream, "messages": messages}


def _asked(prompt: str) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "text", "text": prompt}]}
