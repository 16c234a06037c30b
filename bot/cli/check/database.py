"""Checks the database: there, writable, undamaged, of which version. It neither creates nor upgrades one."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from bot.cli.check.findings import Finding, Severity, some_of, unknown
from bot.errors import StorageError
from bot.settings import Settings
from bot.storage import Database, DatabaseHealth, GuildStore, inspect

NAMES = ("database", "database_version", "upgrade_copies", "budget")
DEADLINE = 12.0  # seconds
PATIENCE = 6.0  # seconds to look for damage; a gigabyte takes about one

_SERVER = "Check DATABASE_URL, and that the server is running."
# What the drivers say, and what to do about it.
_REMEDIES = (
    (("is full", "disk i/o", "no space", "file too large"), "The disk has no room left: delete what is not needed."),
    (("is locked", "is busy"), "Another program holds it: a second Kinora, a backup, an SQL shell? End that, or wait."),
    (("readonly", "read-only"), "This user may not write it: give them the file and its folder (chown)."),
    (
        ("not a database", "malformed", "corrupt"),
        "It is damaged. Stop Kinora, keep a copy of the file, and put the latest backup in its place.",
    ),
    (("unable to open", "cannot create"), "Check DATABASE_URL, and that this user may write to that folder."),
    (("one more package",), "Install it, or use an SQLite file."),
    (("connect", "password", "does not exist", "refused"), _SERVER),
)
_ELSE = "Check DATABASE_URL."
_GO_BACK = (
    "Install the newer Kinora again; the database is as it was. To go back for good, put the copy from before the "
    "upgrade in its place."
)


async def check_database(settings: Settings) -> list[Finding]:
    """Return the findings about the database of ``settings``."""
    try:
        async with asyncio.timeout(DEADLINE):
            condition = await inspect(settings.database_url, PATIENCE)
            budget = await _budget(settings.database_url, condition)
    except TimeoutError:
        return _amiss(f"There was no answer within {DEADLINE:.0f} seconds.", _SERVER)
    except (StorageError, OSError) as error:
        remedy = next((remedy for words, remedy in _REMEDIES if any(w in str(error).lower() for w in words)), _ELSE)
        return _amiss(_sentence(str(error)), remedy)
    return [_itself(condition), _version(condition), *budget, *_copies(condition.copies)]


def _amiss(finding: str, remedy: str) -> list[Finding]:
    rest = unknown(NAMES[1:2], "The database could not be looked at.")
    return [Finding("database", Severity.WRONG, finding, remedy), *rest]


def _itself(condition: DatabaseHealth) -> Finding:
    if condition.revision is None:
        return Finding("database", Severity.OK, "Nothing is there yet. The first start makes it.")
    if condition.is_newer:
        return Finding("database", Severity.UNKNOWN, "Not written to: a newer Kinora made it.")
    if condition.sound:
        return Finding("database", Severity.OK, "The database can be written and has no damage.")
    what = f"It can be written, but is too large to be looked through for damage in {PATIENCE:.0f} seconds."
    remedy = "To look at all of it while Kinora rests: sqlite3 <file> 'PRAGMA quick_check'"
    return Finding("database", Severity.HINT, what, remedy)


def _version(condition: DatabaseHealth) -> Finding:
    revision, newest = condition.revision, condition.newest
    if revision is None:
        return Finding("database_version", Severity.OK, f"It will be of version {newest}, the newest.")
    if revision == newest:
        return Finding("database_version", Severity.OK, f"The database is of version {newest}, the newest.")
    if condition.is_newer:
        what = f"A newer Kinora made the database ({revision}); this one knows up to {newest} and will not start."
        return Finding("database_version", Severity.WRONG, what, _GO_BACK)
    what = f"The database is of version {revision}; {newest} is the newest."
    remedy = "Nothing to do: the next start upgrades it, and keeps a copy of an SQLite file beside it."
    return Finding("database_version", Severity.HINT, what, remedy)


def _copies(copies: tuple[Path, ...]) -> list[Finding]:
    if not copies:
        return []
    size = 0
    for copy in copies:
        with contextlib.suppress(OSError):  # deleted just now, as it should be
            size += copy.stat().st_size
    what = (
        f"Copies from before upgrades take {size / 1e6:.1f} MB, and may hold prompts that were erased since: "
        f"{some_of([copy.name for copy in copies])}, in {copies[0].parent}."
    )
    return [Finding("upgrade_copies", Severity.HINT, what, "Delete them once all is well.")]


async def _budget(url: str, condition: DatabaseHealth) -> list[Finding]:
    """Return whether anything bounds what videos may cost; those who never chose should hear of it before the bill."""
    if condition.revision not in (None, condition.newest):
        return []
    if condition.revision:
        async with Database.unmigrated(url) as database:
            if await GuildStore(database).is_bounded():
                what = "There are limits on how many videos are made, or what they cost."
                return [Finding("budget", Severity.OK, what)]
    return [
        Finding(
            "budget",
            Severity.HINT,
            "Nothing limits how many videos are made a day or a month, or what they cost.",
            "Set a budget over all servers with /operator cap, or one for a server with /limits server.",
        )
    ]


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."
