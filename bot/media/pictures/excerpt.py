"""A file read as if it had only some of its parts, and some bytes that are not in it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import BinaryIO

Part = bytes | range  # itself, or where it stands in the file


class Excerpt(io.RawIOBase):
    """The ``parts`` of ``file``, one after the other; nothing is copied before it is read."""

    def __init__(self, file: BinaryIO, parts: Sequence[Part]) -> None:
        self._file = file
        self._parts = _joined(parts)
        self._size = sum(map(len, parts))
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def read(self, size: int | None = -1) -> bytes:
        """Return the next ``size`` bytes, all that are left where it is negative or None; fewer at the end alone."""
        end = self._size if size is None or size < 0 else min(self._size, self._place + size)
        out, start = [], 0
        for part in self._parts:
            if start >= end:
                break
            wanted = part[max(0, self._place - start) : end - start]
            if isinstance(wanted, bytes):
                out.append(wanted)
            elif wanted:
                self._file.seek(wanted.start)
                out.append(self._file.read(len(wanted)))
            start += len(part)
        data = b"".join(out)
        self._place += len(data)
        return data


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Return ``parts`` with neighbours in the file as one: each read looks through all, and a PNG has thousands."""
    joined: list[Part] = []
    for part in parts:
        before = joined[-1] if joined else b""
        if isinstance(part, range) and isinstance(before, range) and before.stop == part.start:
            joined[-1] = range(before.start, part.stop)
        else:
            joined.append(part)
    return joined
