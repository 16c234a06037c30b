"""How wide and high a kept picture is, from the head of its file."""

from __future__ import annotations

import struct
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
