"""The folder of members' pictures: which file is whose, what is past its time, and how room is made."""

from __future__ import annotations

import asyncio
import stat
import uuid
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from bot.media.pictures.sides import sides_of
from bot.models import Picture

RETENTION = timedelta(hours=48)
# So long after a picture is kept, its job stands in the database, or never will.
WRITTEN_WITHIN = timedelta(minutes=10)
UNFINISHED = timedelta(hours=1)  # so old is nothing that a living process still fetches or decodes

_MEDIA_TYPES = {".png": "image/png", ".jpg": "image/jpeg"}
_KEPT = (*_MEDIA_TYPES, ".mp4")  # a video that came inside a reply lies here as well
_UNFINISHED = (".raw", ".safe")


class _File(NamedTuple):
    changed: float  # seconds since 1970
    size: int  # bytes
    path: Path


class PictureFolder:
    """
    Pictures in ``path``, of up to ``max_bytes`` together.

    All methods but ``unfinished`` block, and raise OSError where they write.
    """

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes

    @asynccontextmanager
    async def unfinished(self) -> AsyncIterator[tuple[Path, Path]]:
        """Provide where to put a file as it was fetched, and the picture that is made of it; both go in the end."""
        await asyncio.to_thread(self._path.mkdir, parents=True, exist_ok=True)
        name = uuid.uuid4().hex
        places = self._path / f"{name}.raw", self._path / f"{name}.safe"
        try:
            yield places
        finally:
            await asyncio.to_thread(_discard, places)

    def keep(self, safe: Path, media_type: str) -> Picture:
        """
        Keep the finished picture in ``safe``.

        Quick enough for the loop's own thread: given up halfway in another one, it would leave what nobody knows of.
        """
        suffix = next(suffix for suffix, kind in _MEDIA_TYPES.items() if kind == media_type)
        kept = safe.rename(safe.with_suffix(suffix))
        return Picture(kept, media_type, kept.stat().st_size, sides=sides_of(kept))

    def find(self, name: str, link: str = "") -> Picture | None:
        """Return the picture kept under the file name ``name``, None if it is gone."""
        path = self._path / name
        if Path(name).name != name or path.suffix not in _MEDIA_TYPES:
            return None
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                return None
            return Picture(path, _MEDIA_TYPES[path.suffix], found.st_size, link, sides_of(path))
        except (OSError, ValueError):
            return None

    def forget(self, name: str) -> None:
        """Delete what is kept under the file name ``name``, if there is anything."""
        if Path(name).name == name and Path(name).suffix in _KEPT:
            (self._path / name).unlink(missing_ok=True)

    def has_room(self, expected: int) -> bool:
        """Whether as many bytes may be added."""
        return sum(file.size for file in self._files()) + expected <= self._max_bytes

    def make_room(self, expected: int, needed: Collection[str], now: datetime) -> bool:
        """
        Delete the oldest pictures until as many bytes may be added, and return whether they may; not those ``needed``,
        nor those so new that the database may not know of them.
        """
        over = sum(file.size for file in self._files()) + expected - self._max_bytes
        for file in self._older_than(WRITTEN_WITHIN, needed, now):
            if over <= 0:
                break
            file.path.unlink(missing_ok=True)
            over -= file.size
        return over <= 0

    def sweep(self, needed: Collection[str], now: datetime) -> int:
        """
        Delete the pictures that are older than ``RETENTION``, but those ``needed``, and what a killed process left
        unfinished. Return how many files there were.
        """
        old = self._older_than(RETENTION, needed, now)
        for file in old:
            file.path.unlink(missing_ok=True)
        return len(old)

    def _older_than(self, age: timedelta, needed: Collection[str], now: datetime) -> list[_File]:
        """Return the pictures of that age that are not ``needed``, and what nobody will finish; the oldest first."""
        kept_since, begun_since = (now - age).timestamp(), (now - UNFINISHED).timestamp()
        return sorted(
            file
            for file in self._files()
            if file.path.name not in needed
            and file.changed < (begun_since if file.path.suffix in _UNFINISHED else kept_since)
        )

    def _files(self) -> list[_File]:
        """Return all files; one that goes meanwhile is left out."""
        files = []
        for path in self._path.glob("*.*"):
            try:
                found = path.lstat()
            except FileNotFoundError:
                continue
            if stat.S_ISREG(found.st_mode):
                files.append(_File(found.st_mtime, found.st_size, path))
        return files


def _discard(places: tuple[Path, ...]) -> None:
    for path in places:
        # Windows keeps a file that a thread, whose work was given up, has still open: it is swept later.
        with suppress(PermissionError):
            path.unlink(missing_ok=True)
