"""Checks that a stream of many tiny deltas is parsed in linear time: ten times the deltas, about ten times the time."""

from __future__ import annotations

import time
from statistics import median

from benchmarks.streams import LINK, tokenised_stream
from benchmarks.table import Row
from bot.providers.base import FinishedVideo
from bot.providers.chat.reply import ReplyParser
from bot.providers.chat.stream import ChatStream

FEW, MANY = 2_000, 20_000  # deltas
AT_MOST = 12.0
ROUNDS = 5
BASE = "https://api.example/v1/chat/completions"


def measure() -> list[Row]:
    """Return the ratio for lines, for one endless line, and for a stream that arrives byte by byte."""
    return [
        _row("one delta per feed", newlines=True, rounds=ROUNDS),
        _row("the same without a newline", newlines=False, rounds=ROUNDS),
        _row("one byte per feed", newlines=True, rounds=1, bytewise=True),
    ]


def _row(name: str, *, newlines: bool, rounds: int, bytewise: bool = False) -> Row:
    streams = {count: _cut(tokenised_stream(count, newlines=newlines), bytewise=bytewise) for count in (FEW, MANY)}
    few: list[float] = []
    many: list[float] = []
    for _ in range(rounds):
        # As many short runs as take the time of a long one, so that noise affects both alike.
        few.append(sum(_timed(streams[FEW]) for _ in range(MANY // FEW)) / (MANY // FEW))
        many.append(_timed(streams[MANY]))
    ratio = median(long / short for long, short in zip(many, few, strict=True))
    return Row(
        f"{MANY:,} deltas over {FEW:,}, {name}",
        f"{median(many) * 1000:.0f} ms",
        f"{median(few) * 1000:.1f} ms",
        f"{ratio:.1f} x",
        f"<= {AT_MOST:.0f} x",
        ratio <= AT_MOST,
    )


def _cut(events: list[bytes], *, bytewise: bool) -> list[bytes]:
    if not bytewise:
        return events
    body = b"".join(events)
    return [body[place : place + 1] for place in range(len(body))]


def _timed(pieces: list[bytes]) -> float:
    """Return the processor seconds of parsing. Raises RuntimeError if the video was not found."""
    start = time.process_time()
    stream, parser = ChatStream(), ReplyParser(prompt="what a member wrote", base=BASE)
    for piece in pieces:
        parser.feed(stream.feed(piece))
    parser.feed(stream.flush())
    result = parser.result()
    seconds = time.process_time() - start
    if not isinstance(result, FinishedVideo) or result.urls != (LINK,) or parser.highest is None or parser.highest < 90:
        raise RuntimeError(f"the long stream was misread: {result}, {parser.highest}")
    return seconds
