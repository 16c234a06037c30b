"""Inspects a database without creating or upgrading it: which version it is, and whether it is damaged."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StorageError
from bot.storage.engine.database import Database, sqlite_file
from bot.storage.engine.upgrade import NEWEST, revision_of
from bot.storage.key_values import KeyValueStore


@dataclass(frozen=True, slots=True)
class DatabaseHealth:
    """
    The state of a database. ``revision`` is None where there is none yet, or an empty one.

    ``sound`` says whether the search for damage was finished; damage that is found is a StorageError.
    ``copies`` are those that upgrades made of the file.
    """

    revision: str | None
    newest: str
    sound: bool
    copies: tuple[Path, ...]

    @property
    def is_newer(self) -> bool:
        """Whether a newer Kinora made it."""
        return self.revision is not None and self.revision > self.newest


async def is_new(url: str) -> bool:
    """Whether there is no database at ``url`` yet, or an empty one. Raises StorageError."""
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return True
    async with Database.unmigrated(url) as database, database.read() as connection:
        return await connection.run_sync(revision_of) is None


async def inspect(url: str, patience: float) -> DatabaseHealth:
    """
    Return the state of the database at ``url``, after up to ``patience`` seconds of looking for damage.

    Raises StorageError. Unless it is empty or too new it is written to: nothing else tells whether it can be.
    """
    file = sqlite_file(url)
    if file is not None and not file.exists():
        _check_place(file)
        return DatabaseHealth(None, NEWEST, sound=True, copies=())
    sound = True
    async with Database.unmigrated(url) as database:
        async with database.read() as connection:
            revision = await connection.run_sync(revision_of)
        if revision is not None and revision <= NEWEST:
            await KeyValueStore(database).put("examined", str(time.time()))
            sound = file is None or await _is_sound(database, patience)
    return DatabaseHealth(revision, NEWEST, sound, _copies(file))


def _check_place(file: Path) -> None:
    """Raise StorageError if no file could be made there."""
    folder = next(place for place in file.absolute().parents if place.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        why = "Permission denied" if folder.is_dir() else f"{folder} is no folder"
        raise StorageError(f"cannot create {file}: {why}")


def _copies(file: Path | None) -> tuple[Path, ...]:
    return tuple(sorted(file.parent.glob(f"{file.name}.before-*"))) if file else ()


async def _is_sound(database: Database, patience: float) -> bool:
    """Look through an SQLite file for damage; False if that took too long. Raises StorageError with what is found."""
    async with database.read() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        # Cancelling would not end the statement, which holds the process until it is done.
        clock = asyncio.get_running_loop().call_later(patience, lambda: asyncio.ensure_future(driver.interrupt()))
        try:
            found = await connection.scalar(text("PRAGMA quick_check(1)"))
        except SQLAlchemyError as error:
            if "interrupted" in str(error):
                return False
            raise
        finally:
            clock.cancel()
    if found != "ok":
        raise StorageError(f"database disk image is malformed: {found}")
    return True
