"""
Whether a JPEG that ends too early lacks only its last bytes.

It is completed in two ways. Where both look the same, the bytes that are there say what it shows.
"""

from __future__ import annotations

import random
import re
from typing import BinaryIO

from PIL import Image, ImageChops

MOST_MISSING = 0.1  # of the pixels
_END = b"\xff\xd9"
# The end alone, and noise before it: what a decoder makes of it is where bytes are missing.
ENDS = (_END, b"\0" + random.Random(4711).randbytes(2048).replace(b"\xff", b"\x5a") + _END)
_FRAME = re.compile(rb"\xff[\xc0-\xc2]\0.\x08.{4}([\x01-\x04])", re.DOTALL)  # ITU-T T.81, section B.2.2


def is_jpeg(file: BinaryIO) -> bool:
    """Whether ``file`` begins as a JPEG."""
    file.seek(0)
    return file.read(2) == b"\xff\xd8"


def may_be_completed(file: BinaryIO) -> bool:
    """Whether the last scan that is there is the last one of all: with every colour, or the finest bit of the first."""
    file.seek(0)
    data = file.read()
    frame, place = _FRAME.search(data), data.rfind(b"\xff\xda")
    if not frame or place < 0 or len(data) < place + 5:
        return False
    colours = data[place + 4]
    end = data[place + 5 + 2 * colours : place + 8 + 2 * colours]  # first and last coefficient, and their bits
    if len(end) < 3 or end[1] != 63:
        return False
    return colours == frame[1][0] or (end[2] & 0x0F == 0 and end[2] != 0)


def unlike(one: Image.Image, other: Image.Image) -> float:
    """Return the share of pixels in which the pictures differ."""
    changed = (
        ImageChops.difference(one.convert("RGB"), other.convert("RGB")).convert("L").point(lambda by: 255 * (by > 4))
    )
    return 1 - changed.histogram()[0] / (one.width * one.height)
