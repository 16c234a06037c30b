"""The request of the API page, ``POST /v1/chat/completions``, written to the wire piece by piece."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, BinaryIO

from bot.models import Picture, VideoRequest

# A multiple of three, so that each piece is whole base64 by itself. Small, because every request under way holds one.
PIECE_BYTES = 96 * 1024

_HERE = "PICTURE-GOES-HERE"


class ChatRequest:
    """
    The body of one request. The picture is read from its file while it is sent and never held as a whole.
    """

    def __init__(self, request: VideoRequest, *, stream: bool, image_mode: str) -> None:
        link = (request.picture.link if image_mode == "url" else "") or _HERE
        body = json.dumps(self._payload(request, link, stream=stream), ensure_ascii=False, separators=(",", ":"))
        self._picture: Picture | None = None
        self._head, self._tail = body.encode("utf-8", "replace"), b""
        if link == _HERE:
            self._picture = request.picture
            # The prompt stands before the picture and may hold anything: the last marker is ours.
            head, _, tail = body.rpartition(_HERE)
            head += f"data:{request.picture.media_type};base64,"
            self._head, self._tail = head.encode("utf-8", "replace"), tail.encode()

    @staticmethod
    def _payload(request: VideoRequest, link: str, *, stream: bool) -> dict[str, Any]:
        content = [
            {"type": "text", "text": request.prompt},
            {"type": "image_url", "image_url": {"url": link}},
        ]
        return {
            "model": request.model.name,
            "stream": stream,
            "messages": [{"role": "user", "content": content}],
        }

    @property
    def size(self) -> int:
        """Bytes of the whole body; some gateways refuse a body of unknown length."""
        encoded = -(-self._picture.size // 3) * 4 if self._picture else 0
        return len(self._head) + encoded + len(self._tail)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[AsyncIterator[bytes]]:
        """
        Give the pieces of the body. Raises FileNotFoundError if the picture is gone, before anything is sent; the
        file is closed at the end, also when the service did not want all of it.
        """
        if self._picture is None:
            yield self._pieces(None)
            return
        with await asyncio.to_thread(self._picture.path.open, "rb") as file:
            yield self._pieces(file)

    async def _pieces(self, file: BinaryIO | None) -> AsyncIterator[bytes]:
        yield self._head
        while file and (piece := await asyncio.to_thread(file.read, PIECE_BYTES)):
            yield base64.b64encode(piece)
        if self._tail:
            yield self._tail
