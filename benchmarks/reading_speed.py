"""The speed of reading a stream, bytes to events: Kinora's client, the ``openai`` package, ``json.loads`` alone."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks import stream_service
from benchmarks.clients import request_with_kinora, request_with_sdk
from benchmarks.streams import progress_stream
from benchmarks.table import Row

ROUNDS = 3  # each client runs in every round, so that noise affects all alike
TRIES = 3  # of the two fast ones in each round; the best counts
OVER_SDK = 8.0
OVER_FLOOR = 1 / 3


def measure() -> list[Row]:
    """Return chunks per second of the three, and how Kinora compares with the other two."""
    lines = [event[6:].decode().strip() for event in progress_stream(stream_service.LONG)[:-1]]
    ours: list[float] = []
    sdks: list[float] = []
    floors: list[float] = []
    with tempfile.TemporaryDirectory() as folder, stream_service.running() as url:
        picture = Path(folder) / "picture.png"
        picture.write_bytes(bytes(1024))
        for _ in range(ROUNDS):
            ours.append(
                min(_timed(lambda: asyncio.run(request_with_kinora(f"{url}/long", picture))) for _ in range(TRIES))
            )
            floors.append(min(_timed(lambda: _load(lines)) for _ in range(TRIES)))
            sdks.append(_timed(lambda: asyncio.run(request_with_sdk(f"{url}/long", picture))))
    over_sdk = median(sdk / our for sdk, our in zip(sdks, ours, strict=True))
    over_floor = median(floor / our for floor, our in zip(floors, ours, strict=True))
    name = f"reading {stream_service.LONG:,} chunks"
    figure = f"{_speed(ours)} chunks/s"
    return [
        Row(
            f"{name}, over the openai package",
            figure,
            f"{_speed(sdks)} chunks/s",
            f"{over_sdk:.1f} x",
            f">= {OVER_SDK:.0f} x",
            over_sdk >= OVER_SDK,
        ),
        Row(
            f"{name}, over json.loads alone",
            figure,
            f"{_speed(floors)} chunks/s",
            f"{over_floor:.2f} x",
            f">= {OVER_FLOOR:.2f} x",
            over_floor >= OVER_FLOOR,
        ),
    ]


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _speed(seconds: list[float]) -> str:
    return f"{stream_service.LONG / median(seconds):,.0f}"


def _load(lines: list[str]) -> None:
    for line in lines:
        json.loads(line)
