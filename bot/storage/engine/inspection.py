"""Looking at a database without making, upgrading or losing anything: which version it is, and whether it is sound."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StorageError
from bot.storage.engine.database import Database
from bot.storage.engine.tables import notes
from bot.storage.engine.upgrade import NEWEST, revision_of
from bot.storage.engine.upsert import insert


@dataclass(frozen=True, slots=True)
class DatabaseHealth:
    """
    How a database is. ``revision`` is None where there is none yet, or an empty one.

    ``sound`` says whether a look for damage came to its end: one that has found damage is a StorageError.
    ``copies`` are what upgrades kept of the file from before.
    """

    revision: str | None
    newest: str
    sound: bool
    copies: tuple[Path, ...]

    @property
    def is_newer(self) -> bool:
        """Whether a newer Kinora made it."""
        return self.revision is not None and self.revision > self.newest


async def inspect(url: str, patience: float) -> DatabaseHealth:
    """
    Return how the database at ``url`` is, after looking ``patience`` seconds for damage. Raises StorageError.

    One that this Kinora may write to is written to: nothing else tells whether it can be.
    """
    file = _file(url)
    if file is not None and not file.exists():
        _check_place(file)
        return DatabaseHealth(None, NEWEST, sound=True, copies=())
    database = Database.unmigrated(url)
    try:
        async with database.read() as connection:
            revision = await connection.run_sync(revision_of)
        condition = DatabaseHealth(revision, NEWEST, sound=True, copies=_copies(file))
        if revision is None or condition.is_newer:
            return condition
        await _write(database)
        sound = file is None or await _is_sound(database, patience)
        return DatabaseHealth(revision, NEWEST, sound, condition.copies)
    finally:
        await database.close()


def _file(url: str) -> Path | None:
    """Return the file of an SQLite database, None of any other. Raises StorageError."""
    try:
        parsed = make_url(url)
    except (SQLAlchemyError, ValueError):
        raise StorageError("the address of the database is malformed") from None
    if not parsed.drivername.startswith("sqlite"):
        return None
    return Path((parsed.database or "").removeprefix("file:"))


def _check_place(file: Path) -> None:
    """Raise StorageError if no file could be made there."""
    folder = next(place for place in file.absolute().parents if place.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        why = "Permission denied" if folder.is_dir() else f"{folder} is no folder"
        raise StorageError(f"cannot create {file}: {why}")


def _copies(file: Path | None) -> tuple[Path, ...]:
    return tuple(sorted(file.parent.glob(f"{file.name}.before-*"))) if file else ()


async def _write(database: Database) -> None:
    async with database.write() as connection:
        statement = insert(database.dialect, notes).values(name="examined", value=str(time.time()))
        keep = {"value": statement.excluded.value}
        await connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=keep))


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
