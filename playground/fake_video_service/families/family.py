"""Base class for families of video services: the pieces of an answer, and how they are encoded as bytes."""

from __future__ import annotations

import json
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from playground.fake_video_service.error_replies import ErrorReply

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chat.completion.chunk: the delta, and at the end the finish reason."""

    delta: Json
    finish: str | None = None
    usage: Json | None = None


@dataclass(frozen=True, slots=True)
class ErrorEvent:
    """An error inside a stream that began with 200; `named` puts `event: error` before it."""

    error: Json
    named: bool = False


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes sent as they are: a keep-alive, half a line, a line that never ends."""

    data: bytes


Piece = Chunk | ErrorEvent | Raw
PING = Raw(b": PING\n\n")
DONE = Raw(b"data: [DONE]\n\n")


class Family(ABC):
    """One answer in the format of one family; a new instance for each request, since it holds ids and running texts."""

    # The response to a client that does not ask for a stream, where the family serves streams only.
    without_stream: ErrorReply | None = None

    def __init__(self, model: str) -> None:
        self.model = model
        self.id = f"chatcmpl-{secrets.token_hex(14)}"
        self.created = int(time.time())

    @abstractmethod
    def open(self, prompt: str) -> Iterable[Piece]:
        """Everything before the first percentage."""

    @abstractmethod
    def report(self, percent: float) -> Iterable[Piece]:
        """One percentage, 0 to 100."""

    @abstractmethod
    def succeed(self, url: str) -> Iterable[Piece]:
        """The finished video's link, and the end, without [DONE]."""

    @abstractmethod
    def refuse(self, outcome: str) -> Iterable[Piece]:
        """A refusal a client must read as `outcome` (a moderation_… word), or a bare failure for provider_error."""

    def retry(self) -> Iterable[Piece]:
        """A failed attempt that is not the end; most families do not report it."""
        return ()

    def encode(self, piece: Piece) -> bytes:
        """The piece as one server-sent event."""
        if isinstance(piece, Raw):
            return piece.data
        if isinstance(piece, ErrorEvent):
            name = "event: error\n" if piece.named else ""
            return f"{name}data: {self.dump({'error': piece.error})}\n\n".encode()
        return f"data: {self.dump(self.frame(piece))}\n\n".encode()

    def frame(self, chunk: Chunk) -> dict[str, Any]:
        frame: dict[str, Any] = {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": [{"index": 0, "delta": chunk.delta, "finish_reason": chunk.finish}],
        }
        return frame if chunk.usage is None else {**frame, "usage": chunk.usage}

    def dump(self, value: Any) -> str:
        """JSON as Go servers write it: compact, UTF-8, and `<`, `>`, `&` escaped."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

    def complete(self, pieces: Iterable[Piece]) -> dict[str, Any]:
        """The same answer as one JSON body, for a client that did not ask for a stream."""
        chunks = [piece for piece in pieces if isinstance(piece, Chunk)]
        content = "".join(chunk.delta.get("content") or "" for chunk in chunks)
        usage = next((chunk.usage for chunk in reversed(chunks) if chunk.usage), usage_of(content))
        return {
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": self.model,
            "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}],
            "usage": usage,
        }


def content_chunk(content: str) -> Chunk:
    return Chunk({"content": content})


def echo(**fields: str) -> str:
    """The request as services repeat it: a fenced JSON block that holds the member's prompt unchanged."""
    return f"```json\n{json.dumps(fields, ensure_ascii=False, indent=4)}\n```\n\n"


def usage_of(content: str) -> dict[str, int]:
    """Token counts as vague as the services' own: four characters to one."""
    return {"prompt_tokens": 14, "completion_tokens": len(content) // 4, "total_tokens": 14 + len(content) // 4}
