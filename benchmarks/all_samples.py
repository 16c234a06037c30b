"""The time to parse all replies of ``tests/data/provider_samples.jsonl``, from bytes to results."""

from __future__ import annotations

import json
import time
from pathlib import Path
from statistics import median

from benchmarks.table import Row
from bot.providers.chat.reply import ReplyParser
from bot.providers.chat.stream import ChatStream
from bot.providers.places.complaints import error_message

SAMPLES = Path(__file__).parent.parent / "tests" / "data" / "provider_samples.jsonl"
ROUNDS = 31
AT_MOST = 0.050  # seconds
BASE = "https://api.example/v1/chat/completions"
PROMPT = "what a member wrote"


def measure() -> list[Row]:
    """Return the median time for all samples."""
    samples = [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
    replies = [(int(sample["status"]), _body(sample)) for sample in samples]
    times = [_timed(replies) for _ in range(ROUNDS)]
    usual = median(times)
    return [
        Row(
            f"framing and reading all {len(replies)} samples",
            f"{usual * 1000:.1f} ms",
            f"best {min(times) * 1000:.1f} ms",
            f"{usual / AT_MOST:.2f} x",
            f"< {AT_MOST * 1000:.0f} ms",
            usual < AT_MOST,
        )
    ]


def _body(sample: dict[str, str | list[str]]) -> bytes:
    raw, eol = sample["raw"], sample.get("eol") or "\n"
    return (raw if isinstance(raw, str) else str(eol).join(raw)).encode()


def _timed(replies: list[tuple[int, bytes]]) -> float:
    start = time.perf_counter()
    for status, body in replies:
        parser = ReplyParser(prompt=PROMPT, base=BASE)
        if status == 200:
            stream = ChatStream()
            parser.feed(stream.feed(body))
            parser.feed(stream.flush())
            parser.result()
        else:
            parser.error(_error_message(body), status)
    return time.perf_counter() - start


def _error_message(body: bytes) -> str:
    try:
        return error_message(json.loads(body))
    except ValueError:
        return ""
