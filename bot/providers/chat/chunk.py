"""
One chunk of a chat completion, and what it adds: text, links, errors, progress, an end.

A chunk of the usual keys is taken on a short way, since nearly every chunk is one; of any other, ``places/`` finds what
stands in fields of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bot.providers.base import TokenUsage
from bot.providers.places.complaints import error_message
from bot.providers.places.search import search

# A chunk that has no other keys than these is done with soonest, and nearly every chunk is one.
_is_plain_chunk = frozenset(
    ("id", "object", "created", "model", "choices", "system_fingerprint", "service_tier", "provider", "usage")
).issuperset
_is_plain_choice = frozenset(
    ("index", "delta", "message", "text", "finish_reason", "native_finish_reason", "logprobs")
).issuperset
_is_plain_spoken = frozenset(
    ("role", "content", "reasoning_content", "reasoning", "refusal", "tool_calls", "function_call", "name")
).issuperset
_SPOKEN_TEXT = (
    "content",
    "reasoning_content",
    "reasoning",
    "refusal",
    "thinking",
    "tool_calls",
    "function_call",
    "role",
)
_NO_REASON = frozenset(("null", "none", "", "undefined"))
# Reasons to finish that are refusals by name (OpenAI, Google, Anthropic, Zhipu), and the one that is a failure.
_BAD_REASON = re.compile(
    r"safety|filter|prohibited|blocklist|spii|recitation|refusal|sensitive|moderat|^error$"
    r"|violation",
    re.IGNORECASE,
)


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
    odd: list[Any] = field(default_factory=list)
    """Chunks of no usual shape: JSON, or the text of what was none. For the log, which tells their shape."""


def take_chunk(chunk: Any, kind: str, said: StreamDelta, content: list[str], reasoning: list[str]) -> None:
    if type(chunk) is not dict:
        _take_list(chunk, kind, said, content, reasoning)
        return
    choices = chunk.get("choices")
    if choices and type(choices) is list and not kind and _is_plain_chunk(chunk):
        choice = choices[0]
        if len(choices) == 1 and type(choice) is dict and _is_plain_choice(choice):
            spoken = choice.get("delta") or choice.get("message")
            if not spoken or (type(spoken) is dict and _is_plain_spoken(spoken)):
                _take_choice(choice, spoken, said, content, reasoning)
                if usage := chunk.get("usage"):
                    said.usage = _usage(usage) or said.usage
                return
    _take_rich(chunk, kind, said, content, reasoning)


def _take_list(chunk: Any, kind: str, said: StreamDelta, content: list[str], reasoning: list[str]) -> None:
    if isinstance(chunk, list) and any(isinstance(item, dict) for item in chunk):
        for item in chunk[:64]:
            take_chunk(item, kind, said, content, reasoning)
    else:
        said.broken += 1


def _take_choice(
    choice: dict[str, Any], spoken: Any, said: StreamDelta, content: list[str], reasoning: list[str]
) -> None:
    """Take the text of one choice, and its end."""
    if spoken:
        if text := spoken.get("content"):
            if type(text) is str:
                content.append(text)
            else:
                _take_content(text, said, content)
        if len(spoken) > 1 or not text:
            _take_beside_content(spoken, said, reasoning)
    elif isinstance(text := choice.get("text"), str):
        content.append(text)
    if reason := choice.get("finish_reason"):
        _take_reason(reason, said)


def _take_beside_content(spoken: dict[str, Any], said: StreamDelta, reasoning: list[str]) -> None:
    if text := spoken.get("reasoning_content") or spoken.get("reasoning"):
        reasoning.append(text if type(text) is str else _text_of_parts(text))
    if refusal := spoken.get("refusal"):
        said.errors.append(f"refusal | {refusal}" if isinstance(refusal, str) else "refusal")
    if tools := spoken.get("tool_calls"):
        said.links += search({"tool_calls": tools}).best_links()


def _take_reason(reason: Any, said: StreamDelta) -> None:
    if not isinstance(reason, str) or reason.lower() in _NO_REASON:
        return
    said.finished = True
    if _BAD_REASON.search(reason):
        said.errors.append(f"finish_reason {reason}")


def _take_content(text: Any, said: StreamDelta, content: list[str]) -> None:
    """Take content that is a list of parts, an object, or text within them."""
    if isinstance(text, str):
        content.append(text)
    elif isinstance(text, list):
        for part in text[:64]:
            _take_content(part, said, content)
    elif isinstance(text, dict):
        words = text.get("text")
        if isinstance(words, dict):
            words = words.get("value")
        if isinstance(words, str) and words:
            _take_content(words, said, content)
        elif isinstance(inner := text.get("parts") or text.get("content"), list | str):
            _take_content(inner, said, content)
        else:
            _take_places(text, said, key="content")


def _take_rich(chunk: dict[str, Any], kind: str, said: StreamDelta, content: list[str], reasoning: list[str]) -> None:
    """Take a chunk that holds more than text, or holds it in another place."""
    if (inner := _enveloped(chunk)) is not None:
        take_chunk(inner, kind, said, content, reasoning)
        chunk = {name: held for name, held in chunk.items() if held is not inner}
        if not chunk:
            return
    said.odd.append(chunk)
    choices = chunk.get("choices") or chunk.get("candidates")
    beside = {name: held for name, held in chunk.items() if name not in ("choices", "candidates", "usage")}
    if isinstance(choices, list):
        for choice in choices[:8]:
            if isinstance(choice, dict):
                _take_rich_choice(choice, said, content, reasoning)
    message = chunk.get("message")
    if isinstance(message, dict) and "content" in message:  # Ollama
        _take_rich_choice({"message": beside.pop("message")}, said, content, reasoning)
    if not choices:
        for name in ("answer", "response", "output_text", "content", "text", "delta"):  # Dify, Ollama, bare relays
            held = chunk.get(name)
            if (
                isinstance(held, str)
                and held
                and not _error_is_told(chunk)
                and not held.startswith(("http", "/", "data:"))
            ):
                content.append(held)
                del beside[name]
                break
    if kind == "error":
        said.errors.append(error_message(chunk) or kind)
        beside = {}
    texts = _take_places(beside, said, key="beside" if choices else "")
    if not choices and not content:  # OpenAI's Responses API: output[].content[].text
        content += texts
    if usage := chunk.get("usage"):
        said.usage = _usage(usage) or said.usage


def _enveloped(chunk: dict[str, Any]) -> dict[str, Any] | None:
    """Return the reply that ``chunk`` holds in a field of its own, as DashScope's does in ``output``."""
    for name in ("output", "data", "result", "response"):
        held = chunk.get(name)
        if isinstance(held, dict) and isinstance(held.get("choices"), list):
            return held
    return None


def _error_is_told(chunk: dict[str, Any]) -> bool:
    """Whether ``chunk`` reports an error in a field of its own."""
    return bool(chunk.get("error"))


def _take_rich_choice(choice: dict[str, Any], said: StreamDelta, content: list[str], reasoning: list[str]) -> None:
    spoken = choice.get("delta") or choice.get("message") or choice.get("content")
    if isinstance(spoken, dict):
        voice = spoken if "content" in spoken or "parts" not in spoken else {"content": spoken["parts"]}
        _take_choice(
            choice, {name: held for name, held in voice.items() if name in _SPOKEN_TEXT}, said, content, reasoning
        )
        _take_places(
            {name: held for name, held in spoken.items() if name not in (*_SPOKEN_TEXT, "parts")}, said, key="delta"
        )
    elif isinstance(spoken, str):
        _take_choice(choice, {"content": spoken}, said, content, reasoning)
    else:
        _take_choice(choice, None, said, content, reasoning)
    _take_reason(choice.get("finishReason"), said)
    around = {
        name: held for name, held in choice.items() if name not in ("delta", "message", "text", "content", "index")
    }
    _take_places(around, said, key="choice")


def _take_places(value: dict[str, Any], said: StreamDelta, *, key: str = "") -> list[str]:
    """Take what stands in fields of their own: links, errors, progress. Return the texts around links among them."""
    if not value:
        return []
    found = search({key: value} if key else value)
    said.links += [link for link in found.best_links() if link not in said.links]
    said.errors += found.errors
    if found.percent is not None:
        said.percent = found.percent
    return found.texts


def _text_of_parts(parts: Any) -> str:
    if not isinstance(parts, list):
        return str(parts)
    return "".join(str(part.get("text") or "") for part in parts if isinstance(part, dict))


def _usage(usage: Any) -> TokenUsage | None:
    if not isinstance(usage, dict):
        return None
    counts = usage.get("prompt_tokens"), usage.get("completion_tokens")
    for count in counts:
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            return None
    return TokenUsage(int(counts[0] or 0), int(counts[1] or 0))
