"""Films that browsers can play, and the progress of their encoding."""

from __future__ import annotations

import threading
from pathlib import Path

import av
import pytest
from PIL import Image, UnidentifiedImageError

from playground.fake_video_service.film import LANDSCAPE, PORTRAIT, FilmStoppedError, make_film, pad_film
from playground.pictures.art import encode
from playground.pictures.odd import jpeg_from_a_phone

WIDE = encode(Image.new("RGB", (64, 48), "teal"), "PNG")
TALL = encode(Image.new("RGB", (48, 64), "teal"), "PNG")
TINY = (96, 64)


def probe(path: Path) -> tuple[str, str, tuple[int, int], float]:
    """Codec, pixel format, size and the seconds its frames last; every frame is decoded."""
    with av.open(str(path)) as container:
        track = container.streams.video[0]
        frames = sum(1 for _ in container.decode(track))
        size = (track.codec_context.width, track.codec_context.height)
        return track.codec_context.name, str(track.codec_context.pix_fmt), size, frames / float(track.average_rate or 1)


def test_film_is_h264_in_yuv420p_of_the_asked_length(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    make_film(WIDE, "A lighthouse at dusk", path, seconds=0.5, size=TINY)
    assert probe(path) == ("h264", "yuv420p", TINY, 0.5)


def test_index_stands_before_the_frames_so_that_playing_begins_at_once(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    make_film(WIDE, "x", path, seconds=0.2, size=TINY)
    data = path.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_progress_rises_frame_by_frame_to_one_hundred(tmp_path: Path) -> None:
    told: list[float] = []
    make_film(WIDE, "x", tmp_path / "film.mp4", seconds=0.5, size=TINY, fps=24, on_progress=told.append)
    assert told == sorted(set(told))
    assert (len(told), told[-1]) == (12, 100.0)


@pytest.mark.parametrize(
    ("picture", "size"),
    [(WIDE, LANDSCAPE), (TALL, PORTRAIT), (None, PORTRAIT), (jpeg_from_a_phone(Image.new("RGB", (64, 48))), LANDSCAPE)],
    ids=["wide", "tall", "none", "turned by exif"],
)
def test_size_follows_the_picture_as_people_see_it(
    picture: bytes | None, size: tuple[int, int], tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"
    make_film(picture, "x", path, seconds=0.1)
    assert probe(path)[2] == size


@pytest.mark.parametrize("prompt", ["", "你好 🎬 \ud800\x00\n\t", "word " * 400, "w" * 4000], ids=repr)
def test_no_prompt_breaks_the_caption(prompt: str, tmp_path: Path) -> None:
    make_film(None, prompt, tmp_path / "film.mp4", seconds=0.1, size=TINY)


def test_odd_sides_lose_a_pixel(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    make_film(WIDE, "x", path, seconds=0.1, size=(97, 65))
    assert probe(path)[2] == TINY


def test_stopped_film_leaves_no_file(tmp_path: Path) -> None:
    stop = threading.Event()
    with pytest.raises(FilmStoppedError):
        make_film(
            WIDE, "x", tmp_path / "film.mp4", size=TINY, seconds=9, on_progress=lambda percent: stop.set(), stop=stop
        )
    assert list(tmp_path.iterdir()) == []


def test_bytes_that_are_no_picture_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnidentifiedImageError):
        make_film(b"GIF89a, or so it says", "x", tmp_path / "film.mp4")
    assert list(tmp_path.iterdir()) == []


def test_padded_film_has_the_size_and_still_plays(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    make_film(WIDE, "x", path, seconds=0.5, size=TINY)
    pad_film(path, 2**20)
    assert path.stat().st_size == 2**20
    assert probe(path)[3] == 0.5
