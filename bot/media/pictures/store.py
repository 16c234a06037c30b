"""Members' pictures: fetched and made safe before their job is submitted, and kept for a time in files of its own."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from weakref import WeakValueDictionary

from bot.errors import FetchError, FileTooLarge, LinkRefused
from bot.media.fetcher import Fetcher
from bot.media.pictures.folder import PictureFolder
from bot.media.pictures.problems import PictureError, PictureProblem, picture_at
from bot.media.pictures.process import PictureProcess
from bot.models import Picture

MAX_BYTES = 20 * 1024 * 1024  # of the file a member may give
MAX_UNDER_WAY = 2  # requests of one member whose pictures are fetched and decoded at once; others wait their turn
FETCH_TIMEOUT = 60.0  # seconds


class PictureStore:
    """
    Takes pictures in from links and keeps them, safe to send, in ``directory``.

    The folder holds up to ``max_bytes``; where room is wanted, the oldest pictures go first. ``needed`` tells which
    names the open jobs need: neither age nor want of room takes those away.
    """

    def __init__(
        self,
        directory: Path,
        fetcher: Fetcher,
        *,
        needed: Callable[[], Awaitable[Collection[str]]],
        max_bytes: int,
        process: PictureProcess | None = None,
    ) -> None:
        self._folder = PictureFolder(directory, max_bytes)
        self._fetcher = fetcher
        self._needed = needed
        self._process = process or PictureProcess()
        self._turns: WeakValueDictionary[int, asyncio.Semaphore] = WeakValueDictionary()  # by member
        self._expected = 0  # bytes that those under way may still add to the folder

    @staticmethod
    def check_size(*sizes: int) -> None:
        """Raise PictureError if one of files of so many bytes is too large to be worth fetching."""
        for place, size in enumerate(sizes):
            with picture_at(place):
                if size > MAX_BYTES:
                    raise PictureError(PictureProblem.TOO_LARGE)

    async def take_all(self, links: Sequence[str], member: int) -> tuple[Picture, ...]:
        """
        Fetch the pictures at ``links`` for ``member``, one after the other, make them safe and keep them.

        Raises PictureError; then none of them is kept. Raises StorageError where room is needed and cannot be made.
        """
        turn = self._turns.setdefault(member, asyncio.Semaphore(MAX_UNDER_WAY))
        async with turn, self._all_or_none() as kept:
            for place, link in enumerate(links):
                with picture_at(place):
                    async with self._room() as (raw, safe):
                        kept.append(await self._take(link, raw, safe))
        return tuple(kept)

    async def copy_all(self, former: Collection[tuple[str, str]]) -> tuple[Picture, ...] | None:
        """
        Keep the pictures with these names once more, without their links: what becomes of the former ones, and when,
        does not matter to those returned. Return None if one of them is gone. Raises PictureError and StorageError.
        """
        try:
            async with self._all_or_none() as kept:
                for name, _link in former:
                    async with self._room(spared={name for name, _ in former}) as (_, safe):
                        kept.append(await self._copy(name, safe))
        except FileNotFoundError:
            return None
        return tuple(kept)

    async def find_all(self, kept: Iterable[tuple[str, str]]) -> tuple[Picture, ...] | None:
        """Return the pictures kept under these names, each with its link; None if one of them is gone."""
        found = [await asyncio.to_thread(self._folder.find, name, link) for name, link in kept]
        there = [picture for picture in found if picture]
        return tuple(there) if len(there) == len(found) else None

    async def forget(self, names: Iterable[str]) -> None:
        """Delete what is kept under these file names, as far as there is anything."""
        for name in names:
            await asyncio.to_thread(self._folder.forget, name)

    async def sweep(self, now: datetime) -> int:
        """Delete what is past its time and return how many files that were. Raises StorageError and OSError."""
        return await asyncio.to_thread(self._folder.sweep, await self._needed(), now)

    @asynccontextmanager
    async def _all_or_none(self) -> AsyncIterator[list[Picture]]:
        """Provide a list for what is kept; if the block fails, or is given up at any point, that is deleted again."""
        kept: list[Picture] = []
        try:
            yield kept
        except BaseException:
            await self.forget(picture.path.name for picture in kept)
            raise

    async def _take(self, link: str, raw: Path, safe: Path) -> Picture:
        try:
            await self._fetcher.fetch(link, raw, limit=MAX_BYTES, within=FETCH_TIMEOUT)
        except FileTooLarge as error:
            raise PictureError(PictureProblem.TOO_LARGE) from error
        except LinkRefused as error:
            raise PictureError(PictureProblem.LINK_REFUSED) from error
        except FetchError as error:
            raise PictureError(PictureProblem.NOT_FETCHED) from error
        media_type = await self._process.make_safe(raw, safe)
        return self._folder.keep(safe, media_type)

    async def _copy(self, name: str, safe: Path) -> Picture:
        if not (found := await asyncio.to_thread(self._folder.find, name)):
            raise FileNotFoundError(name)
        await asyncio.to_thread(shutil.copyfile, found.path, safe)
        return self._folder.keep(safe, found.media_type)

    @asynccontextmanager
    async def _room(self, spared: Collection[str] = ()) -> AsyncIterator[tuple[Path, Path]]:
        """
        Provide where to put a file as it was fetched and the picture that is made of it; what is not kept goes again.

        The pictures called ``spared`` make no room for it. Raises PictureError if the folder is full of what is needed,
        StorageError if that cannot be known.
        """
        self._expected += MAX_BYTES
        try:
            if not await asyncio.to_thread(self._folder.has_room, self._expected):
                needed = {*spared, *await self._needed()}
                if not await asyncio.to_thread(self._folder.make_room, self._expected, needed, datetime.now(UTC)):
                    raise PictureError(PictureProblem.NO_ROOM)
            async with self._folder.unfinished() as places:
                yield places
        finally:
            self._expected -= MAX_BYTES
