"""
Odd pictures as people send them, written at each run: every file with what must come of it.

Their own picture is four fields, so that a turn, a lost colour and a lost transparency show at three points.
"""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from io import BytesIO
from typing import Any, NamedTuple

from PIL import Image, ImageCms, ImageDraw

from bot.installation.extras import Extra

SIDES = 96, 64
COLOURS = ((220, 40, 40), (40, 60, 220), (30, 180, 60), (230, 200, 40))  # top left, top right, below left, below right
POINTS = ((24, 16), (72, 16), (24, 48))
MARK = b"Hidden-Mark-4711"
_CHANCE = random.Random(4711)
_NOISE = bytes(_CHANCE.randbytes(300_000))
_BEST_AVIF: dict[str, Any] = {"quality": 95, "subsampling": "4:4:4"}
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


class Odd(NamedTuple):
    name: str
    data: bytes
    pixels: tuple[tuple[int, ...], ...] = COLOURS[:3]  # at ``POINTS``, with alpha where it is transparent
    said: str = ""  # a part of the sentence, where it cannot be used
    size: tuple[int, int] = SIDES
    near: int = 14
    left_out: str = ""  # why it cannot be written here

    def unlike(self, made: Image.Image) -> list[tuple[object, object]]:
        """Return what ``made``, in RGB or RGBA, shows at the points, with what it should, wherever they differ."""
        places = [(x * made.width // SIDES[0], y * made.height // SIDES[1]) for x, y in POINTS]
        pairs = [(made.getpixel(place), wanted) for place, wanted in zip(places, self.pixels, strict=True)]
        return [(found, wanted) for found, wanted in pairs if not self._near(found, wanted)]

    def _near(self, found: object, wanted: tuple[int, ...]) -> bool:
        """Whether it is about the colour that is wanted; where no alpha is, either may be."""
        assert isinstance(found, tuple)
        assert len(found) >= len(wanted)
        return all(abs(one - other) <= self.near for one, other in zip(found, wanted, strict=False))


def fields(mode: str = "RGB", alpha: int = 255) -> Image.Image:
    image = Image.new("RGBA", SIDES)
    pen = ImageDraw.Draw(image)
    for number, colour in enumerate(COLOURS):
        left, top = number % 2 * 48, number // 2 * 32
        pen.rectangle((left, top, left + 47, top + 31), fill=(*colour, alpha if number == 0 else 255))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_with(*chunks: bytes, before: bytes = b"IDAT") -> bytes:
    data = saved(fields(), "PNG")
    place = data.index(before) - 4
    return data[:place] + b"".join(chunks) + data[place:]


def raw_png(depth: int, colour: int, rows: list[bytes], width: int, *extra: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, len(rows), depth, colour, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(extra) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def exif(orientation: int, *tags: tuple[int, int, int, bytes], order: str = "<") -> bytes:
    """EXIF with the orientation and other tags (number, type, count, four bytes), sorted by number."""
    entries = sorted([(0x0112, 3, 1, struct.pack(f"{order}HH", orientation, 0)), *tags])
    body = b"".join(struct.pack(f"{order}HHI", *entry[:3]) + entry[3] for entry in entries)
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8)
    return head + struct.pack(f"{order}H", len(entries)) + body + bytes(4)


_IN_CENTIMETRES = (0x0128, 3, 1, b"\3\0\0\0")  # lets decoders ask for the XResolution beside it
ODD_TAGS = {
    "byte as XResolution": [(0x011A, 7, 1, MARK[:1] + bytes(3)), _IN_CENTIMETRES],
    "text as XResolution": [(0x011A, 2, 1, bytes(4)), _IN_CENTIMETRES],
    "far away ImageDescription": [(0x010E, 2, 400_000_000, b"\xff\xff\xff\x7f")],
    "unknown type": [(0x010F, 99, 1, MARK[:4])],
    "GPS that leads nowhere": [(0x8825, 4, 1, b"\xf0\xff\xff\xff")],
    "EXIF part that leads to itself": [(0x8769, 4, 1, b"\x08\0\0\0")],
    "text as DateTime": [(0x0132, 2, 3, b"\xff\xfe\xfd\0")],
}
_TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # what makes the stored picture, by the orientation that rights it


def stored(orientation: int) -> Image.Image:
    return fields().transpose(Image.Transpose(_TURNS[orientation])) if orientation in _TURNS else fields()


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def jpeg_with(*segments: bytes, image: Image.Image | None = None, **options: Any) -> bytes:
    data = saved(image or fields(), "JPEG", **{"quality": 95, "subsampling": 0, **options})
    return data[:2] + b"".join(segments) + data[2:]


def webp_with(*chunks: tuple[bytes, bytes], flags: int, image: Image.Image | None = None) -> bytes:
    plain = saved(image or fields(), "WEBP", lossless=True)[12:]
    width, height = (image or fields()).size
    parts = b"VP8X" + struct.pack("<IBxxx", 10, flags)
    parts += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    behind = b"".join(name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for name, data in chunks)
    return b"RIFF" + struct.pack("<I", 4 + len(parts + plain + behind)) + b"WEBP" + parts + plain + behind


def cmyk_profile() -> bytes:
    """A printer's profile whose cyan is (0, 174, 239), as good presses have it: lut8 of two nodes a colour."""
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    to_lab = ImageCms.buildTransform(srgb, lab, "RGB", "LAB")
    inks = ((0, 174, 239), (236, 0, 140), (255, 242, 0), (35, 31, 32))
    table = b""
    for node in range(16):
        colour = [255.0] * 3
        for ink, tones in enumerate(inks):
            if node >> (3 - ink) & 1:
                colour = [one * tone / 255 for one, tone in zip(colour, tones, strict=True)]
        pixel = ImageCms.applyTransform(Image.new("RGB", (1, 1), tuple(map(round, colour))), to_lab)
        assert pixel
        light, a, b = pixel.tobytes()
        table += bytes((light, a ^ 0x80, b ^ 0x80))
    ramp = bytes(range(256))
    unit = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    lut = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + unit + ramp * 4 + table + ramp * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": lut})


def grey_profile(gamma: float) -> bytes:
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256))
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": curve})


def swapped_profile() -> bytes:
    """A profile of sRGB whose red is what others call blue."""
    data = bytearray(_SRGB)
    places = {data[at : at + 4].decode("latin-1"): at for at in range(132, 132 + 12 * data[131], 12)}
    red, blue = places["rXYZ"], places["bXYZ"]
    data[red + 4 : red + 12], data[blue + 4 : blue + 12] = data[blue + 4 : blue + 12], data[red + 4 : red + 12]
    return bytes(data)


def _profile(kind: bytes, colours: bytes, between: bytes, tags: dict[bytes, bytes]) -> bytes:
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    name = b"desc" + bytes(4) + struct.pack(">I", 4) + b"odd\0" + bytes(78)
    tags = {b"wtpt": white, b"desc": name, b"cprt": b"text" + bytes(4) + b"none\0", **tags}
    index, body, place = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for tag, data in tags.items():
        data += bytes(-len(data) % 4)
        index += tag + struct.pack(">II", place + len(body), len(data))
        body += data
    light = struct.pack(">3i", 63190, 65536, 54061)
    head = bytes(4) + struct.pack(">I", 0x02400000) + kind + colours + between + bytes(12) + b"acsp" + bytes(28)
    head = struct.pack(">I", place + len(body)) + head[:4] + head[4:]
    return head + light + bytes(128 - len(head) - 12) + index + body


@cache
def corpus() -> list[Odd]:
    """Return them all, written once and the same ones at each call."""
    makers: tuple[Callable[[], Iterator[Odd]], ...] = (
        _plain, _turned, _png_notes, _jpeg_notes, _webp_notes, _profiles, _keys, _depths, _cut, _shapes, _heic, _others,
    )  # fmt: skip
    return [odd for maker in makers for odd in maker()]


def _plain() -> Iterator[Odd]:
    for kind, options in (
        ("PNG", {}), ("JPEG", {"quality": 95, "subsampling": 0}), ("WEBP", {"lossless": True}), ("BMP", {}),
        ("AVIF", _BEST_AVIF), ("MPO", {"quality": 95, "subsampling": 0}),
        ("ICO", {"sizes": [SIDES]}), ("GIF", {}),
    ):  # fmt: skip
        yield Odd(f"plain {kind}", saved(fields(), kind, **options))
    yield Odd("icon of a bitmap", saved(fields("RGBA"), "ICO", sizes=[SIDES], bitmap_format="bmp"))
    yield Odd("animated PNG", saved(fields(), "PNG", save_all=True, append_images=[fields().rotate(180)]))
    yield Odd("animated GIF", saved(fields(), "GIF", save_all=True, append_images=[fields().rotate(180)]))
    frames = [fields().rotate(180)]
    yield Odd("animated WebP", saved(fields(), "WEBP", save_all=True, append_images=frames, lossless=True))
    avif = saved(fields(), "AVIF", **_BEST_AVIF)
    yield Odd("AVIF of the brand mif1", avif.replace(b"ftypavif", b"ftypmif1", 1))
    yield Odd("animated AVIF", saved(fields(), "AVIF", save_all=True, append_images=frames, **_BEST_AVIF))
    yield Odd("MPO of two", saved(fields(), "MPO", save_all=True, append_images=frames, quality=95, subsampling=0))
    yield Odd("progressive JPEG", jpeg_with(progressive=True))
    yield Odd("BMP of 8 bits", saved(fields().quantize(8), "BMP"))
    clear = ((*COLOURS[0], 0), *((*colour, 255) for colour in COLOURS[1:3]))
    for kind, options in (
        ("PNG", {}),
        ("WEBP", {"lossless": True, "exact": True}),
        ("ICO", {"sizes": [SIDES]}),
        ("AVIF", _BEST_AVIF),
    ):
        yield Odd(f"transparent {kind}", saved(fields("RGBA", 0), kind, **options), clear)


def _turned() -> Iterator[Odd]:
    for orientation in range(1, 9):
        image = stored(orientation)
        note = exif(orientation)
        yield Odd(f"JPEG turned {orientation}", jpeg_with(segment(0xE1, b"Exif\0\0" + note), image=image))
        yield Odd(f"PNG turned {orientation}", saved(image, "PNG", exif=note))
        yield Odd(f"AVIF turned {orientation}", saved(image, "AVIF", exif=note, **_BEST_AVIF))
        yield Odd(f"WebP turned {orientation}", webp_with((b"EXIF", note), flags=8, image=image))
    for value in (0, 9, 255, 65535):
        yield Odd(f"JPEG turned {value}", jpeg_with(segment(0xE1, b"Exif\0\0" + exif(value))))
    big = exif(6, order=">")
    yield Odd("JPEG turned, big-endian", jpeg_with(segment(0xE1, b"Exif\0\0" + big), image=stored(6)))


def _png_notes() -> Iterator[Odd]:
    large = zlib.compress(MARK + bytes(80_000_000), 1)
    notes = {
        "large zTXt": chunk(b"zTXt", b"Comment\0\0" + large),
        "large iTXt": chunk(b"iTXt", b"Comment\0\1\0\0\0" + large),
        "large iCCP": chunk(b"iCCP", b"profile\0\0" + large),
        "large tEXt": chunk(b"tEXt", b"Comment\0" + MARK + _NOISE),
        "damaged zTXt": chunk(b"zTXt", b"Comment\0\0" + MARK),
        "zTXt of an unknown method": chunk(b"zTXt", b"Comment\0\7" + MARK),
        "damaged iCCP": chunk(b"iCCP", b"profile\0\0" + MARK),
        "empty iCCP": chunk(b"iCCP", b""),
        "short cHRM": chunk(b"cHRM", b"\0\0\1"),
        "empty cHRM": chunk(b"cHRM", b""),
        "short gAMA": chunk(b"gAMA", b"\0"),
        "short pHYs": chunk(b"pHYs", b"\0"),
        "short sRGB": chunk(b"sRGB", b""),
        "short tIME": chunk(b"tIME", b"\7"),
        "eXIf that is no TIFF": chunk(b"eXIf", MARK),
        "empty eXIf": chunk(b"eXIf", b""),
        "note of a wrong sum": chunk(b"tEXt", b"Comment\0" + MARK)[:-1] + b"?",
        "short acTL": chunk(b"acTL", b"\0"),
    }
    for name, note in notes.items():
        yield Odd(f"PNG with {name}", png_with(note))
    for name in ("large zTXt", "large iTXt", "eXIf that is no TIFF"):
        yield Odd(f"PNG with {name} behind the pixels", png_with(notes[name], before=b"IEND"))
    yield Odd("PNG with more behind its end", png_with() + MARK + _NOISE)


def _jpeg_notes() -> Iterator[Odd]:
    for name, tags in ODD_TAGS.items():
        for orientation in (3, 6):
            note = segment(0xE1, b"Exif\0\0" + exif(orientation, *tags))
            yield Odd(f"JPEG turned {orientation} with {name}", jpeg_with(note, image=stored(orientation)))
    notes = {
        "EXIF that is no TIFF": segment(0xE1, b"Exif\0\0" + MARK),
        "EXIF that ends early": segment(0xE1, b"Exif\0\0" + exif(1)[:9]),
        "damaged MPF": segment(0xE2, b"MPF\0" + MARK),
        "short Photoshop": segment(0xED, b"Photoshop 3.0\0008BIM" + MARK),
        "short JFIF": segment(0xE0, b"JFIF\0"),
        "large comment": segment(0xFE, MARK + _NOISE[:60_000]),
        "XMP": segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + MARK),
        "profile that lacks a part": segment(0xE2, b"ICC_PROFILE\0\2\3" + _SRGB),
        "filling": b"\xff\xff\xff",
    }
    for name, note in notes.items():
        yield Odd(f"JPEG with {name}", jpeg_with(note))


def _webp_notes() -> Iterator[Odd]:
    notes: dict[str, Any] = {"exif": exif(6), "icc_profile": swapped_profile(), "xmp": MARK}
    frames: dict[str, Any] = {"save_all": True, "append_images": [stored(6).rotate(180)]}
    data = saved(stored(6), "WEBP", lossless=True, **frames, **notes)
    yield Odd("animated WebP with every note", data, tuple(colour[::-1] for colour in COLOURS[:3]), near=40)
    for name, tags in ODD_TAGS.items():
        note = (b"EXIF", exif(6, *tags))
        yield Odd(f"WebP turned with {name}", webp_with(note, flags=8, image=stored(6)))
    for kind, flag in ((b"EXIF", 8), (b"XMP ", 4), (b"ICCP", 32), (b"ODD!", 0)):
        yield Odd(f"WebP with odd {kind.decode()}", webp_with((kind, MARK + _NOISE), flags=flag))
    yield Odd("WebP that promises notes", webp_with(flags=44))
    yield Odd("WebP with more behind its end", webp_with(flags=0) + MARK)


def _profiles() -> Iterator[Odd]:
    cyan = Image.new("CMYK", SIDES, (255, 0, 0, 0))
    for progressive in (False, True):
        data = saved(cyan, "JPEG", icc_profile=cmyk_profile(), quality=98, progressive=progressive)
        yield Odd(f"CMYK JPEG with a profile, progressive {progressive}", data, ((0, 174, 239),) * 3)
    yield Odd("CMYK JPEG", saved(cyan, "JPEG", quality=98), ((0, 255, 255),) * 3)
    blue_first = (COLOURS[0][::-1], COLOURS[1][::-1], COLOURS[2][::-1])
    frames: dict[str, Any] = {"save_all": True, "append_images": [fields().rotate(180)]}
    data = saved(fields(), "PNG", icc_profile=swapped_profile(), **frames)
    yield Odd("animated PNG whose profile swaps colours", data, blue_first, near=40)
    for kind, options in (
        ("PNG", {}), ("JPEG", {"quality": 95, "subsampling": 0}), ("WEBP", {"lossless": True}), ("AVIF", _BEST_AVIF),
    ):  # fmt: skip
        data = saved(fields(), kind, icc_profile=swapped_profile(), **options)
        yield Odd(f"{kind} whose profile swaps colours", data, blue_first, near=40)
        yield Odd(f"{kind} with the profile of a printer", saved(fields(), kind, icc_profile=cmyk_profile(), **options))
    grey = Image.new("L", SIDES, 128)
    for kind in ("PNG", "JPEG"):
        data = saved(grey, kind, icc_profile=grey_profile(1.0))
        yield Odd(f"grey {kind} of gamma 1", data, ((188,) * 3,) * 3)


def _keys() -> Iterator[Odd]:
    """Half of each picture is of the one colour that is transparent."""
    for depth in (1, 2, 4, 8):
        most = 2**depth - 1
        for key in {0, most, most // 2}:
            other = most - key if most - key != key else most
            bits = [key] * 48 + [other] * 48
            number = sum(tone << depth * (95 - place) for place, tone in enumerate(bits))
            row = number.to_bytes(96 * depth // 8, "big")
            tones = key * 255 // most, other * 255 // most
            pixels = ((tones[0],) * 3 + (0,), (tones[1],) * 3 + (255,), (tones[0],) * 3 + (0,))
            data = raw_png(depth, 0, [row] * 64, 96, chunk(b"tRNS", struct.pack(">H", key)))
            yield Odd(f"grey of {depth} bits, {key} transparent", data, pixels)
    for name, other, tone in (("far from", 0x4321, 67), ("beside", 0x8124, 129)):
        pair = struct.pack(">H", 0x8123), struct.pack(">H", other)
        data = raw_png(16, 0, [pair[0] * 48 + pair[1] * 48] * 64, 96, chunk(b"tRNS", pair[0]))
        pixels = ((129,) * 3 + (0,), (tone,) * 3 + (255,), (129,) * 3 + (0,))
        yield Odd(f"grey of 16 bits {name} the transparent one", data, pixels)
    for depth in (8, 16):
        one, two = ((200, 30, 30), (30, 30, 200)) if depth == 8 else ((51_234, 7_700, 7_800), (7_700, 7_800, 51_234))
        form = ">3B" if depth == 8 else ">3H"
        row = struct.pack(form, *one) * 48 + struct.pack(form, *two) * 48
        data = raw_png(depth, 2, [row] * 64, 96, chunk(b"tRNS", struct.pack(">3H", *one)))
        pixels = ((200, 30, 30, 0), (30, 30, 200, 255), (200, 30, 30, 0))
        yield Odd(f"colours of {depth} bits, one transparent", data, pixels)
    for name, other, tones in (
        ("red", (0x8124, 0x8123, 0x8123), (129, 129, 129)),
        ("blue", (0x8123, 0x8123, 0x8124), (129, 129, 129)),
        ("green far", (0x8123, 0x4321, 0x8123), (129, 67, 129)),
    ):
        key = struct.pack(">H", 0x8123) * 3
        data = raw_png(16, 2, [key * 48 + struct.pack(">3H", *other) * 48] * 64, 96, chunk(b"tRNS", key))
        pixels = ((129,) * 3 + (0,), (*tones, 255), (129,) * 3 + (0,))
        yield Odd(f"colours of 16 bits of which one differs in {name}", data, pixels)
    for depth in (1, 2, 4):
        row = bytes(48 * depth // 8) + (int("01".zfill(depth)[-depth:] * 48, 2)).to_bytes(48 * depth // 8, "big")
        palette = chunk(b"PLTE", bytes((*COLOURS[0], *COLOURS[1])))
        data = raw_png(depth, 3, [row] * 64, 96, palette, chunk(b"tRNS", b"\0"))
        pixels = (*COLOURS[0], 0), (*COLOURS[1], 255), (*COLOURS[0], 0)
        yield Odd(f"palette of {depth} bits, one transparent", data, pixels)
    two = [bytes(48) + b"\1" * 48] * 64
    palette, seen = chunk(b"PLTE", bytes((*COLOURS[0], *COLOURS[1]))), (COLOURS[0], COLOURS[1], COLOURS[0])
    for name, size in (("more transparent colours than it has", 3), ("300 transparent colours", 300)):
        yield Odd(f"palette of {name}", raw_png(8, 3, two, 96, palette, chunk(b"tRNS", bytes(size))), seen)
    for kind, name, rows, tone in ((0, "grey", b"\x80" * 96, 128), (2, "colours", b"\x80" * 288, 128)):
        for size in (0, 1, 7):
            data = raw_png(8, kind, [rows] * 64, 96, chunk(b"tRNS", bytes(size)))
            yield Odd(f"{name} with {size} bytes of transparency", data, ((tone,) * 3,) * 3)
    for size in (5, 257 * 3):
        yield Odd(f"colours with {size} bytes of a palette", png_with(chunk(b"PLTE", bytes(size))))


def _depths() -> Iterator[Odd]:
    for tone in (128, 129, 255, 32_896, 65_406, 65_535):
        row = struct.pack(">H", tone) * 96
        yield Odd(f"grey of 16 bits, {tone}", raw_png(16, 0, [row] * 64, 96), ((round(tone / 257),) * 3,) * 3, near=0)
    row = struct.pack(">4H", 51_400, 7_710, 7_710, 32_896) * 96
    yield Odd("colours and alpha of 16 bits", raw_png(16, 6, [row] * 64, 96), ((200, 30, 30, 128),) * 3)
    row = struct.pack(">2H", 51_400, 32_896) * 96
    yield Odd("grey and alpha of 16 bits", raw_png(16, 4, [row] * 64, 96), ((200, 200, 200, 128),) * 3)


def _cut() -> Iterator[Odd]:
    noise = Image.frombytes("RGB", (320, 200), _NOISE[: 320 * 200 * 3])
    noise.paste(fields().resize((320, 160)), (0, 0))
    at = ((80, 40), (240, 40), (80, 120))
    pixels = tuple(noise.getpixel(point) for point in at)
    for name, options in (("", {}), ("progressive ", {"progressive": True})):
        whole = jpeg_with(image=noise, **options)
        for missing in (1, 2, 3, 20, 100):
            yield Odd(f"{name}JPEG without its last {missing} bytes", whole[:-missing], pixels, size=(320, 200))  # type: ignore[arg-type]
        for share in (0.2, 0.5):
            yield Odd(f"{name}JPEG of which {share} is there", whole[: int(len(whole) * share)], said="damaged")
    for kind in ("PNG", "WEBP", "GIF", "AVIF", "BMP"):
        data = saved(noise, kind)
        yield Odd(f"{kind} of which half is there", data[: len(data) // 2], said="damaged")


def _shapes() -> Iterator[Odd]:
    for size in ((1, 1), (1, 2000), (2000, 1), (7, 7)):
        for kind in ("PNG", "JPEG", "BMP"):
            yield Odd(f"{kind} of {size}", saved(Image.new("RGB", size), kind), said="too small or too narrow")
    for size in ((1, 50_000_000), (9000, 9000)):
        said = "megapixels"
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0))
        data = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
        yield Odd(f"PNG that claims {size}", data, said="too complex" if size[0] == 1 else said)
        icon = struct.pack("<3H4B2H2I", 0, 1, 1, 64, 64, 0, 0, 1, 32, len(data), 22) + data
        yield Odd(f"icon that claims {size}", icon, said=said)
        bitmap = struct.pack("<I2i2H", 40, *size, 1, 24) + bytes(24)
        file = b"BM" + struct.pack("<I4xI", 54 + 1000, 54) + bitmap + bytes(1000)
        yield Odd(f"BMP that claims {size}", file, said=said)


def _heic() -> Iterator[Odd]:
    if not Extra.HEIC.is_installed:
        yield Odd("HEIC pictures", b"", left_out="pillow-heif is not installed")
        return
    import_module("pillow_heif").register_heif_opener()
    best: dict[str, Any] = {"quality": 95, "chroma": 444}
    plain = saved(fields(), "HEIF", **best)
    yield Odd("plain HEIC", plain)
    yield Odd("HEIC of half the colour", saved(fields(), "HEIF", quality=95, chroma=420))
    for brand in (b"heix", b"mif1", b"msf1"):
        yield Odd(f"HEIC of the brand {brand.decode()}", plain.replace(b"ftypheic", b"ftyp" + brand, 1))
    for orientation in range(2, 9):
        data = saved(stored(orientation), "HEIF", exif=exif(orientation), **best)
        yield Odd(f"HEIC turned {orientation}", data)
    yield Odd("HEIC with notes", saved(fields(), "HEIF", exif=exif(1, *ODD_TAGS["unknown type"]), xmp=MARK, **best))
    for name, tags in ODD_TAGS.items():
        yield Odd(f"HEIC turned with {name}", saved(stored(6), "HEIF", exif=exif(6, *tags), **best))
    frames = [fields().rotate(180)]
    yield Odd("HEIC of two pictures", saved(fields(), "HEIF", save_all=True, append_images=frames, **best))
    clear = ((*COLOURS[0], 0), *((*colour, 255) for colour in COLOURS[1:3]))
    yield Odd("transparent HEIC", saved(fields("RGBA", 0), "HEIF", **best), clear)
    blue_first = (COLOURS[0][::-1], COLOURS[1][::-1], COLOURS[2][::-1])
    data = saved(fields(), "HEIF", icc_profile=swapped_profile(), **best)
    yield Odd("HEIC whose profile swaps colours", data, blue_first, near=40)
    yield Odd("grey HEIC", saved(Image.new("L", SIDES, 128), "HEIF", quality=95), ((128,) * 3,) * 3)
    deep = Image.new("I;16", SIDES, 32_896)
    yield Odd("grey HEIC of ten bits", saved(deep, "HEIF", quality=95), ((128,) * 3,) * 3)
    yield Odd("HEIC of which half is there", plain[: len(plain) // 2], said="damaged")
    yield Odd("HEIC of (7, 7)", saved(Image.new("RGB", (7, 7)), "HEIF"), said="too small or too narrow")
    claimed = plain.replace(b"ispe" + struct.pack(">III", 0, *SIDES), b"ispe" + struct.pack(">III", 0, 9000, 9000))
    yield Odd("HEIC that claims (9000, 9000)", claimed, said="megapixels")


def _others() -> Iterator[Odd]:
    for name, data, said in (
        ("TIFF", saved(fields(), "TIFF"), "TIFF"), ("big-endian TIFF", b"MM\0*" + bytes(60), "TIFF"),
        ("TIFF of four colours", saved(fields("CMYK"), "TIFF"), "TIFF"),
        ("BigTIFF", saved(fields(), "TIFF", big_tiff=True), "TIFF"),
        ("big-endian BigTIFF", b"MM\0+" + bytes(60), "TIFF"), ("JXL", b"\xff\x0a" + _NOISE[:500], "JPEG XL"),
        ("JXL in a container", b"\0\0\0\x0cJXL \r\n\x87\n" + _NOISE[:500], "JPEG XL"),
        ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"), ("PDF", b"%PDF-1.7\n", "PDF"),
        ("JPEG 2000", saved(fields(), "JPEG2000"), "as a picture"), ("TGA", saved(fields(), "TGA"), "as a picture"),
        ("Photoshop", b"8BPS\0\1" + bytes(500), "as a picture"),
        ("video", b"\0\0\0\x18ftypisom\0\0\0\0isomavc1", "video"),
        ("nothing", b"", "empty"), ("web page", b"<!DOCTYPE html><html></html>", "web page"),
    ):  # fmt: skip
        yield Odd(name, data, said=said)
