"""What video services send, for tests: the samples, and replies put together from parts of the same shapes."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from bot.providers.base import FinishedVideo, Refusal, Result
from bot.providers.chat.reply import ReplyParser
from bot.providers.chat.stream import ChatStream
from bot.providers.places.complaints import error_message

BASE = "https://relay.example/v1/chat/completions"
DONE = "data: [DONE]\n\n"
VIDEO = "https://static.aiclound.vip/sora/3b69194c.mp4"
SUCCESS = f"> ✅ 视频生成成功，[点击这里]({VIDEO}) 查看视频~~~\n\n"


DATA = Path(__file__).resolve().parents[1] / "data"
FILES = ("provider_samples.jsonl", "provider_samples_2.jsonl", "provider_pairs.jsonl")


@cache
def samples() -> list[dict[str, Any]]:
    """The replies of all files: gathered from public sources, and pairs that differ only in what matters."""
    return [json.loads(line) for name in FILES for line in (DATA / name).read_text("utf-8").splitlines()]


def names() -> list[str]:
    return [sample["name"] for sample in samples()]


def body_of(sample: dict[str, Any]) -> bytes:
    raw = sample["raw"]
    text: str = raw if isinstance(raw, str) else (sample.get("eol") or "\n").join(raw)
    return text.encode()


def event(value: Any) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def delta(content: str | None = None, *, finish: str | None = None, **fields: Any) -> str:
    """One ordinary chunk; ``fields`` are further keys of its ``delta``."""
    spoken = fields if content is None else {"content": content, **fields}
    return event({"choices": [{"index": 0, "delta": spoken, "finish_reason": finish}]})


def reasoning(text: str) -> str:
    return delta(None, reasoning_content=text)


def letters(text: str, size: int = 1) -> str:
    """The same text in deltas of ``size`` characters."""
    return "".join(delta(text[place : place + size]) for place in range(0, len(text), size))


def read(
    body: str | bytes, *, step: int | None = None, prompt: str = "", base: str = BASE, link: str = ""
) -> tuple[Result, ReplyParser]:
    """Read a body with status 200, ``step`` bytes at a time, and return its ending and the reader."""
    raw = body.encode() if isinstance(body, str) else body
    reader = ReplyParser(prompt=prompt, base=base, picture_link=link)
    stream = ChatStream()
    step = step or max(1, len(raw))
    for place in range(0, len(raw), step):
        reader.feed(stream.feed(raw[place : place + step]))
    reader.feed(stream.flush())
    return reader.result(), reader


def read_error(body: str | bytes, status: int, *, prompt: str = "") -> Result:
    """Judge the body of an HTTP error as the client does."""
    text = body.encode().decode() if isinstance(body, str) else body.decode()
    try:
        text = error_message(json.loads(text))
    except ValueError:
        text = "" if text.lstrip().startswith("<") else text
    return ReplyParser(prompt=prompt, base=BASE).error(text, status)


def outcome(ending: Result) -> str:
    if isinstance(ending, FinishedVideo):
        return "success"
    return ending.stage.value if isinstance(ending, Refusal) else ending.outcome.value


def urls(ending: Result) -> list[str]:
    return list(ending.urls) if isinstance(ending, FinishedVideo) else []
