"""A picture is made what a service takes: its size to the pixel, its type, its bytes; in a process of its own."""

from __future__ import annotations

import os
import sys
from io import BytesIO
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest
from PIL import Image, ImageDraw

from bot.media.fitted_picture import make_fit
from bot.media.picture_fitter import PictureFitter
from bot.media.picture_problems import PictureError, PictureProblem
from bot.media.picture_process import PictureProcess
from bot.models import Picture, PictureFit

RED, BLUE, BLACK = (255, 0, 0), (0, 0, 255), (0, 0, 0)


def bordered(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """A red picture with a blue line, a tenth as wide as the picture, at its left."""
    image = Image.new(mode, size, RED)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 10, size[1]), fill=BLUE)
    return image


def noise(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    return Image.frombytes(mode, size, os.urandom(size[0] * size[1] * len(mode)))


def fitted(tmp_path: Path, image: Image.Image, kind: str = "PNG", **fit: object) -> tuple[Image.Image, str, int]:
    """Return what ``image`` becomes, its media type and its bytes."""
    source, target = tmp_path / "safe", tmp_path / "fitted"
    image.save(source, kind, **({"quality": 95} if kind == "JPEG" else {}))
    media_type = make_fit(source, target, PictureFit(**fit))  # type: ignore[arg-type]
    data = target.read_bytes()
    made = Image.open(BytesIO(data))
    made.load()
    assert media_type == f"image/{(made.format or '').lower()}"
    return made, media_type, len(data)


def near(pixel: object, colour: tuple[int, ...]) -> bool:
    return isinstance(pixel, tuple) and all(abs(a - b) < 20 for a, b in zip(pixel, colour, strict=False))


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (64, 64), (1792, 1024)])
@pytest.mark.parametrize("given", [(2048, 1365), (100, 100), (3, 2000), (1, 1)])
def test_the_size_is_met_to_the_pixel(tmp_path: Path, size: tuple[int, int], given: tuple[int, int]) -> None:
    assert fitted(tmp_path, bordered(given), size=size)[0].size == size


def test_what_reaches_over_is_cut_off_on_both_sides(tmp_path: Path) -> None:
    image = bordered((1000, 500))  # to 3:2 a quarter of the width goes, an eighth on each side: and the blue tenth
    made, *_ = fitted(tmp_path, image, size=(600, 400))

    assert near(made.getpixel((0, 200)), RED)
    assert near(made.getpixel((599, 200)), RED)


def test_where_a_crop_would_take_more_than_a_third_the_whole_picture_is_seen_between_bars(tmp_path: Path) -> None:
    made, *_ = fitted(tmp_path, bordered((900, 1600)), size=(1600, 900))

    assert near(made.getpixel((10, 450)), BLACK)
    assert near(made.getpixel((1590, 450)), BLACK)
    assert near(made.getpixel((800, 5)), RED)
    assert near(made.getpixel((560, 450)), BLUE)


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ((800, 600), (800, 600)),
        ((2048, 1024), (1000, 500)),
        ((100, 50), (600, 300)),
        ((2048, 128), (1000, 300)),
        ((1, 2048), (300, 1000)),
    ],
)
def test_no_side_is_shorter_or_longer_than_is_taken(
    tmp_path: Path, given: tuple[int, int], made: tuple[int, int]
) -> None:
    assert fitted(tmp_path, bordered(given), sides=(300, 1000))[0].size == made


@pytest.mark.parametrize(
    ("mode", "types", "expected"),
    [
        ("RGB", (), "image/jpeg"),
        ("RGBA", (), "image/png"),
        ("RGB", ("image/png",), "image/png"),
        ("RGBA", ("image/jpeg",), "image/jpeg"),
        ("RGB", ("image/webp",), "image/webp"),
        ("RGBA", ("image/webp",), "image/webp"),
        ("RGB", ("image/webp", "image/jpeg"), "image/jpeg"),
    ],
)
def test_the_type_is_one_that_is_taken(tmp_path: Path, mode: str, types: tuple[str, ...], expected: str) -> None:
    assert fitted(tmp_path, bordered((64, 64), mode), types=types)[1] == expected


def test_what_was_transparent_stands_on_white_where_the_type_knows_no_better(tmp_path: Path) -> None:
    made, *_ = fitted(tmp_path, Image.new("RGBA", (64, 64), (0, 0, 0, 0)), types=("image/jpeg",))

    assert near(made.getpixel((32, 32)), (255, 255, 255))


@pytest.mark.parametrize("types", [(), ("image/webp",), ("image/png",), ("image/jpeg",)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_the_bytes_stay_within_what_is_taken(tmp_path: Path, mode: str, types: tuple[str, ...]) -> None:
    size = fitted(tmp_path, noise((600, 400), mode), types=types, max_bytes=40_000)[2]

    assert size <= 40_000


def test_a_picture_of_the_right_size_loses_quality_and_not_its_size(tmp_path: Path) -> None:
    made, _, size = fitted(tmp_path, noise((640, 360)), size=(640, 360), max_bytes=120_000)

    assert made.size == (640, 360)
    assert size <= 120_000


def test_a_picture_that_cannot_be_so_small_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(PictureError) as caught:
        fitted(tmp_path, noise((640, 360)), size=(640, 360), max_bytes=500)

    assert caught.value.problem is PictureProblem.TOO_HEAVY
    assert not (tmp_path / "fitted").exists()


def picture_in(folder: Path, image: Image.Image) -> Picture:
    path = folder / "safe.png"
    image.save(path, "PNG")
    return Picture(path, "image/png", path.stat().st_size, "https://cdn.discordapp.example/safe.png")


@pytest.fixture
def fitter(tmp_path: Path) -> PictureFitter:
    (tmp_path / "downloads").mkdir()
    return PictureFitter(tmp_path / "downloads", PictureProcess())


async def test_the_copy_is_there_for_as_long_as_it_is_sent(tmp_path: Path, fitter: PictureFitter) -> None:
    picture = picture_in(tmp_path, bordered((300, 200)))
    async with fitter.fitted(picture, PictureFit(size=(64, 64))) as copy:
        with Image.open(copy.path) as made:
            assert made.size == (64, 64)
        assert (copy.size, copy.media_type) == (copy.path.stat().st_size, "image/jpeg")
        assert copy.link == picture.link
        assert copy.path.parent == tmp_path / "downloads"

    assert list((tmp_path / "downloads").iterdir()) == []
    assert picture.path.exists()


@pytest.mark.parametrize(
    "fit", [PictureFit(), PictureFit(types=("image/png",)), PictureFit(max_bytes=10_000, types=("image/png",))]
)
async def test_a_picture_that_is_taken_as_it_is_is_not_copied(
    tmp_path: Path, fitter: PictureFitter, fit: PictureFit
) -> None:
    picture = picture_in(tmp_path, bordered((30, 20)))
    async with fitter.fitted(picture, fit) as same:
        assert same == picture


async def test_a_picture_that_is_gone_or_damaged_is_told_apart(tmp_path: Path, fitter: PictureFitter) -> None:
    picture = picture_in(tmp_path, bordered((300, 200)))
    picture.path.write_bytes(picture.path.read_bytes()[:60])
    with pytest.raises(PictureError) as caught:
        await fitter.fitted(picture, PictureFit(size=(64, 64))).__aenter__()
    picture.path.unlink()
    with pytest.raises(FileNotFoundError):
        await fitter.fitted(picture, PictureFit(size=(64, 64))).__aenter__()

    assert caught.value.problem is PictureProblem.DAMAGED
    assert list((tmp_path / "downloads").iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to a limit of memory")
@pytest.mark.parametrize("kind", ["image/jpeg", "image/png", "image/webp"])
async def test_the_largest_there_may_be_is_made_in_the_process_and_within_its_memory(
    tmp_path: Path, fitter: PictureFitter, kind: str
) -> None:
    before = psutil.Process().memory_info().rss
    picture = picture_in(tmp_path, noise((2048, 2048), "RGBA"))
    async with fitter.fitted(picture, PictureFit(size=(3840, 2160), types=(kind,), max_bytes=40_000_000)) as copy:
        assert copy.media_type == kind

    assert psutil.Process().memory_info().rss - before < 120_000_000
