"""Encodes a real film from one picture and a prompt: a slow camera move with a caption."""

from __future__ import annotations

import io
import itertools
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.video.stream import VideoStream
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

LANDSCAPE = (848, 480)
PORTRAIT = (480, 848)

# The canvas is this much larger than the frame, so that the camera has room to move.
ROOM = 1.25
CAPTION_LINES = 2
GRAINS = 5  # patterns in turn, more than a codec looks back

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FilmKind:
    """How a film is written. A `grainy` one has a hundred times the bytes."""

    codec: str = "libx264"
    options: tuple[tuple[str, str], ...] = (("preset", "veryfast"), ("crf", "25"))
    ending: str = ".mp4"
    index_first: bool = True
    grainy: bool = False


PLAIN = FilmKind()
KINDS = {
    "plain": PLAIN,
    "grainy": FilmKind(options=(("preset", "veryfast"), ("crf", "14")), grainy=True),
    "index-last": FilmKind(index_first=False),
    "hevc": FilmKind("libx265", (("preset", "ultrafast"), ("x265-params", "log-level=none:pools=none"))),
    "av1": FilmKind("libsvtav1", (("preset", "12"), ("svtav1-params", "lp=1"))),
    "webm": FilmKind("libvpx-vp9", (("deadline", "realtime"), ("cpu-used", "8")), ".webm", index_first=False),
}


class FilmStoppedError(Exception):
    """The caller's stop flag was set before the last frame; no file is left behind."""


def make_film(
    picture: bytes | None,
    prompt: str,
    path: Path,
    *,
    seconds: float = 3.0,
    size: Size | None = None,
    fps: int = 24,
    kind: FilmKind = PLAIN,
    on_progress: Callable[[float], None] = lambda percent: None,
    stop: threading.Event | None = None,
) -> None:
    """Write a film of the kind (yuv420p, no metadata) to `path`; blocks, so it is meant for a thread.

    Without a picture the camera moves over a drawn gradient. Without a size the picture's orientation chooses
    one; odd sides lose a pixel, since yuv420p halves both. `on_progress` is called from this thread after every frame
    with the percentage of frames encoded, above 0 and up to 100. Raises FilmStoppedError, and what Pillow raises
    for bytes that are no picture.
    """
    source = _open(picture)
    width, height = size or (LANDSCAPE if source.width > source.height else PORTRAIT)
    frame_size = (width - width % 2, height - height % 2)
    count = max(1, round(seconds * fps))
    shots = _shots(source, prompt, frame_size, count)
    if kind.grainy:
        shots = _grained(shots, frame_size)
    encoding = _encode(shots, path, frame_size, fps, kind)
    try:
        with closing(encoding):
            for done, _ in enumerate(encoding, 1):
                on_progress(100 * done / count)
                if stop is not None and stop.is_set():
                    raise FilmStoppedError
        _blank_words(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _blank_words(path: Path) -> None:
    """Blank the box in which the encoder names itself, `udta` (ISO/IEC 14496-12, 8.10.1), as `free` space."""
    with path.open("r+b") as file:
        at = file.read().find(b"udta")
        if at < 0:
            return
        file.seek(at - 4)
        size = int.from_bytes(file.read(4), "big")
        file.write(b"free" + bytes(size - 8))


def pad_film(path: Path, size: int) -> None:
    """Grow an mp4 to `size` bytes with a `free` box, which players skip (ISO/IEC 14496-12, 8.1.2)."""
    missing = size - path.stat().st_size
    if missing >= 8:
        with path.open("ab") as file:
            file.write(missing.to_bytes(4, "big") + b"free" + bytes(missing - 8))


def _open(picture: bytes | None) -> Image.Image:
    if picture is None:
        shade = Image.linear_gradient("L").resize(PORTRAIT)
        return ImageOps.colorize(shade, black="#1d2b64", white="#f8cdda")
    with Image.open(io.BytesIO(picture)) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def _shots(source: Image.Image, prompt: str, size: Size, count: int) -> Iterator[Image.Image]:
    canvas = ImageOps.fit(source, (round(size[0] * ROOM), round(size[1] * ROOM)))
    caption = _draw_caption(prompt, size)
    for number in range(count):
        shot = _shoot(canvas, number / max(1, count - 1), size)
        shot.paste(caption, (0, size[1] - caption.height), caption)
        yield shot


def _grained(shots: Iterable[Image.Image], size: Size) -> Iterator[Image.Image]:
    grains = [Image.effect_noise(size, 64).convert("RGB") for _ in range(GRAINS)]
    for shot, grain in zip(shots, itertools.cycle(grains), strict=False):
        yield ImageChops.add(shot, grain, offset=-128)


def _encode(
    shots: Iterable[Image.Image], path: Path, size: Size, fps: int, kind: FilmKind
) -> Generator[None, None, None]:
    """Write the shots, one per step; the file is complete after the last step."""
    with av.open(str(path), "w", options={"movflags": "+faststart"} if kind.index_first else {}) as container:
        track = cast(VideoStream, container.add_stream(kind.codec, rate=fps, options=dict(kind.options)))
        track.width, track.height = size
        track.pix_fmt = "yuv420p"
        track.time_base = Fraction(1, fps)
        # One thread each: many films are encoded at once, and each is small.
        track.thread_count = 1
        for shot in shots:
            frame = av.VideoFrame.from_image(shot)  # type: ignore[no-untyped-call]  # PyAV leaves it untyped
            container.mux(track.encode(frame))
            yield
        container.mux(track.encode(None))


def _shoot(canvas: Image.Image, moment: float, size: Size) -> Image.Image:
    """One frame: the window starts wide at the lower left and ends close at the upper right, at moments 0 to 1."""
    eased = moment * moment * (3 - 2 * moment)
    zoom = 1 - 0.18 * eased
    width, height = canvas.width * zoom, canvas.height * zoom
    left = (canvas.width - width) * eased
    top = (canvas.height - height) * (1 - eased)
    window = (left, top, left + width, top + height)
    return canvas.resize(size, Image.Resampling.BILINEAR, box=window)


def _draw_caption(prompt: str, size: Size) -> Image.Image:
    """The prompt, white on a soft shadow that fades upward, as wide as the frame."""
    font = ImageFont.load_default(max(10, min(size) // 22))
    lines = _wrap(_speakable(prompt, font), font, size[0] * 0.9)
    step = round(font.getbbox("Ag")[3] * 1.3)
    height = step * (len(lines) + 1) if lines else 1
    strip = Image.new("RGBA", (size[0], height), "black")
    strip.putalpha(Image.linear_gradient("L").resize(strip.size).point(lambda shade: shade * 2 // 3))
    pen = ImageDraw.Draw(strip)
    for row, line in enumerate(lines):
        place = (size[0] / 2, step * (row + 0.5))
        pen.text(place, line, fill="white", font=font, anchor="ma", stroke_width=1, stroke_fill="#0008")
    return strip


def _speakable(prompt: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """The prompt without the characters the built-in font would draw as an empty box."""
    missing = bytes(font.getmask("\U0010fffd"))
    kept = (char for char in prompt if char.isspace() or (char.isprintable() and bytes(font.getmask(char)) != missing))
    return " ".join("".join(kept).split())


def _wrap(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > CAPTION_LINES:
        lines[CAPTION_LINES - 1] += " …"
    return lines[:CAPTION_LINES]
