"""Pictures are taken by what they are, made upright, small and anonymous, and kept no longer than they may be."""

from __future__ import annotations

import asyncio
import os
import struct
import time
import zlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import web
from PIL import ExifTags, Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

from bot.media import pictures
from bot.media.fetcher import Fetcher
from bot.media.picture_problems import PictureError, PictureProblem
from bot.media.pictures import MAX_BYTES, MAX_PIXELS, MAX_SENT, MAX_SIDE, RETENTION, PictureStore, make_safe
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
        made = make_safe(file)
        image = Image.open(BytesIO(made.data))
        image.load()
        assert made.media_type == f"image/{(image.format or '').lower()}"
        return image

    return run


@pytest.fixture
def sentence(tmp_path: Path) -> Callable[[bytes], str]:
    """``sentence(data)`` is what the member is told about a file that cannot be used."""

    def run(data: bytes) -> str:
        file = tmp_path / "picture.png"
        file.write_bytes(data)
        with pytest.raises(PictureError) as caught:
            make_safe(file)
        return picture_sentence(caught.value.problem)

    return run


Safe = Callable[[bytes], Image.Image]
Sentence = Callable[[bytes], str]


def near(pixel: object, colour: tuple[int, ...], by: int = 12) -> bool:
    return isinstance(pixel, tuple) and all(abs(a - b) <= by for a, b in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF", "MPO"])
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
    data = make_safe(file).data
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
    [((4096, 1024), (2048, 512)), ((1024, 4096), (512, 2048)), ((2048, 2048), (2048, 2048)), ((1, 5000), (1, 2048)),
     ((5000, 1), (2048, 1)), ((1, 1), (1, 1))],
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
    monkeypatch.setattr(pictures, "MAX_SENT", 10)
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
    assert len(make_safe(file).data) * 4 <= MAX_SENT


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
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x18ftyphevc\0\0\0\0", "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomavc1", "video"),
        (b"\x1aE\xdf\xa3\x01\0\0\0", "video"),
        (b"PK\x03\x04\x14\0", "ZIP"),
        (b"BM" + b"\0" * 60, "BMP"),
        (b"II*\0" + b"\0" * 60, "TIFF"),
        (b"just some words", "not a picture"),
        (bytes(range(256)), "not a picture"),
    ],
)
def test_what_is_no_such_picture_is_named_with_what_works(sentence: Sentence, data: bytes, named: str) -> None:
    said = sentence(data)
    assert named in said
    assert "PNG, JPEG, WebP, GIF and AVIF" in said


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


class Cdn:
    """A server on loopback that hands out one file and counts how often it was asked."""

    def __init__(self) -> None:
        self.file = encode(sample(), "PNG")
        self.asked = 0
        self.sent = 0
        self.link = ""
        self.status = 200

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked += 1
        response = web.StreamResponse(status=self.status)
        await response.prepare(request)
        for start in range(0, len(self.file), 65536):
            await response.write(self.file[start : start + 65536])
            self.sent = start
        return response


@pytest.fixture
async def cdn() -> AsyncIterator[Cdn]:
    cdn = Cdn()
    runner = web.ServerRunner(web.Server(cdn.answer), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    cdn.link = f"http://127.0.0.1:{runner.addresses[0][1]}/picture.png"
    yield cdn
    await runner.cleanup()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[PictureStore]:
    async with Fetcher(["127.0.0.1"]) as fetcher:
        store = PictureStore(tmp_path / "pictures", fetcher)
        yield store
        store.close()


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[], list[str]]:
    return lambda: sorted(path.name for path in (tmp_path / "pictures").glob("*"))


async def test_picture_is_taken_kept_and_found_again(
    cdn: Cdn, store: PictureStore, kept: Callable[[], list[str]]
) -> None:
    picture = await store.take(cdn.link)
    assert (picture.media_type, picture.link) == ("image/jpeg", cdn.link)
    assert picture.size == picture.path.stat().st_size
    assert kept() == [picture.path.name]
    assert await store.find(picture.path.name, cdn.link) == picture


async def test_size_is_judged_before_anything_is_fetched(cdn: Cdn) -> None:
    PictureStore.check_size(MAX_BYTES)
    with pytest.raises(PictureError, match=PictureProblem.TOO_LARGE):
        PictureStore.check_size(MAX_BYTES + 1)
    assert cdn.asked == 0


async def test_download_stops_at_the_bound(cdn: Cdn, store: PictureStore, kept: Callable[[], list[str]]) -> None:
    cdn.file = bytes(MAX_BYTES * 2)
    with pytest.raises(PictureError, match=PictureProblem.TOO_LARGE):
        await store.take(cdn.link)
    assert cdn.sent < len(cdn.file) - 65536
    assert kept() == []


async def test_link_that_fails_or_may_not_be_followed_is_told_kindly(
    cdn: Cdn, store: PictureStore, kept: Callable[[], list[str]]
) -> None:
    cdn.status = 404
    for link in (cdn.link, "http://10.0.0.1/x.png"):
        with pytest.raises(PictureError) as caught:
            await store.take(link)
        assert "send it again" in picture_sentence(caught.value.problem)
    assert kept() == []


async def test_file_that_is_no_picture_is_not_kept(
    cdn: Cdn, store: PictureStore, kept: Callable[[], list[str]]
) -> None:
    cdn.file = b"%PDF-1.7"
    with pytest.raises(PictureError, match=PictureProblem.PDF):
        await store.take(cdn.link)
    assert kept() == []


async def test_loop_ticks_on_while_a_picture_is_decoded(cdn: Cdn, store: PictureStore) -> None:
    cdn.file = encode(Image.effect_noise((2500, 2500), 60).convert("RGB"), "PNG", compress_level=1)
    assert len(cdn.file) < MAX_BYTES
    gaps = []

    async def tick() -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(0.005)
            gaps.append(time.monotonic() - last)
            last += gaps[-1]

    ticking = asyncio.create_task(tick())
    await store.take(cdn.link)
    ticking.cancel()
    assert len(gaps) > 10
    assert max(gaps) < sum(gaps) / 2


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../secret.png", "/etc/passwd", "a/b.png", "gone.png", "nul\0.png", "folder"]
)
async def test_find_never_leaves_the_directory(store: PictureStore, tmp_path: Path, name: str) -> None:
    (tmp_path / "pictures" / "folder").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(b"x")
    assert await store.find(name, "") is None


async def test_several_pictures_are_taken_in_order_and_found_together_or_not_at_all(
    cdn: Cdn, store: PictureStore
) -> None:
    links = [cdn.link, f"{cdn.link}?2"]
    taken = await store.take_all(links)
    assert [picture.link for picture in taken] == links
    names = [(picture.path.name, picture.link) for picture in taken]
    assert await store.find_all(names) == taken
    await store.forget(taken[0].path.name)
    assert await store.find_all(names) == ()


async def test_when_one_of_several_pictures_is_refused_none_is_kept(
    cdn: Cdn, store: PictureStore, kept: Callable[[], list[str]]
) -> None:
    with pytest.raises(PictureError):
        await store.take_all([cdn.link, "http://127.0.0.1:1/none.png"])
    assert kept() == []


async def test_forget_deletes_the_named_picture_and_never_leaves_the_directory(
    store: PictureStore, tmp_path: Path
) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir(parents=True)
    for path in (folder / "mine.jpg", folder / "theirs.jpg", tmp_path / "secret.png"):
        path.write_bytes(b"x")
    for name in ("mine.jpg", "mine.jpg", "../secret.png", "", "no\0name"):
        await store.forget(name)
    assert [path.name for path in folder.iterdir()] == ["theirs.jpg"]
    assert (tmp_path / "secret.png").exists()


async def test_sweep_deletes_only_what_is_past_its_retention(store: PictureStore, tmp_path: Path) -> None:
    now = datetime(2026, 1, 10, tzinfo=UTC)
    folder = tmp_path / "pictures"
    (folder / "a.folder").mkdir(parents=True)
    ages = {"old.png": RETENTION + timedelta(seconds=1), "older.jpg": RETENTION * 9, "left.raw": RETENTION * 2}
    ages |= {"young.png": RETENTION - timedelta(seconds=1), "a.folder": RETENTION * 2}
    for name, age in ages.items():
        if not (folder / name).exists():
            (folder / name).write_bytes(b"x")
        os.utime(folder / name, ((now - age).timestamp(),) * 2)
    assert await store.sweep(now) == 3
    assert sorted(path.name for path in folder.iterdir()) == ["a.folder", "young.png"]


async def test_sweep_before_the_first_picture_finds_nothing(store: PictureStore) -> None:
    assert await store.sweep(datetime.now(UTC)) == 0
