"""
Takes out of a finished video what a service has written about it, such as the prompt or a whole workflow.

The places stay and are blanked, so that nothing else moves: nothing is encoded, and nothing is copied.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

_MOST = 50_000  # parts that are looked at
_PIECE = 256 * 1024

# ISO/IEC 14496-12: boxes that hold boxes, and boxes that hold words. One called ``free`` is skipped (8.1.2).
_BOXES = (b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf", b"mvex")
_WORDS = (b"udta", b"meta", b"free", b"skip")
# What else holds words, by the ``uuid`` of the box: XMP (ISO 16684-1), and C2PA, which fits no changed file.
_UUIDS = (bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), bytes.fromhex("d8fec3d61b0e483c92975828877ec481"))

# RFC 9559: Segment and Info; then Tags, Attachments, Title, and the checksum of what is changed.
_ELEMENTS = (0x18538067, 0x1549A966)
_TAGS = (0x1254C367, 0x1941A469, 0x7BA9, 0xBF)
_VOID = 0xEC

# RFC 9649, 2.7: a chunk of WebP that nobody knows is skipped.
_CHUNKS = (b"EXIF", b"XMP ")


class _Part(NamedTuple):
    """A part of a container: its kind, where it and its content begin, and where it ends."""

    kind: bytes | int
    start: int
    content: int
    end: int


def drop_metadata(path: Path) -> None:
    """Blank what is written about the video in ``path``, if it is of a kind that is known. Raises OSError. Blocks."""
    with path.open("r+b") as file:
        head = file.read(12)
        if head[:4] == b"\x1a\x45\xdf\xa3":
            _blank_elements(file)
        elif head[:4] == b"RIFF" and head[8:] == b"WEBP":
            _blank_chunks(file)
        elif head[4:8] in (b"ftyp", b"mdat", b"wide", *_BOXES, *_WORDS):
            _blank_boxes(file)


def _walk(
    file: BinaryIO, read: Callable[[BinaryIO, int, int], _Part | None], holders: Container[bytes | int], start: int = 0
) -> Iterator[_Part]:
    """Yield the parts of a file in their order, after each of ``holders`` those in it; what is broken is left out."""
    ranges = [(start, file.seek(0, os.SEEK_END))]
    for _ in range(_MOST):
        if not ranges:
            return
        start, end = ranges.pop()
        part = read(file, start, end) if start < end else None
        if part and part.start < part.end <= end:
            yield part
            ranges.append((part.end, end))
            if part.kind in holders:
                ranges.append((part.content, part.end))


def _blank_boxes(file: BinaryIO) -> None:
    for box in _walk(file, _box, _BOXES):
        file.seek(box.content)
        if box.kind in _WORDS or (box.kind == b"uuid" and file.read(16) in _UUIDS):
            file.seek(box.start + 4)
            file.write(b"free")
            _zero(file, box.content, box.end)


def _box(file: BinaryIO, start: int, end: int) -> _Part | None:
    file.seek(start)
    head = file.read(16)
    size, header = int.from_bytes(head[:4], "big"), 8
    if size == 1:
        size, header = int.from_bytes(head[8:16], "big"), 16
    stop = start + size if size else end
    return _Part(head[4:8], start, start + header, stop) if start + header <= stop else None


def _blank_elements(file: BinaryIO) -> None:
    for element in _walk(file, _element, _ELEMENTS):
        if element.kind in _TAGS:
            room = element.end - element.start
            width = 8 if room > 8 else 1
            file.seek(element.start)
            file.write(bytes([_VOID]) + (room - 1 - width | 1 << 7 * width).to_bytes(width, "big"))
            _zero(file, element.start + 1 + width, element.end)


def _element(file: BinaryIO, start: int, end: int) -> _Part | None:
    file.seek(start)
    head = file.read(12)
    of_id = 9 - head[0].bit_length()  # the first bit that is set says how many bytes there are (RFC 8794, 4)
    of_size = 9 - head[of_id].bit_length() if of_id <= 4 and of_id < len(head) else 9
    if of_size > 8:
        return None
    content = start + of_id + of_size
    size = int.from_bytes(head[of_id : of_id + of_size], "big") - (1 << 7 * of_size)
    is_open = size == (1 << 7 * of_size) - 1  # a stream does not say where it ends
    return _Part(int.from_bytes(head[:of_id], "big"), start, content, end if is_open else content + size)


def _blank_chunks(file: BinaryIO) -> None:
    for chunk in _walk(file, _chunk, (), start=12):
        file.seek(chunk.start)
        if chunk.kind in _CHUNKS:
            file.write(b"JUNK")
            _zero(file, chunk.content, chunk.end)
        elif chunk.kind == b"VP8X":
            file.seek(chunk.content)
            flags = file.read(1)[0] & ~0x0C  # which of them there are
            file.seek(chunk.content)
            file.write(bytes([flags]))


def _chunk(file: BinaryIO, start: int, end: int) -> _Part | None:
    file.seek(start)
    head = file.read(8)
    size = int.from_bytes(head[4:], "little")
    return _Part(head[:4], start, start + 8, start + 8 + size + size % 2)


def _zero(file: BinaryIO, start: int, end: int) -> None:
    file.seek(start)
    while (left := end - file.tell()) > 0:
        file.write(bytes(min(left, _PIECE)))
