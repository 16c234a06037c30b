"""
Framing: the bytes of a chat completion, streamed or whole, become chunks, however they are set apart.

What one chunk tells is ``chunk.py``'s business; nothing here judges what the text means, that is ``reply.py``'s.
"""

from __future__ import annotations

import json
import re
from typing import Any

from bot.providers.chat.chunk import StreamDelta, take_chunk
from bot.providers.chat.sse import ServerSentEvent, SSEDecoder

MAX_PLAIN = 64 * 1024  # bytes of a body that is no stream of events
_DECODER = json.JSONDecoder()
# The beginning of JSON, of HTML, of a field of an event.
_NO_TEXT = re.compile(r"\s*(?:[{\[<\"\ufeff]|\d*\Z|(?:null|true|false)\Z|(?:event|id|retry|data|)\s*:)")
_BETWEEN = re.compile(r"(?:\s|,|data:)*")


class ChatStream:
    """
    Reads ``chat.completion.chunk`` events and whole ``chat.completion`` bodies alike.

    Also taken: ``delta`` or ``message`` in either kind, content as a list of parts, ``choices: []``, ``delta: {}``,
    null fields, a list in place of an object, several objects in one line, JSON without ``data:``, ``[DONE]`` with
    rubbish behind it, errors in any place that ``providers/places/`` knows. What is no JSON counts as ``broken``.
    """

    def __init__(self) -> None:
        self._decoder = SSEDecoder()
        self._plain = True  # no JSON has come so far
        self._unread = b""  # the beginning of a body in which no event has been found so far

    def feed(self, chunk: bytes) -> StreamDelta:
        """Return what ``chunk`` completed. Raises EventTooLarge."""
        events = self._decoder.feed(chunk)
        if events:
            return self._take(events)
        if self._plain and len(self._unread) < MAX_PLAIN:
            self._unread += chunk
        return StreamDelta()

    def flush(self) -> StreamDelta:
        """Return what the end of the body completed; a body without events is the text it is. Raises EventTooLarge."""
        events = self._decoder.flush()
        if not events and self._plain:
            events = [
                ServerSentEvent(line) for line in self._unread.decode("utf-8-sig", "replace").splitlines() if line
            ]
        return self._take(events) if events else StreamDelta()

    def _take(self, events: list[ServerSentEvent]) -> StreamDelta:
        """Return what ``events`` say. Until JSON comes, text is what is said; later it is rubbish between chunks."""
        self._unread = b""
        texts: list[str] = []
        while self._plain and len(texts) < len(events):
            text, kind = events[len(texts)]
            if kind == "error" or _NO_TEXT.match(text):
                self._plain = False
            else:
                texts.append(f"{text}\n")
        said = _gather(events[len(texts) :])
        if texts:
            said.content = "".join(texts) + said.content
            said.last = said.last or texts[-1]
        return said


def read_body(body: bytes) -> StreamDelta:
    """Return what one whole JSON body says; a body that is no JSON counts as broken."""
    said = _gather([ServerSentEvent(body.decode("utf-8-sig", "replace"))])
    said.finished = True
    return said


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
        take_chunk(chunk, event.event, said, content, reasoning)


def _parse(data: str) -> Any:
    """Do what ``json.loads`` does, without its two searches for white space around the value: half its time."""
    try:
        value, end = _DECODER.raw_decode(data)
    except ValueError:
        return json.loads(data)
    return value if end == len(data) else json.loads(data)


def _take_no_json(event: ServerSentEvent, said: StreamDelta, content: list[str], reasoning: list[str]) -> None:
    text = event.data.strip().lstrip("\ufeff")
    if text.startswith("[DONE"):
        said.done = True
    elif text[:1] in ("{", "[") and (rest := _take_objects(text, event.event, said, content, reasoning)) is not None:
        if rest:
            _take_event(ServerSentEvent(rest, event.event), said, content, reasoning)
    elif "\n" in text:
        # Events that a service set apart by one line end instead of two.
        for line in text.split("\n"):
            if line.strip():
                _take_event(ServerSentEvent(line.removeprefix("data:"), event.event), said, content, reasoning)
    elif event.event == "error":
        said.errors.append(text)
    elif text:
        said.broken += 1
        said.odd.append(text[:400])


def _take_objects(text: str, kind: str, said: StreamDelta, content: list[str], reasoning: list[str]) -> str | None:
    """Take the objects that stand one after the other in ``text``; return the rest, or None if none stands there."""
    at = 0
    while at < len(text) and text[at] in "{[":
        try:
            chunk, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        take_chunk(chunk, kind, said, content, reasoning)
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
    return text[at:] if at else None
