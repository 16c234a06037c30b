"""The sample picture and its variants are valid pictures."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import ExifTags, Image, ImageOps

from playground.pictures import odd as odd_pictures
from playground.pictures.art import SIZE, draw_sample

BLANK = Image.new("RGB", (64, 48), "teal")


def test_sample_is_a_png_of_the_stated_size_and_the_same_each_time() -> None:
    sample = draw_sample()
    with Image.open(io.BytesIO(sample)) as image:
        image.load()
        assert (image.format, image.size) == ("PNG", SIZE)
        assert len(image.getcolors(2**24) or ()) > 1000
    assert draw_sample() == sample


@pytest.mark.parametrize(
    ("draw", "kind", "frames"),
    [
        (odd_pictures.jpeg_from_a_phone, "JPEG", 1),
        (odd_pictures.animated_gif, "GIF", 3),
        (odd_pictures.webp, "WEBP", 1),
        (odd_pictures.avif, "AVIF", 1),
    ],
)
def test_variant_is_of_its_kind(draw: Callable[[Image.Image], bytes], kind: str, frames: int) -> None:
    with Image.open(io.BytesIO(draw(BLANK))) as image:
        image.load()
        assert image.format == kind
        assert getattr(image, "n_frames", 1) == frames


def test_phone_picture_lies_on_its_side_and_has_a_gps_position() -> None:
    with Image.open(io.BytesIO(odd_pictures.jpeg_from_a_phone(BLANK))) as image:
        assert image.size == (48, 64)
        assert ImageOps.exif_transpose(image).size == BLANK.size
        assert image.getexif().get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] == "N"
