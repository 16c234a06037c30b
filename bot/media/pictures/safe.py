"""
A member's picture made safe to send, within bounds of memory: upright, in sRGB, small, and without any metadata.

``python -m bot.media.pictures.safe SOURCE TARGET`` does it in a process of its own, which ``process.py`` starts.
"""

from __future__ import annotations

import json
import math
import sys
from dataclasses import replace
from importlib import import_module
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import IO, BinaryIO, cast

from PIL import AvifImagePlugin, Image, ImageChops, UnidentifiedImageError

from bot.concurrency import process_limits
from bot.installation.extras import Extra
from bot.media.pictures.bare import Bare, bare, orientation_of
from bot.media.pictures.colours import Colours, eight_bits, where_other
from bot.media.pictures.cut import ENDS, MOST_MISSING, is_jpeg, may_be_completed, unlike
from bot.media.pictures.excerpt import Excerpt
from bot.media.pictures.problems import (
    MAX_PIXELS,
    MAX_SIDE,
    PictureError,
    PictureProblem,
    is_heic,
    problem_of,
)
from bot.media.pictures.sides import early_sides

MAX_SENT = 8 * 1024 * 1024  # bytes; base64 adds a third, and some services refuse more than 10 MB
MAX_TIME = 10  # seconds of the processor; the heaviest pictures take two

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF", "BMP", "ICO")
# What the process may take in bytes of its own; 10 MB that are mapped into it from files come on top. Of it 200 MB are
# for the pixels as they were, and their decoder may want more of each than the four bytes that Pillow keeps: with WebP
# 16 (an animation's canvas, the one before it, the frame, and Pillow's), with AVIF up to 14, with a progressive JPEG 7.
MAX_MEMORY = 236_000_000
MAX_LENGTH = 65_535  # pixels of the longer side, as many as most formats can say: each row costs some bytes as well
_MOST = {
    "WEBP": 13_000_000,
    "AVIF": 15_000_000,
    "HEIF": 25_000_000,
    "BMP": 25_000_000,
    "ICO": 4_000_000,
    "progressive": 28_000_000,
    "progressive_cmyk": 21_000_000,
    "deep_key": 20_000_000,
}  # pixels, where fewer than MAX_PIXELS
MIN_SIDE = 8  # pixels of the shorter side as it is sent; services refuse what shows nothing, some after they charged it
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SURE_HEIC = 15_000_000  # pixels; beyond, they must be opaque and of half the colour, as phones make them
_TILE = 400  # pixels a side of what is scaled at a time
_REACH = 3  # pixels of the scaled picture, to each side, that one of its pixels is made of (Lanczos)


def make_safe(source: Path, target: Path) -> str:
    """
    Write the picture in ``source`` to ``target``, at most ``MAX_SIDE`` pixels a side, and return its media type.

    What it is, is decided by its content. Transparent pictures become PNG, all others JPEG; of animations the first
    frame is taken. Raises PictureError, and MemoryError where the process has a limit. Blocks.
    """
    try:
        picture = _scaled_down(source)
    except (PictureError, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError(PictureProblem.TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        raise PictureError(problem_of(source)) from None
    except Exception as error:
        raise PictureError(PictureProblem.DAMAGED) from error
    data, media_type = _encoded(picture)
    target.write_bytes(data)
    return media_type


def _scaled_down(source: Path) -> Image.Image:
    """Return the picture upright, as RGB or RGBA, in sRGB. Where a JPEG lacks its last bytes, they are made up."""
    for kind, width, height in early_sides(source):
        _check_size(kind, width, height)
    with source.open("rb") as file:
        found = bare(file, source.stat().st_size)
        try:
            return _decoded(file, found)
        except OSError:
            if not found or not is_jpeg(file) or not may_be_completed(file):
                raise
        completed = [_decoded(file, replace(found, parts=[*found.parts, end])) for end in ENDS]
        if unlike(*completed) > MOST_MISSING:
            raise PictureError(PictureProblem.DAMAGED)
        return completed[0]


def _decoded(file: BinaryIO, found: Bare | None) -> Image.Image:
    picture, colours, orientation = _small(file, found)  # and the large one is let go before there are more copies
    picture = colours.in_srgb(picture)
    picture = picture.transpose(_TURNS[orientation]) if orientation in _TURNS else picture
    picture.info.clear()
    return picture


def _small(file: BinaryIO, found: Bare | None) -> tuple[Image.Image, Colours, int]:
    """Return the picture scaled, in the colours that it has, and how it is to be turned."""
    formats = _formats(file)
    file.seek(0)
    with Image.open(cast(IO[bytes], Excerpt(file, found.parts)) if found else file, formats=formats) as opened:
        _check_size("deep_key" if found and found.deep_key else _kind(opened), *opened.size)
        share = min(1, MAX_SIDE / max(opened.size))
        size = max(1, round(opened.width * share)), max(1, round(opened.height * share))
        if min(size) < MIN_SIDE:
            raise PictureError(PictureProblem.TOO_THIN)
        opened.draft("RGB", size)
        if found and found.key is not None:
            opened.info["transparency"] = found.key
        opaque = _differing_below(file, found) if found and found.deep_key else None
        _load(opened)
        if found and opaque:
            opened.putalpha(ImageChops.lighter(opaque, where_other(opened, [tone >> 8 for tone in found.deep_key])))
            del opened.info["transparency"]
        # After the pixels: in a HEIC, AVIF or TIFF picture it may be known only now.
        orientation = found.orientation if found else orientation_of(opened.info.get("exif") or b"")
        colours = Colours(found.profile if found else opened.info.get("icc_profile") or b"", opened.mode)
        mode = colours.working_mode(opened.has_transparency_data)
        return _scaled(opened, Image.new(mode, size)), colours, orientation


def _load(opened: Image.Image) -> None:
    """Decode the pixels. Raises MemoryError also where HEIC's library says no more than that it failed."""
    try:
        opened.load()
    except Exception as error:
        if opened.format == "HEIF" and opened.width * opened.height > _SURE_HEIC:
            raise MemoryError from error
        raise


def _differing_below(file: BinaryIO, found: Bare) -> Image.Image:
    """Return 255 where a PNG of 16 bits differs from its transparent colour in the lower eight, which Pillow drops."""
    with Image.open(cast(IO[bytes], Excerpt(file, found.parts)), formats=("PNG",)) as lower:
        lower.tile = [tile._replace(args="RGB;16L") for tile in lower.tile]  # as if these were the upper ones
        lower.load()
        return where_other(lower, [tone & 0xFF for tone in found.deep_key])


def _formats(file: BinaryIO) -> tuple[str, ...]:
    """Return what may be decoded; HEIC where it is one and its extra is installed, which takes memory of its own."""
    file.seek(0)
    if not is_heic(file.read(12)) or not Extra.HEIC.is_installed:
        return _FORMATS
    plugin = import_module("pillow_heif")  # an extra
    plugin.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
    return (*_FORMATS, "HEIF")


def _kind(opened: Image.Image) -> str | None:
    if not opened.info.get("progressive"):
        return opened.format
    return "progressive_cmyk" if opened.mode == "CMYK" else "progressive"  # all of its colours are held until the end


def _check_size(kind: str | None, width: int, height: int) -> None:
    if width * height > (limit := _MOST.get(kind or "", MAX_PIXELS)):
        raise PictureError(PictureProblem.TOO_MANY_PIXELS, limit)
    if max(width, height) > MAX_LENGTH:
        raise PictureError(PictureProblem.TOO_HEAVY)


def _scaled(opened: Image.Image, picture: Image.Image) -> Image.Image:
    """Fill ``picture`` with the pixels of ``opened``, piece by piece: no copy is made of all of them."""
    across, down = opened.width / picture.width, opened.height / picture.height
    wide, high = max(1, int(_TILE / across)), max(1, int(_TILE / down))
    for left, top in product(range(0, picture.width, wide), range(0, picture.height, high)):
        right, bottom = min(left + wide, picture.width), min(top + high, picture.height)
        near = (
            max(0, math.floor((left - _REACH) * across) - 1),
            max(0, math.floor((top - _REACH) * down) - 1),
            min(opened.width, math.ceil((right + _REACH) * across) + 1),
            min(opened.height, math.ceil((bottom + _REACH) * down) + 1),
        )
        x, y = near[:2]
        end = min(right * across, near[2]), min(bottom * down, near[3])
        box = left * across - x, top * down - y, end[0] - x, end[1] - y
        piece = eight_bits(opened.crop(near), picture.mode)
        picture.paste(piece.resize((right - left, bottom - top), Image.Resampling.LANCZOS, box), (left, top))
    return picture


def _encoded(picture: Image.Image) -> tuple[bytes, str]:
    out = BytesIO()
    if picture.mode == "RGBA":
        picture.save(out, "PNG")
        if out.tell() <= MAX_SENT:
            return out.getvalue(), "image/png"
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture, out = paper, BytesIO()
    picture.save(out, "JPEG", quality=92, optimize=True)
    return out.getvalue(), "image/jpeg"


def limit_this_process() -> None:
    """Bound the memory and the processor's time of this process, as far as the system can; it is killed beyond."""
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each has buffers of its own
    process_limits.set_limits(MAX_MEMORY, MAX_TIME)


def _answer(source: Path, target: Path) -> dict[str, object]:
    """Make the picture safe and return its ``media_type``, or the ``problem`` with it and its ``limit``."""
    try:
        return {"media_type": make_safe(source, target)}
    except PictureError as error:
        return {"problem": error.problem, "limit": error.limit}
    except MemoryError:
        return {"problem": PictureProblem.TOO_HEAVY, "limit": MAX_PIXELS}


if __name__ == "__main__":
    limit_this_process()
    sys.stdout.write(json.dumps(_answer(*map(Path, sys.argv[1:]))))
