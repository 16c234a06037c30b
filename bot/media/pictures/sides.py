"""How wide and high a picture is, from the head of its file."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

_HEAD = 64 * 1024  # bytes; what Kinora writes has its size far before
_NO_FRAMES = (0xC4, 0xC8, 0xCC)  # among the markers of frames those that stand for tables (ITU-T T.81, table B.1)


def sides_of(path: Path) -> tuple[int, int] | None:
    """Return width and height in pixels of a kept picture, None if they are not found. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head[:4] == b"\x89PNG" and len(head) >= 24:
        width, height = struct.unpack(">II", head[16:24])
        return width, height
    place = 2
    while head[:2] == b"\xff\xd8" and place + 9 <= len(head) and head[place] == 0xFF:
        marker, length = head[place + 1], int.from_bytes(head[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAMES:
            height, width = struct.unpack(">HH", head[place + 5 : place + 9])
            return width, height
        place += 2 + length
    return None


def early_sides(path: Path) -> Iterator[tuple[str, int, int]]:
    """
    Yield format, width and height of what Pillow takes memory for before it tells a size, or tells another.

    That is the canvas of a WebP picture, and each picture in an icon. Raises OSError.
    """
    with path.open("rb") as file:
        head = file.read(30)
        if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
            yield "WEBP", *_webp_canvas(head)
        elif head[:4] == b"\0\0\1\0":
            file.seek(6)
            for entry in struct.iter_unpack("<12xI", _whole(file.read(16 * int.from_bytes(head[4:6], "little")), 16)):
                file.seek(entry[0])
                yield "ICO", *_icon_sides(file.read(24))


def _whole(data: bytes, size: int) -> bytes:
    return data[: len(data) // size * size]


def _icon_sides(head: bytes) -> tuple[int, int]:
    """Return the size of a PNG or bitmap in an icon; of a bitmap its mask is one half, as Pillow counts it first."""
    if len(head) < 24:
        return 0, 0
    width, height = struct.unpack(">II", head[16:24]) if head[:4] == b"\x89PNG" else struct.unpack("<ii", head[4:12])
    return abs(width), abs(height)


def _webp_canvas(head: bytes) -> tuple[int, int]:
    """Return the size of the canvas of a WebP picture that begins with ``head``."""
    match head[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case _:
            return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
