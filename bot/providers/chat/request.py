"""The request of the API page, ``POST /v1/chat/completions``, written to the wire piece by piece."""

from __future__ import annotations

import asyncio
import base64
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, BinaryIO

import aiohttp

from bot.models import VideoRequest

# A multiple of three, so that each piece is whole base64 by itself. Small, because every request under way holds one.
PIECE_BYTES = 96 * 1024


class ChatRequest:
    """
    The body of one request. The pictures are read from their files while it is sent and never held as a whole.
    ``may_send``: see ``Provider``.
    """

    def __init__(
        self, request: VideoRequest, *, stream: bool, image_mode: str, may_send: Callable[[], bool] = lambda: True
    ) -> None:
        self._may_send = may_send
        self._sent_at: float | None = None
        here = uuid.uuid4().hex  # where a picture goes; no prompt can hold it, for it is made only now
        links = [(picture.link if image_mode == "url" else "") or here for picture in request.pictures]
        body = json.dumps(self._payload(request, links, stream=stream), ensure_ascii=False, separators=(",", ":"))
        self._pictures = [picture for picture, link in zip(request.pictures, links, strict=True) if link == here]
        *before, tail = body.split(here)
        heads = (f"{text}data:{p.media_type};base64," for text, p in zip(before, self._pictures, strict=True))
        self._texts = [text.encode("utf-8", "replace") for text in (*heads, tail)]

    @staticmethod
    def _payload(request: VideoRequest, links: Sequence[str], *, stream: bool) -> dict[str, Any]:
        messages: list[dict[str, Any]] = []
        for turn in request.history:
            messages += [_asked(turn.prompt), {"role": "assistant", "content": turn.answer}]
        messages.append(_asked(request.prompt))
        # The pictures were shown with the first words of the conversation, and stay there.
        messages[0]["content"] += [{"type": "image_url", "image_url": {"url": link}} for link in links]
        return {"model": request.model.name, "stream": stream, "messages": messages}

    @property
    def size(self) -> int:
        """Bytes of the whole body; some gateways refuse a body of unknown length."""
        return sum(map(len, self._texts)) + sum(-(-picture.size // 3) * 4 for picture in self._pictures)

    def seconds_since_sent(self) -> float:
        """Return how long ago the last byte was handed over, 0 before that."""
        return 0.0 if self._sent_at is None else time.monotonic() - self._sent_at

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[AsyncIterator[bytes]]:
        """
        Give the pieces of the body. Raises FileNotFoundError if a picture is gone, before anything is sent; each file
        is closed as soon as it was read, and at the end all that the service did not want.
        """
        files: list[BinaryIO] = []
        try:
            for picture in self._pictures:
                opened = await asyncio.to_thread(picture.path.open, "rb")
                files.append(opened)  # one by one: if the next is gone, this one is closed all the same
            yield self._pieces(files)
        finally:
            for file in files:
                file.close()

    async def _pieces(self, files: Sequence[BinaryIO]) -> AsyncIterator[bytes]:
        # Asked for once there is a connection; until then not even the headers leave.
        if not self._may_send():
            raise aiohttp.ClientError("the request may not leave any more")
        *heads, tail = self._texts
        for head, file in zip(heads, files, strict=True):
            yield head
            with file:  # sent whole, it needs no file any more: the answer may take half an hour
                while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
                    yield base64.b64encode(piece)
        if tail:
            yield tail
        self._sent_at = time.monotonic()


def _asked(prompt: str) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "text", "text": prompt}]}
