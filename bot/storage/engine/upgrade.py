"""
Upgrades a database to the newest tables, and keeps a copy of an SQLite file from before: the one way back.

Alembic does the work. It is imported only if there is any: the import takes longer than all the rest of a start.
"""

from __future__ import annotations

import filecmp
import logging
import os
import sqlite3
import tempfile
from contextlib import closing
from itertools import count
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import URL

from bot.errors import StorageError

# In the order in which they follow each other; a file is named after the revision it makes.
_REVISIONS = sorted(path.name[1:5] for path in (Path(__file__).parents[1] / "migrations").glob("versions/v[0-9]*.py"))
NEWEST = _REVISIONS[-1]

log = logging.getLogger(__name__)


def upgrade(connection: Connection) -> None:
    """Upgrade the database in the caller's transaction. Raises StorageError if a newer Kinora made it."""
    if revision_of(connection) == NEWEST:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "bot.storage:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StorageError("the database was made by a newer Kinora; upgrade Kinora, not the database") from error


def upgrade_due(connection: Connection) -> str | None:
    """Return the revision to upgrade to, None if the database is new, up to date, or made by a newer Kinora."""
    return NEWEST if revision_of(connection) in _REVISIONS[:-1] else None


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the database, None if it is new."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def why_not_newest(connection: Connection) -> str | None:
    """Return why a database is not of the newest revision, None if it is."""
    present = revision_of(connection)
    if present is None:
        return "it is no database of Kinora"
    if present == NEWEST:
        return None
    if present in _REVISIONS:
        return "an older Kinora made it, and nothing is changed in it here. Upgrade it first: python -m bot migrate"
    return "a newer Kinora made it; upgrade Kinora first"


def keep_copy(url: URL, revision: str, patience: float) -> None:
    """
    Copy the SQLite file of ``url``, as it is before its upgrade, to ``<file>.before-<revision>`` beside it.

    A copy of another state that has that name stays, and this one gets a number. Waits up to ``patience`` seconds for a
    locked file. Raises StorageError; then nothing may be upgraded.
    """
    try:
        with closing(sqlite3.connect(url.database or "", timeout=patience, uri="uri" in url.query)) as connection:
            (_, _, file) = connection.execute("PRAGMA database_list").fetchone()
            if file:
                _copy(connection, Path(file), Path(f"{file}.before-{revision}"))
    except sqlite3.Error as error:
        raise StorageError(str(error)) from None


def _copy(connection: sqlite3.Connection, file: Path, target: Path) -> None:
    part = None
    try:
        # Readable by no other user from its first byte on: it contains prompts.
        handle, part = tempfile.mkstemp(prefix=f"{target.name}.", dir=target.parent)
        os.close(handle)
        connection.execute("VACUUM INTO ?", (part,))
        _put(Path(part), target)
    except (sqlite3.Error, OSError) as error:
        size = file.stat().st_size // 1_000_000 + 1
        raise StorageError(
            f"it has to be upgraded, and a copy from before could not be made ({error}); "
            f"{target.parent} needs {size} MB of room for it"
        ) from None
    finally:
        if part:
            Path(part).unlink(missing_ok=True)


def _put(part: Path, target: Path) -> None:
    """Give a copy its name, or the next one that is free, unless another process has put the same one there."""
    with closing(sqlite3.connect(part)) as copy:
        if copy.execute("SELECT version_num FROM alembic_version").fetchone() == (NEWEST,):
            return  # another process, which has made its own copy, was quicker
    for number in count(1):
        place = target if number == 1 else target.with_name(f"{target.name}-{number}")
        if not place.exists():
            os.replace(part, place)
            log.info("kept a copy of the database from before its upgrade: %s", place.name)
            return
        if filecmp.cmp(part, place, shallow=False):
            return
