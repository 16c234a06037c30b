"""Small real videos for the tests, of any codec and container."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
from av.filter import Graph

_QUIET = {"libx264": {"preset": "ultrafast"}, "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"}}


def write_film(
    path: Path,
    *,
    codec: str = "libx264",
    kind: str = "mp4",
    size: tuple[int, int] = (320, 180),
    seconds: float = 2,
    rate: int = 24,
    bits: int = 400_000,
    grain: int = 20,
    sound: str = "",
    pixels: str = "yuv420p",
    options: dict[str, str] | None = None,
) -> Path:
    """Write a test picture that moves, with ``grain`` that takes bytes, and a tone of the codec ``sound``."""
    moving = f"size={size[0]}x{size[1]}:rate={rate}:duration={seconds}"
    shown = _graph("buffersink", ("testsrc2", moving), ("noise", f"alls={grain}:allf=t"), ("format", pixels))
    tone = ("sine", f"sample_rate=48000:duration={seconds}"), ("aformat", "sample_fmts=fltp:channel_layouts=stereo")
    with av.open(str(path), "w", format=kind, options=options or {}) as out:
        picture = out.add_stream(codec, rate=rate, options=_QUIET.get(codec, {}))
        picture.width, picture.height, picture.pix_fmt, picture.bit_rate = *size, pixels, bits
        picture.time_base = Fraction(1, rate)
        tracks = [(picture, shown)]
        if sound:
            tracks.append((out.add_stream(sound, rate=48000, layout="stereo"), _graph("abuffersink", *tone)))
        for track, graph in tracks:
            for frame in _frames(graph):
                if isinstance(frame, av.VideoFrame):
                    frame.pict_type = 0
                out.mux(track.encode(frame))
            out.mux(track.encode(None))
    return path


def _graph(end: str, *filters: tuple[str, str]) -> Graph:
    graph = Graph()
    parts = [graph.add(name, arguments) for name, arguments in filters] + [graph.add(end)]
    for one, other in pairwise(parts):
        one.link_to(other)
    graph.configure()
    return graph


def _frames(graph: Graph) -> Iterator[Any]:
    while True:
        try:
            yield graph.pull()
        except (av.EOFError, av.BlockingIOError):
            return
