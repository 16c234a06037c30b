"""
What of a picture's file its pixels are made of, and the two facts beside them that count: its orientation, its profile.

Everything else in the file is left out before a decoder sees it: text, previews, damaged notes of cameras and editors.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from bot.media.pictures.excerpt import Part

MAX_PROFILE = 4 * 1024 * 1024  # bytes; profiles of printers take up to three megabytes
_MAX_EXIF = 1024 * 1024  # bytes
_ORIENTATION = 0x0112  # EXIF 2.32, section 4.6.4
_WHOLE_NUMBERS = {1: "B", 3: "H", 4: "I"}  # types of EXIF values, as struct calls them
_JFIF = b"\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"  # says nothing but what the colours are
_PNG_PIXELS = (b"IHDR", b"IDAT", b"IEND")
_GREY, _COLOURS, _PALETTE = 0, 2, 3  # the colour types of PNG in which something may be transparent by tRNS
_WEBP_PIXELS = (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF")
_WEBP_FLAGS = 0xFF ^ 0b101100  # of VP8X: that profile, EXIF and XMP follow


@dataclass
class Bare:
    """
    The ``parts`` of the file that hold the pixels; ``key`` is the one transparent colour, if any, as Pillow has it.

    ``deep_key`` is one of 16 bits each, of which Pillow keeps the upper eight.
    """

    parts: list[Part] = field(default_factory=list)
    orientation: int = 1
    profile: bytes = b""
    key: int | tuple[int, ...] | None = None
    deep_key: tuple[int, ...] = ()


def bare(file: BinaryIO, size: int) -> Bare | None:
    """Return what counts of a PNG, JPEG or WebP of ``size`` bytes, None of any other file. Raises OSError."""
    file.seek(0)
    head = file.read(12)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(file, size)
    if head.startswith(b"\xff\xd8"):
        return _jpeg(file, size)
    if head.startswith(b"RIFF") and head.endswith(b"WEBP"):
        return _webp(file, size)
    return None


def orientation_of(exif: bytes) -> int:
    """Return how the picture is to be turned, 1 to 8, whatever else stands in ``exif``; 1 where it does not say."""
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    try:
        if not order:
            return 1
        (start,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, start)
        for place in range(start + 2, start + 2 + count * 12, 12):
            tag, kind = struct.unpack_from(f"{order}HH", exif, place)
            if tag == _ORIENTATION and kind in _WHOLE_NUMBERS:
                (value,) = struct.unpack_from(order + _WHOLE_NUMBERS[kind], exif, place + 8)
                return value if 1 <= value <= 8 else 1
    except struct.error:  # it ends too early
        pass
    return 1


def _png(file: BinaryIO, size: int) -> Bare:
    """Return what counts; a tRNS of a wrong length means nothing, as it does to browsers."""
    found = Bare([range(8)])
    depth, kind, colours = 0, -1, 0
    for name, body, whole in _png_chunks(file, size):
        if name in _PNG_PIXELS:
            found.parts.append(whole)
        if name == b"IHDR" and len(body) >= 10:
            depth, kind = _read(file, body[8:10])
        elif name == b"PLTE" and kind == _PALETTE:  # of others it is advice
            found.parts.append(whole)
            colours = len(body) // 3
        elif name == b"tRNS" and kind == _PALETTE and len(body) <= (colours or 256):
            found.parts.append(whole)
        elif name == b"tRNS" and len(body) == {_GREY: 2, _COLOURS: 6}.get(kind):
            found.parts.append(whole)
            _set_key(found, depth, struct.unpack(f">{len(body) // 2}H", _read(file, body)))
        elif name == b"eXIf":
            found.orientation = orientation_of(_read(file, body[:_MAX_EXIF]))
        elif name == b"iCCP":
            found.profile = _unpacked(_read(file, body[:MAX_PROFILE]).partition(b"\0")[2][1:])
    return found


def _png_chunks(file: BinaryIO, size: int) -> Iterator[tuple[bytes, range, range]]:
    """Yield name and place of each chunk, without and with its frame (PNG 1.2, section 3.2)."""
    place, name = 8, b""
    while place + 8 <= size and name != b"IEND":
        length, name = struct.unpack(">I4s", _read(file, range(place, place + 8)))
        yield name, range(place + 8, min(size, place + 8 + length)), range(place, min(size, place + 12 + length))
        place += 12 + length


def _set_key(found: Bare, depth: int, tones: tuple[int, ...]) -> None:
    """Note the colour that tRNS makes transparent: as Pillow has it, in eight bits each, but greys of 16 bits."""
    most = 2**depth - 1
    if len(tones) == 1:
        found.key = tones[0] if depth == 16 else (tones[0] & most) * 255 // most
    elif depth == 16:
        found.deep_key = tones
    else:
        found.key = tuple(tone & most for tone in tones)


def _unpacked(data: bytes) -> bytes:
    try:
        profile = zlib.decompressobj().decompress(data, MAX_PROFILE)
    except zlib.error:
        return b""
    return profile if len(profile) < MAX_PROFILE else b""


def _jpeg(file: BinaryIO, size: int) -> Bare:
    found, profiles = Bare([range(2)]), {}
    for marker, body, whole in _jpeg_segments(file, size):
        start = _read(file, body[:14])
        if marker == 0xE0 and start.startswith(b"JFIF\0"):
            found.parts.append(_JFIF)
        elif marker == 0xE1 and start.startswith(b"Exif\0") and found.orientation == 1:
            found.orientation = orientation_of(_read(file, body))
        elif marker == 0xE2 and start.startswith(b"ICC_PROFILE\0") and len(start) == 14:
            profiles[start[12]] = _read(file, body[14:])
        elif (marker == 0xEE and start.startswith(b"Adobe") and len(start) >= 12) or not (
            0xE0 <= marker <= 0xEF or marker == 0xFE
        ):
            found.parts.append(whole)
    found.profile = b"".join(profiles[number] for number in sorted(profiles))
    return found


def _jpeg_segments(file: BinaryIO, size: int) -> Iterator[tuple[int, range, range]]:
    """
    Yield marker and place of each segment, without and with its frame (ITU-T T.81, annex B).

    The last one, at the first scan, is all the rest.
    """
    place = 2
    while place + 4 <= size:
        first, marker, length = struct.unpack(">BBH", _read(file, range(place, place + 4)))
        if first != 0xFF or marker in (0, 0xFF):  # stuffing, or what does not belong there
            place += 1
        elif marker == 0xDA:
            yield marker, range(place + 4, size), range(place, size)
            return
        elif marker == 0x01 or 0xD0 <= marker <= 0xD9:  # stands alone
            place += 2
        else:
            end = min(size, place + 2 + max(2, length))
            yield marker, range(place + 4, end), range(place, end)
            place = end


def _webp(file: BinaryIO, size: int) -> Bare:
    found, place, missing = Bare(), 12, 0
    size = min(size, 8 + int.from_bytes(_read(file, range(4, 8)), "little"))
    while place + 8 <= size:
        name, length = struct.unpack("<4sI", _read(file, range(place, place + 8)))
        end = place + 8 + length + length % 2
        body = range(place + 8, min(size, place + 8 + length))
        if name == b"VP8X":
            flags = _read(file, body[:1]) or b"\0"
            missing = max(0, end - size)
            found.parts += [range(place, place + 8), bytes([flags[0] & _WEBP_FLAGS]), range(place + 9, min(size, end))]
        elif name in _WEBP_PIXELS:
            missing = max(0, end - size)  # a file that is cut stays so
            found.parts.append(range(place, min(size, end)))
        elif name == b"EXIF":
            found.orientation = orientation_of(_read(file, body[:_MAX_EXIF]))
        elif name == b"ICCP":
            found.profile = _read(file, body[:MAX_PROFILE])
        place = end
    length = 4 + sum(map(len, found.parts)) + missing
    found.parts.insert(0, struct.pack("<4sI4s", b"RIFF", length, b"WEBP"))
    return found


def _read(file: BinaryIO, place: range) -> bytes:
    if not place:
        return b""
    file.seek(place.start)
    return file.read(len(place))
