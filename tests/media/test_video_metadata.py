"""What a service has written about a video does not leave with it, and nothing else of it changes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import av
import pytest
from PIL import Image

from bot.media.videos.metadata import drop_metadata
from playground.fake_video_service.film import make_film

SECRET = json.dumps({"4": {"class_type": "CLIPTextEncode", "inputs": {"text": "a hidden word"}}})
WORDS = (b"class_type", b"hidden")
FORMATS = {
    "mp4": {"movflags": "use_metadata_tags+faststart"},
    "mov": {"movflags": "use_metadata_tags"},
    "fragmented.mp4": {"movflags": "use_metadata_tags+frag_keyframe+empty_moov"},
    "itunes.mp4": {},
    "webm": {},
    "live.webm": {"live": "1"},
    "mkv": {},
}


def film_with_words(folder: Path, name: str) -> Path:
    """A film of that ending that holds ``SECRET`` wherever its format lets it."""
    plain, path = folder / "plain.mp4", folder / f"film.{name}"
    make_film(None, "a quiet harbour", plain, seconds=0.5, size=(64, 48))
    codec = "libvpx" if path.suffix == ".webm" else "libx264"
    with av.open(str(plain)) as source, av.open(str(path), "w", options=FORMATS[name]) as out:
        out.metadata.update(dict.fromkeys(("prompt", "workflow", "title", "comment", "description"), SECRET))
        track = out.add_stream(codec, rate=24, options={"deadline": "realtime"} if codec == "libvpx" else {})
        track.width, track.height, track.pix_fmt = 64, 48, "yuv420p"
        for frame in source.decode(video=0):
            out.mux(track.encode(frame))
        out.mux(track.encode(None))
    return path


def pictures(path: Path) -> list[bytes]:
    with av.open(str(path)) as film:
        return [bytes(frame.to_ndarray()) for frame in film.decode(video=0)]


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_written_is_gone_and_the_film_plays_as_before(tmp_path: Path, name: str) -> None:
    path = film_with_words(tmp_path, name)
    size, shown = path.stat().st_size, pictures(path)
    assert any(word in path.read_bytes() for word in WORDS)

    drop_metadata(path)

    assert not [word for word in WORDS if word in path.read_bytes()]
    assert (path.stat().st_size, pictures(path)) == (size, shown)
    with av.open(str(path)) as film:
        assert not film.metadata.keys() & {"prompt", "workflow", "title", "comment", "description"}


def test_a_film_that_begins_as_old_ones_do_loses_its_words_too(tmp_path: Path) -> None:
    path = film_with_words(tmp_path, "mov")
    with path.open("r+b") as file:
        file.seek(4)
        file.write(b"wide")  # QuickTime's first files had no ftyp
    shown = pictures(path)

    drop_metadata(path)

    assert not [word for word in WORDS if word in path.read_bytes()]
    assert pictures(path) == shown


@pytest.mark.parametrize("uuid", ["be7acfcb97a942e89c71999491e3afac", "d8fec3d61b0e483c92975828877ec481"])
def test_boxes_of_others_that_hold_words_are_blanked(tmp_path: Path, uuid: str) -> None:
    path = film_with_words(tmp_path, "mp4")
    body = bytes.fromhex(uuid) + b"made by hidden somebody"
    with path.open("ab") as file:
        file.write((len(body) + 8).to_bytes(4, "big") + b"uuid" + body)

    drop_metadata(path)

    assert b"hidden" not in path.read_bytes()
    assert pictures(path)


def test_a_box_whose_meaning_is_unknown_stays(tmp_path: Path) -> None:
    path = film_with_words(tmp_path, "mp4")
    drop_metadata(path)
    body = bytes(range(16)) + b"how the sphere lies"
    with path.open("ab") as file:
        file.write((len(body) + 8).to_bytes(4, "big") + b"uuid" + body)
    before = path.read_bytes()

    drop_metadata(path)

    assert path.read_bytes() == before


def test_a_moving_picture_loses_its_words_and_still_moves(tmp_path: Path) -> None:
    path, words = tmp_path / "film.webp", Image.Exif()
    words[0x010F] = SECRET
    first, *rest = (Image.new("RGB", (32, 32), colour) for colour in ("red", "green", "blue"))
    first.save(path, save_all=True, append_images=rest, exif=words, xmp=SECRET.encode())

    drop_metadata(path)

    assert b"hidden" not in path.read_bytes()
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        assert (image.n_frames, image.getexif()) == (3, {})  # type: ignore[attr-defined]


@pytest.mark.parametrize("content", [b"", b"x", b"no video at all", b"\x1a\x45\xdf\xa3", b"RIFF\xff\xff\xff\xffWEBP"])
def test_what_is_no_video_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(content)

    drop_metadata(path)

    assert path.read_bytes() == content


@pytest.mark.parametrize("name", ["mp4", "webm"])
def test_a_film_that_breaks_off_anywhere_ends_in_no_error_and_grows_by_nothing(tmp_path: Path, name: str) -> None:
    whole = film_with_words(tmp_path, name).read_bytes()
    path = tmp_path / "part"
    for length in range(0, len(whole), 37):
        path.write_bytes(whole[:length])
        drop_metadata(path)
        assert path.stat().st_size == length
