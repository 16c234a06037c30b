"""Pictures that take more memory than any other of as many pixels, by format: small files, made for it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from typing import Any, NamedTuple

from PIL import ExifTags, Image, ImageCms

from bot.installation.extras import Extra

_COLOUR, _OTHER_COLOUR, _ALPHA = (200, 30, 30), (30, 30, 200), 100
_FAST_HEIC = {"preset": "ultrafast", "x265:min-cu-size": "32"}  # a quarter of the time; decoding takes as much memory


class Heavy(NamedTuple):
    most: int  # pixels a side, as many as Kinora accepts
    of_side: Callable[[int], bytes]


def _encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _attached() -> dict[str, Any]:
    """Return a colour profile and an orientation: each of the two costs a copy, if one is careless."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    return {"exif": exif, "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()}


def _plain(kind: str, **options: Any) -> Callable[[int], bytes]:
    return lambda side: _encoded(Image.new("RGB", (side, side), _COLOUR), kind, **options, **_attached())


def _transparent(kind: str, **options: Any) -> Callable[[int], bytes]:
    return lambda side: _encoded(Image.new("RGBA", (side, side), (*_COLOUR, _ALPHA)), kind, **options, **_attached())


def _deep_key(side: int) -> bytes:
    """Return a PNG of 16 bits a colour of which one colour is transparent: it is decoded in two halves."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packer, row = zlib.compressobj(1), b"\0" + struct.pack(">3H", *_COLOUR) * side
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 16, 2, 0, 0, 0)
    chunks = (b"IHDR", head), (b"tRNS", struct.pack(">3H", *_OTHER_COLOUR)), (b"IDAT", pixels), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in chunks)


def _gif(side: int) -> bytes:
    image = Image.new("P", (side, side))
    image.putpalette([*_COLOUR, *_OTHER_COLOUR, *bytes(762)])
    return _encoded(image, "GIF", transparency=1)


def _animated_webp(side: int) -> bytes:
    """Return an animation of two frames, less than 200 bytes in all."""
    frames = [Image.new("RGBA", (side, side), (*colour, _ALPHA)) for colour in (_COLOUR, _OTHER_COLOUR)]
    return _encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True, method=0)


def _heic(mode: str, chroma: int) -> Callable[[int], bytes]:
    def of_side(side: int) -> bytes:
        import_module("pillow_heif").register_heif_opener()
        image = Image.new(mode, (side, side), (*_COLOUR, _ALPHA)[: len(mode)])
        return _encoded(image, "HEIF", quality=50, chroma=chroma, enc_params=dict(_FAST_HEIC), **_attached())

    return of_side


def _icon(side: int) -> bytes:
    """Return an icon whose picture is larger than icons can say."""
    data = _transparent("PNG")(side)
    return struct.pack("<3H4B2H2I", 0, 1, 1, 0, 0, 0, 0, 1, 32, len(data), 22) + data


def _bmp(side: int) -> bytes:
    """Return a picture in run lengths, each of which is a colour and up to 255 pixels."""
    full, rest = divmod(side, 255)
    pixels = (b"\xff\1" * full + bytes((rest, 1)) * bool(rest) + b"\0\0") * side
    palette = bytes(4) + bytes((*_COLOUR[::-1], 0)) + bytes(1016)
    head = struct.pack("<I2i2H6I", 40, side, side, 1, 8, 1, len(pixels), 0, 0, 256, 0)
    return b"BM" + struct.pack("<I4xI", 1078 + len(pixels), 1078) + head + palette + pixels


HEAVY = {
    "PNG": Heavy(7071, _plain("PNG")),
    "PNG, transparent": Heavy(7071, _transparent("PNG")),
    "PNG, one colour of 16 bits transparent": Heavy(4472, _deep_key),
    "JPEG": Heavy(7071, _plain("JPEG", subsampling="4:4:4")),
    "JPEG, progressive": Heavy(5291, _plain("JPEG", progressive=True, subsampling="4:4:4")),
    "GIF": Heavy(7071, _gif),
    "WebP": Heavy(3605, _transparent("WEBP", lossless=True, method=0)),
    "WebP, animated": Heavy(3605, _animated_webp),
    "AVIF": Heavy(3872, _plain("AVIF", speed=10, subsampling="4:4:4")),
    "AVIF, transparent": Heavy(3872, _transparent("AVIF", speed=10, subsampling="4:4:4")),
    "BMP": Heavy(5000, _bmp),
    "ICO": Heavy(2000, _icon),
}
if Extra.HEIC.is_installed:
    HEAVY |= {"HEIC": Heavy(4949, _heic("RGB", 420)), "HEIC, transparent": Heavy(3872, _heic("RGBA", 444))}


def heaviest(kind: str) -> bytes:
    """Return the picture of that kind that takes the most memory of those that are accepted."""
    return HEAVY[kind].of_side(HEAVY[kind].most)
