"""
A safe picture made what a service takes: of a size, within sides, of a type, of so many bytes.

``python -m bot.media.fitted_picture SOURCE TARGET FIT`` does it in a process of its own, which ``picture_process.py``
starts; FIT is a ``PictureFit`` as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from bot.media.picture_problems import MAX_PIXELS, PictureError, PictureProblem
from bot.media.safe_picture import MAX_SENT, limit_this_process
from bot.models import PictureFit

MAX_CUT = 0.34  # of a picture; where a crop would cut away more, it is padded
_LARGEST = 4096  # pixels a side
_QUALITIES = (92, 80, 65, 45, 25)
_SMALLER = 0.75  # of each side, where no quality is low enough
_LEAST = 64  # pixels; a smaller picture shows nothing
_BARS = {"RGB": (0, 0, 0), "RGBA": (0, 0, 0, 0)}


def make_fit(source: Path, target: Path, fit: PictureFit) -> str:
    """
    Write the picture in ``source`` to ``target`` as ``fit`` says and return its media type.

    Raises PictureError if it is damaged, or cannot be made that small. Blocks.
    """
    picture = _shaped(_read(source), fit)
    for candidate in _smaller(picture, fit):
        for data, media_type in _encodings(candidate, fit.types):
            if len(data) <= (fit.max_bytes or MAX_SENT):
                target.write_bytes(data)
                return media_type
    raise PictureError(PictureProblem.TOO_HEAVY)


def _read(source: Path) -> Image.Image:
    try:
        with Image.open(source, formats=("PNG", "JPEG")) as opened:
            return opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    except FileNotFoundError:
        raise
    except OSError:  # what Pillow says of a file that it cannot read, too
        raise PictureError(PictureProblem.DAMAGED) from None


def _shaped(picture: Image.Image, fit: PictureFit) -> Image.Image:
    if fit.size:
        return _exactly(picture, fit.size)
    return _within(picture, *fit.sides) if fit.sides else picture


def _exactly(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return the picture scaled to cover ``size``, what reaches over cut off on both sides, or scaled to lie within."""
    shapes = picture.width / picture.height, size[0] / size[1]
    if 1 - min(shapes) / max(shapes) > MAX_CUT:
        return ImageOps.pad(picture, size, Image.Resampling.LANCZOS, color=_BARS[picture.mode])
    return ImageOps.fit(picture, size, Image.Resampling.LANCZOS)


def _within(picture: Image.Image, least: int, most: int) -> Image.Image:
    """Return the picture scaled until no side is shorter or longer than that; what cannot be both is padded."""
    most = min(most, _LARGEST)
    share = min(max(1.0, least / min(picture.size)), most / max(picture.size))
    size = max(1, round(picture.width * share)), max(1, round(picture.height * share))
    if size != picture.size:
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    if min(size) >= least:
        return picture
    return ImageOps.pad(picture, (max(size[0], least), max(size[1], least)), color=_BARS[picture.mode])


def _smaller(picture: Image.Image, fit: PictureFit) -> Iterator[Image.Image]:
    """Yield the picture, and smaller ones where its size may be another."""
    least = max(fit.sides[0] if fit.sides else 0, _LEAST)
    yield picture
    while not fit.size and min(picture.size) * _SMALLER >= least:
        picture = ImageOps.scale(picture, _SMALLER, Image.Resampling.LANCZOS)
        yield picture


def _encodings(picture: Image.Image, types: tuple[str, ...]) -> Iterator[tuple[bytes, str]]:
    """Yield the picture in the types that are taken, the best first."""
    taken = [kind for kind in ("PNG", "JPEG", "WEBP") if not types or f"image/{kind.lower()}" in types]
    if picture.mode == "RGBA" and "PNG" in taken:
        yield _encoded(picture, "PNG")
    if "JPEG" in taken or "WEBP" in taken:
        kind = "JPEG" if "JPEG" in taken else "WEBP"
        opaque = _opaque(picture)  # for WebP too, whose encoder would take half as much again
        yield from (_encoded(opaque, kind, quality) for quality in _QUALITIES)
    else:
        if picture.mode == "RGB":
            yield _encoded(picture, "PNG")
        yield _encoded(picture.quantize(method=Image.Quantize.FASTOCTREE), "PNG")


def _opaque(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _encoded(picture: Image.Image, kind: str, quality: int | None = None) -> tuple[bytes, str]:
    out = BytesIO()
    try:
        picture.save(out, kind, **({"quality": quality} if quality else {}))
    except ValueError as error:  # of WebP's encoder, where it has no memory
        raise MemoryError from error
    return out.getvalue(), f"image/{kind.lower()}"


def _answer(source: Path, target: Path, fit: PictureFit) -> dict[str, object]:
    try:
        return {"media_type": make_fit(source, target, fit)}
    except PictureError as error:
        return {"problem": error.problem, "limit": error.limit}
    except MemoryError:
        return {"problem": PictureProblem.TOO_HEAVY, "limit": MAX_PIXELS}


if __name__ == "__main__":
    limit_this_process()
    sys.stdout.write(json.dumps(_answer(Path(sys.argv[1]), Path(sys.argv[2]), PictureFit.from_text(sys.argv[3]))))
