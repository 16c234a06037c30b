"""Pictures are taken by what they are, and made upright, small and anonymous."""

from __future__ import annotations

import os
import struct
import time
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageChops, ImageCms, ImageDraw, ImageStat
from PIL.PngImagePlugin import PngInfo

from bot.media.pictures import safe as safe_picture
from bot.media.pictures.problems import MAX_PIXELS, MAX_SIDE, PictureError
from bot.media.pictures.safe import MAX_LENGTH, MAX_SENT, make_safe
from bot.texts.pictures import picture_sentence
from playground.pictures import odd as odd_pictures
from playground.pictures.art import encode

MARK = "Hidden-Mark-4711"


def sample(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "red")
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), fill="blue")
    return image.convert(mode)


@pytest.fixture
def safe(tmp_path: Path) -> Callable[[bytes], Image.Image]:
    """``safe(data)`` is the picture that ``make_safe`` makes of a file with a name that says nothing."""

    def run(data: bytes) -> Image.Image:
        file = tmp_path / "picture.txt"
        file.write_bytes(data)
        media_type = make_safe(file, tmp_path / "made")
        image = Image.open(tmp_path / "made")
        image.load()
        assert media_type == f"image/{(image.format or '').lower()}"
        return image

    return run


@pytest.fixture
def sentence(tmp_path: Path) -> Callable[[bytes], str]:
    """``sentence(data)`` is what the member is told about a file that cannot be used."""

    def run(data: bytes) -> str:
        file = tmp_path / "picture.png"
        file.write_bytes(data)
        with pytest.raises(PictureError) as caught:
            make_safe(file, tmp_path / "refused")
        assert not (tmp_path / "refused").exists()
        return picture_sentence(caught.value)

    return run


Safe = Callable[[bytes], Image.Image]
Sentence = Callable[[bytes], str]


def near(pixel: object, colour: tuple[int, ...], by: int = 12) -> bool:
    return isinstance(pixel, tuple) and all(abs(a - b) <= by for a, b in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF", "MPO", "BMP"])
def test_kind_is_taken_by_its_content_and_becomes_a_jpeg(safe: Safe, kind: str) -> None:
    image = safe(encode(sample(), kind))
    assert (image.format, image.size, image.mode) == ("JPEG", (64, 48), "RGB")
    assert near(image.getpixel((8, 24)), (254, 0, 0))


def test_phone_picture_stands_upright(safe: Safe) -> None:
    image = safe(odd_pictures.jpeg_from_a_phone(sample()))
    assert image.size == (64, 48)
    assert near(image.getpixel((8, 24)), (254, 0, 0))
    assert near(image.getpixel((56, 24)), (0, 0, 254))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_orientation_is_applied_once(safe: Safe, orientation: int) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    image = safe(encode(sample(size=(64, 32)), "PNG", exif=exif))
    assert image.size == ((64, 32) if orientation <= 4 else (32, 64))
    assert not image.getexif()


def _marked_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = MARK
    exif[ExifTags.Base.Artist] = MARK
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({**odd_pictures.LONDON, ExifTags.GPS.GPSAreaInformation: MARK})
    return exif


def _marked(kind: str, mode: str) -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, object] = {"exif": _marked_exif()}
    if kind != "GIF":
        options["icc_profile"] = profile.replace(b"sRGB built-in", MARK[:13].encode())
    if kind in ("JPEG", "WEBP", "AVIF"):
        options["xmp"] = f"<x:xmpmeta>{MARK}</x:xmpmeta>".encode()
    if kind in ("JPEG", "GIF"):
        options["comment"] = MARK.encode()
    if kind == "PNG":
        text = PngInfo()
        text.add_text("Comment", MARK)
        text.add_itxt("XML:com.adobe.xmp", MARK)
        options["pnginfo"] = text
    image = sample("RGB")
    if mode == "RGBA":
        image.putalpha(128)
    return encode(image, kind, **options) + MARK.encode()  # some cameras hang more behind the end


@pytest.mark.parametrize(
    ("kind", "mode"),
    [(kind, "RGB") for kind in ("PNG", "JPEG", "WEBP", "AVIF", "GIF")] + [("PNG", "RGBA"), ("WEBP", "RGBA")],
)
def test_no_metadata_is_left_in_the_bytes(tmp_path: Path, kind: str, mode: str) -> None:
    file = tmp_path / "f"
    file.write_bytes(_marked(kind, mode))
    assert MARK.encode() in file.read_bytes()
    make_safe(file, tmp_path / "made")
    data = (tmp_path / "made").read_bytes()
    for trace in (
        MARK.encode(),
        b"Exif",
        b"http://ns.adobe.com",
        b"xmpmeta",
        b"ICC_PROFILE",
        b"iCCP",
        b"eXIf",
        b"tEXt",
    ):
        assert trace not in data
    with Image.open(BytesIO(data)) as image:
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_colours_of_another_profile_become_srgb(safe: Safe) -> None:
    lab = ImageCms.createProfile("LAB")
    fitting = safe(encode(sample(), "PNG", icc_profile=ImageCms.ImageCmsProfile(lab).tobytes()))
    assert near(fitting.getpixel((8, 24)), (254, 0, 0))  # a profile that does not fit is passed over


@pytest.mark.parametrize("profile", [b"", b"x", b"\0" * 200])
def test_damaged_profile_does_not_stop_a_picture(safe: Safe, profile: bytes) -> None:
    assert safe(encode(sample(), "PNG", icc_profile=profile)).size == (64, 48)


@pytest.mark.parametrize(
    ("size", "scaled"),
    [((4096, 1024), (2048, 512)), ((1024, 4096), (512, 2048)), ((2048, 2048), (2048, 2048)), ((20, 5000), (8, 2048)),
     ((5000, 20), (2048, 8)), ((8, 8), (8, 8))],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_no_side_is_longer_than_the_services_look_at(
    safe: Safe, kind: str, size: tuple[int, int], scaled: tuple[int, int]
) -> None:
    assert safe(encode(Image.new("RGB", size, "red"), kind)).size == scaled
    assert max(scaled) <= MAX_SIDE


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_transparency_is_kept_as_png(safe: Safe, kind: str) -> None:
    image = sample("RGBA")
    image.putalpha(100)
    made = safe(encode(image, kind))
    assert (made.format, made.mode) == ("PNG", "RGBA")
    assert near(made.getpixel((8, 24)), (254, 0, 0, 100))


@pytest.mark.parametrize("transparency", [0, b"\0\xff"])
def test_palette_with_transparency_keeps_it(safe: Safe, transparency: int | bytes) -> None:
    image = Image.new("P", (8, 8))
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((7, 7), 1)
    made = safe(encode(image, "PNG", transparency=transparency))
    assert made.getpixel((0, 0)) == (255, 0, 0, 0)
    assert made.getpixel((7, 7)) == (0, 0, 255, 255)


def test_transparent_picture_too_large_to_send_goes_onto_white(safe: Safe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_picture, "MAX_SENT", 10)
    image = sample("RGBA")
    image.putalpha(0)
    made = safe(encode(image, "PNG"))
    assert made.format == "JPEG"
    assert near(made.getpixel((8, 24)), (255, 255, 255))


def test_noisiest_picture_fits_what_services_take(tmp_path: Path) -> None:
    side = MAX_SIDE // 2  # a quarter of the pixels, to be quick
    file = tmp_path / "f"
    noise = Image.frombytes("RGB", (side, side), os.urandom(side * side * 3))
    noise.save(file, "PNG", compress_level=0)
    make_safe(file, tmp_path / "made")
    assert (tmp_path / "made").stat().st_size * 4 <= MAX_SENT


@pytest.mark.parametrize("mode", ["L", "1", "LA", "CMYK", "I;16", "P"])
def test_other_colour_modes_keep_their_brightness(safe: Safe, mode: str) -> None:
    if mode == "I;16":
        image = Image.new(mode, (8, 8), 128 * 256)
    elif mode == "CMYK":
        image = Image.new(mode, (8, 8), (0, 0, 0, 127))
    elif mode == "1":
        image = Image.new(mode, (8, 8), 1)
    else:
        image = Image.new("L", (8, 8), 128).convert(mode)
    made = safe(encode(image, "JPEG" if mode == "CMYK" else "PNG")).convert("RGB")
    assert near(made.getpixel((4, 4)), (255,) * 3 if mode == "1" else (128,) * 3, by=4)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_first_frame_of_an_animation_is_taken(safe: Safe, kind: str) -> None:
    frames = [Image.new("RGB", (32, 24), colour) for colour in ("red", "blue")]
    made = safe(encode(frames[0], kind, save_all=True, append_images=frames[1:], duration=100))
    assert near(made.getpixel((8, 8)), (254, 0, 0))


def _truncated(kind: str, share: float) -> bytes:
    noise = Image.effect_noise((200, 150), 60).convert("RGB")
    data = encode(noise, kind)
    return data[: int(len(data) * share)]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
@pytest.mark.parametrize("share", [0.005, 0.3, 0.7])
def test_truncated_picture_is_called_damaged(sentence: Sentence, kind: str, share: float) -> None:
    said = sentence(_truncated(kind, share))
    assert "damaged" in said
    assert "JPEG" in said


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><svg></svg></html>", "web page"),
        (b"\n  <HTML>", "web page"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<svg/>", "SVG"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomavc1", "video"),
        (b"\x1aE\xdf\xa3\x01\0\0\0", "video"),
        (b"PK\x03\x04\x14\0", "ZIP"),
        (b"II*\0" + b"\0" * 60, "TIFF"),
        (b"just some words", "as a picture"),
        (bytes(range(256)), "as a picture"),
    ],
)
def test_what_is_no_such_picture_is_named_with_what_works(sentence: Sentence, data: bytes, named: str) -> None:
    said = sentence(data)
    assert named in said
    assert "PNG, JPEG, WebP, GIF or AVIF" in said


def _png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has width x height pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(10_000, 5_001), (12_000, 8_000), (30_000, 30_000), (2_000_000_000, 2_000_000_000)])
def test_pixel_bomb_is_refused_without_decoding(sentence: Sentence, size: tuple[int, int]) -> None:
    assert size[0] * size[1] > MAX_PIXELS
    before = time.process_time()
    assert "megapixels" in sentence(_png_that_claims(*size))
    assert time.process_time() - before < 0.5


def test_claim_below_the_bound_is_decoded(sentence: Sentence) -> None:
    assert "damaged" in sentence(_png_that_claims(10_000, 5_000))


def test_picture_scaled_piece_by_piece_looks_as_if_scaled_at_once(safe: Safe) -> None:
    noise = Image.effect_noise((3000, 2300), 60).resize((6000, 4600), Image.Resampling.BICUBIC)
    noise.putalpha(noise.rotate(90).resize(noise.size))
    whole = noise.resize((2048, 1570), Image.Resampling.LANCZOS)
    made = safe(encode(noise, "PNG", compress_level=1))
    if made.mode == "RGB":  # too noisy to be sent as a PNG
        paper = Image.new("RGB", whole.size, "white")
        paper.paste(whole, mask=whole.getchannel("A"))
        whole = paper
    difference = ImageChops.difference(made, whole.convert(made.mode))
    assert max(ImageStat.Stat(difference).mean) < 3
    assert max(ImageStat.Stat(difference).rms) < 5


@pytest.mark.parametrize("size", [(MAX_LENGTH, 300), (300, MAX_LENGTH)])
def test_longest_picture_there_may_be_is_scaled(safe: Safe, size: tuple[int, int]) -> None:
    made = safe(encode(Image.new("RGB", size, "red"), "PNG"))
    assert max(made.size) == MAX_SIDE
    assert near(made.getpixel((0, 0)), (254, 0, 0))


@pytest.mark.parametrize("size", [(1, 1), (7, 7), (1, 5000), (5000, 1), (7, 2048), (17, 5000)])
def test_picture_with_hardly_anything_to_see_is_refused_before_it_costs(
    sentence: Sentence, size: tuple[int, int]
) -> None:
    assert "too small or too narrow" in sentence(encode(Image.new("RGB", size, "red"), "PNG"))


@pytest.mark.parametrize("size", [(MAX_LENGTH + 1, 1), (1, MAX_LENGTH + 1)])
def test_longer_picture_is_refused(sentence: Sentence, size: tuple[int, int]) -> None:
    assert "too complex" in sentence(encode(Image.new("RGB", size, "red"), "PNG"))


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF"])
def test_orientation_and_colours_survive_whatever_decodes_the_picture(safe: Safe, kind: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    side = sample(size=(5000, 2500)).transpose(Image.Transpose.ROTATE_90)
    made = safe(encode(side, kind, exif=exif, icc_profile=profile))
    assert made.size == (2048, 1024)
    assert near(made.getpixel((100, 500)), (254, 0, 0))
    assert near(made.getpixel((1900, 500)), (0, 0, 254))


def test_jpeg_in_one_scan_may_have_all_the_pixels_and_a_progressive_one_fewer(safe: Safe, sentence: Sentence) -> None:
    side = int(MAX_PIXELS**0.5)
    grey = Image.new("L", (side, side), 128).convert("RGB")
    assert safe(encode(grey, "JPEG", subsampling="4:4:4")).size == (MAX_SIDE, MAX_SIDE)
    assert "more than 28 megapixels" in sentence(encode(grey, "JPEG", subsampling="4:4:4", progressive=True))


@pytest.mark.parametrize("lossless", [True, False])
def test_webp_of_too_many_pixels_is_refused_before_it_is_opened(sentence: Sentence, lossless: bool) -> None:
    said = sentence(encode(Image.new("RGB", (8000, 4000)), "WEBP", lossless=lossless, method=0))
    assert "more than 13 megapixels" in said


@pytest.mark.parametrize(
    ("data", "problem"),
    [(b"RIFF\x08\0\0\0WEBPVP8X", "damaged"), (b"RIFF\x08\0\0\0WEBP", "damaged"), (b"RIFF", "as a picture")],
)
def test_webp_that_ends_before_its_size_is_declined(sentence: Sentence, data: bytes, problem: str) -> None:
    assert problem in sentence(data)
