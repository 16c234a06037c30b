"""Reads a reply that is there as a whole: a file, a sample, the body of an HTTP error."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from bot.providers.base import Result
from bot.providers.chat.reply import ReplyParser
from bot.providers.chat.stream import ChatStream
from bot.providers.places.complaints import error_message

MAX_PLAIN = 2000  # characters of an error that is no JSON


class ErrorBody(NamedTuple):
    """What the body of an HTTP error says, and the values in it that said nothing known."""

    message: str
    odd: tuple[Any, ...] = ()


def read_error(body: bytes) -> ErrorBody:
    """Return what the body of an HTTP error says; the page of a proxy speaks of that proxy, and says nothing."""
    text = body.decode("utf-8-sig", "replace")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        pass
    else:
        message = error_message(value)
        return ErrorBody(message, () if message else (value,))
    if text.lstrip().startswith("<"):
        return ErrorBody("")
    if "data:" in text or text.lstrip().startswith("{"):
        stream = ChatStream()
        said = stream.feed(body).errors + stream.flush().errors
        if said:
            return ErrorBody(" | ".join(said))
    return ErrorBody(text[:MAX_PLAIN])


def read_whole(
    body: bytes,
    *,
    status: int = 200,
    prompt: str = "",
    base: str = "https://service.example",
    secrets: Iterable[str] = (),
    step: int | None = None,
) -> tuple[Result, ReplyParser]:
    """Return how ``body`` ends, read ``step`` bytes at a time, and its reader."""
    reader = ReplyParser(prompt=prompt, base=base, secrets=secrets)
    if not 200 <= status < 300:
        told = read_error(body)
        return reader.error(told.message, status, odd=told.odd), reader
    stream = ChatStream()
    size = step or max(1, len(body))
    for place in range(0, len(body), size):
        reader.feed(stream.feed(body[place : place + size]))
    reader.feed(stream.flush())
    return reader.result(), reader


def body_of(sample: dict[str, Any]) -> bytes:
    """Return the body of one line of ``provider_samples.jsonl``: a text, or lines without their ends."""
    raw = sample["raw"]
    return (raw if isinstance(raw, str) else (sample.get("eol") or "\n").join(raw)).encode()
