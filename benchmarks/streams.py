"""Builds the measured streams, in the formats of ``tests/data/provider_samples.jsonl``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

LINK = "https://static.example-cdn.com/sora/0f3c2d8e-1b1f-4f6e-9a55-0d6c7d2c9b10.mp4"
DONE = b"data: [DONE]\n\n"

_SUCCESS = f"> ✅ 视频生成成功，[点击这里]({LINK}) 查看视频~~~\n\n"
_QUEUE = "> ⌛️ 任务正在队列中，请耐心等待...\n\n"
_PROMPT = "让牛的头上顶着光圈，马的脚踩祥云, and let the old keeper of the lighthouse climb his stairs once more. "


def progress_stream(count: int) -> list[bytes]:
    """
    Return ``count`` events of 200 to 350 bytes and a ``[DONE]``, as the services of families A and C send them.

    A tenth wait in the queue, the others report a rising percentage, two thirds of them in the format of family A
    and one third in that of family C; then come the link and the finish.
    """
    waiting = count // 10
    reporting = count - waiting - 3
    events = [_family_a({"role": "assistant"})]
    events += [_family_a({"content": _QUEUE})] * waiting
    for number in range(reporting):
        percent = 100 * number / reporting
        if number % 3 == 2:
            events.append(_family_c(f"\n**Video Generation Progress**: {percent:.0f}% (processing)\n"))
        else:
            events.append(_family_a({"content": f"> 🏃 进度：{percent:.1f}%\n\n"}))
    events.append(_family_a({"content": _SUCCESS}))
    events.append(_family_a({}, finish="stop"))
    events.append(DONE)
    return events


def tokenised_stream(count: int, *, newlines: bool) -> list[bytes]:
    """
    Return ``count`` events of 2 to 4 characters each, as family B sends them, then a link and ``[DONE]``.

    The first half repeats the prompt in a fenced block, the second half are bare numbers: ``36..``. Without
    ``newlines`` there is no fence either: the whole reply is one line.
    """
    half = count // 2
    echo = [*_words(_PROMPT, half)]
    numbers = [f"{1 + 98 * number // half}.." for number in range(count - half)]
    if newlines:
        deltas = ["```json\n", '{\n  "prompt": "', *echo, '"\n}\n```\n\n', "> 🏃 进度 ", *numbers, "\n\n"]
    else:
        deltas = [*echo, "进度 ", *numbers, " "]
    deltas.append(f"[点击这里]({LINK})")
    return [*(_lean(delta) for delta in deltas), DONE]


def _words(text: str, count: int) -> Iterator[str]:
    """Yield ``count`` pieces of ``text`` over and over, 2, 3 and 4 characters long in turn."""
    characters = cycle(text)
    for _, size in zip(range(count), cycle((2, 3, 4)), strict=False):
        yield "".join(islice(characters, size))


def _family_a(delta: dict[str, str], finish: str | None = None) -> bytes:
    chunk = {
        "id": "foaicmpl-03580ff5-5ca0-421e-9d15-a908e14aac47",
        "object": "chat.completion.chunk",
        "created": 1764750479,
        "model": "sora-2",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return _event(json.dumps(chunk, ensure_ascii=False, separators=(",", ":")))


def _family_c(reasoning: str) -> bytes:
    delta = {"content": None, "reasoning_content": reasoning, "tool_calls": None}
    choice = {"index": 0, "delta": delta, "finish_reason": None, "native_finish_reason": None}
    chunk = {
        "id": "chatcmpl-1767105429693",
        "object": "chat.completion.chunk",
        "created": 1767105429,
        "model": "sora",
        "choices": [choice],
        "usage": {"prompt_tokens": 0},
    }
    return _event(json.dumps(chunk))


def _lean(content: str) -> bytes:
    chunk: dict[str, Any] = {"choices": [{"delta": {"content": content}}]}
    return _event(json.dumps(chunk, ensure_ascii=False, separators=(",", ":")))


def _event(data: str) -> bytes:
    # Family A's servers are written in Go, which escapes characters that are special in HTML.
    return f"data: {data.replace('>', chr(92) + 'u003e')}\n\n".encode()
