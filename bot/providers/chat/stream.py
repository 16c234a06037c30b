"""
Framing: the bytes of a chat completion, streamed or whole, become text and complaints.

Nothing here judges what the text means; that is ``reading.py``. What is understood, with the services that need it,
is listed in the docstring of ``ChatStream``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.providers.base import TokenUsage
from bot.providers.chat.sse import ServerSentEvent, SSEDecoder

_DECODER = json.JSONDecoder()
_FIELDS = frozenset(("media_url", "media_urls", "video_url", "output", "data", "progress"))
# What else a chunk with choices may tell of; most chunks have none of these, and are done with sooner.
_BESIDE_CHOICES = frozenset(("error", "usage", "media_url", "media_urls"))
_MAX_DEPTH = 8  # of errors within errors
_MESSAGE_PLACES = ("message", "msg", "err", "error_msg", "error", "detail", "title")


@dataclass(slots=True)
class StreamDelta:
    """What one piece of the stream added. ``percent`` and ``links`` come from fields of their own, not from text."""

    content: str = ""
    reasoning: str = ""
    last: str = ""
    links: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    percent: float | None = None
    usage: TokenUsage | None = None
    finished: bool = False
    done: bool = False
    broken: int = 0


class ChatStream:
    """
    Reads ``chat.completion.chunk`` events and whole ``chat.completion`` bodies alike.

    Also taken: ``delta`` or ``message`` in either kind, content as a list of parts, ``choices: []``, ``delta: {}``,
    null fields, JSON without ``data:``, ``[DONE]`` with rubbish behind it, errors as objects or strings in any of the
    places of ``error_message``. A chunk that is no JSON counts as ``broken`` and is skipped.
    """

    def __init__(self) -> None:
        self._decoder = SSEDecoder()

    def feed(self, chunk: bytes) -> StreamDelta:
        """Return what ``chunk`` completed. Raises EventTooLarge."""
        events = self._decoder.feed(chunk)
        return _gather(events) if events else StreamDelta()

    def flush(self) -> StreamDelta:
        """Return what the end of the body completed. Raises EventTooLarge."""
        return _gather(self._decoder.flush())


def read_body(body: bytes) -> StreamDelta:
    """Return what one whole JSON body says; a body that is no JSON counts as broken."""
    return _gather([ServerSentEvent(body.decode("utf-8-sig", "replace"))])


def error_message(body: Any) -> str:
    """
    Return the code, type and text of an error body in one line, empty if it holds none.

    The places are those of one-api's generic error reader, and FastAPI's ``detail``.
    """
    return " ".join(filter(None, _words(body, depth=0)))


def _words(body: Any, depth: int) -> Iterator[str]:
    if isinstance(body, str):
        yield body
    elif isinstance(body, list) and depth < _MAX_DEPTH:
        for part in body[:8]:
            yield from _words(part, depth + 1)
    elif isinstance(body, dict) and depth < _MAX_DEPTH:
        yield from (str(body[key]) for key in ("code", "type", "kind") if isinstance(body.get(key), str | int))
        for key in _MESSAGE_PLACES:
            yield from _words(body.get(key), depth + 1)
        if isinstance(header := body.get("header"), dict):
            yield from _words(header.get("message"), depth + 1)
        for key in ("moderation_stage", "moderation_details"):
            if key in body:
                yield json.dumps({key: body[key]}, ensure_ascii=False)


def _gather(events: list[ServerSentEvent]) -> StreamDelta:
    said = StreamDelta()
    content: list[str] = []
    reasoning: list[str] = []
    for event in events:
        _take_event(event, said, content, reasoning)
    if content:
        said.content = "".join(content)
        said.last = next((piece for piece in reversed(content) if piece.strip()), "")
    if reasoning:
        said.reasoning = "".join(reasoning)
    return said


def _take_event(event: ServerSentEvent, said: StreamDelta, content: list[str], reasoning: list[str]) -> None:
    try:
        chunk = _parse(event.data)
    except ValueError:
        _take_no_json(event, said, content, reasoning)
    except RecursionError:
        said.broken += 1
    else:
        _take_chunk(chunk, event.event, said, content, reasoning)


def _parse(data: str) -> Any:
    """Do what ``json.loads`` does, without its two searches for white space around the value: half its time."""
    try:
        value, end = _DECODER.raw_decode(data)
    except ValueError:
        return json.loads(data)
    return value if end == len(data) else json.loads(data)


def _take_no_json(event: ServerSentEvent, said: StreamDelta, content: list[str], reasoning: list[str]) -> None:
    text = event.data.strip()
    if text.startswith("[DONE"):
        said.done = True
    elif "\n" in text:
        # Events that a service set apart by one line end instead of two.
        for line in text.split("\n"):
            if line.strip():
                _take_event(ServerSentEvent(line, event.event), said, content, reasoning)
    elif event.event == "error":
        said.errors.append(text)
    elif text:
        said.broken += 1


def _take_chunk(chunk: Any, kind: str, said: StreamDelta, content: list[str], reasoning: list[str]) -> None:
    if not isinstance(chunk, dict):
        said.broken += 1
        return
    choices = chunk.get("choices")
    if choices and isinstance(choices, list) and isinstance(choices[0], dict):
        choice = choices[0]
        spoken = choice.get("delta") or choice.get("message")
        if isinstance(spoken, dict):
            if text := spoken.get("content"):
                content.append(text if isinstance(text, str) else _text_of_parts(text))
            if text := spoken.get("reasoning_content") or spoken.get("reasoning"):
                reasoning.append(str(text))
            if not _FIELDS.isdisjoint(spoken):
                _take_fields(spoken, said)
            if isinstance(refusal := spoken.get("refusal"), str) and refusal:
                said.errors.append(refusal)
        elif isinstance(choice.get("text"), str):
            content.append(choice["text"])
        if reason := choice.get("finish_reason"):
            said.finished = True
            if reason == "content_filter":
                said.errors.append(reason)
        if kind != "error" and _BESIDE_CHOICES.isdisjoint(chunk):
            return
    elif "choices" not in chunk or chunk.get("error"):
        _take_fields(chunk, said)
    if kind == "error" or chunk.get("error") or _is_bare_complaint(chunk):
        said.errors.append(error_message(chunk) or kind)
    if usage := chunk.get("usage"):
        said.usage = _usage(usage) or said.usage
    if "media_url" in chunk or "media_urls" in chunk:
        _take_fields(chunk, said)


def _is_bare_complaint(chunk: dict[str, Any]) -> bool:
    """Whether an object without choices reports a failure, as in ``{"code": -1, "msg": "insufficient credits"}``."""
    if chunk.get("choices") or chunk.get("data") or chunk.get("code") in (0, 200, "0", "200", "success"):
        return False
    return any(isinstance(chunk.get(key), str) for key in ("msg", "message", "detail", "err", "error_msg"))


def _text_of_parts(parts: Any) -> str:
    if not isinstance(parts, list):
        return ""
    return "".join(str(part.get("text") or "") for part in parts if isinstance(part, dict))


def _take_fields(fields: dict[str, Any], said: StreamDelta) -> None:
    """Take links and a percentage that stand in fields of their own: ``output``, ``media_urls``, ``progress``."""
    for entry in _entries(fields):
        if isinstance(entry, str) and entry not in said.links:
            said.links.append(entry)
    progress = fields.get("progress")
    if isinstance(progress, int | float) and not isinstance(progress, bool) and 0 <= progress <= 100:
        said.percent = float(progress)


def _entries(fields: dict[str, Any]) -> list[Any]:
    entries = [fields.get("media_url"), fields.get("video_url")]
    for key in ("media_urls", "output", "data"):
        value = fields.get(key)
        for item in value if isinstance(value, list) else []:
            if isinstance(item, dict) and item.get("type", "video") in ("video", "mp4"):
                entries.append(item.get("url"))
            else:
                entries.append(item)
    return entries


def _usage(usage: Any) -> TokenUsage | None:
    if not isinstance(usage, dict):
        return None
    counts = usage.get("prompt_tokens"), usage.get("completion_tokens")
    for count in counts:
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            return None
    return TokenUsage(int(counts[0] or 0), int(counts[1] or 0))
