"""The shell command ``python -m bot move-database FROM TO``: moves all data to another database."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.cli.columns import align
from bot.errors import StorageError
from bot.settings.values import check_database_url, data_directory
from bot.storage.transfer.move import Check, move

DONE, FAILED, WRONG_ADDRESS = 0, 1, 2
_TELL_EVERY = 500_000  # rows
_HEADS = ("table", "rows in FROM", "rows in TO", "columns that add up")


def move_database(source: str, target: str) -> int:
    """Move it, print the check of each table, and return the exit code. Needs no settings: they may name only one."""
    for name, address in (("FROM", source), ("TO", target)):
        try:
            check_database_url(address)
        except ValueError as error:
            return _say(f"{name} {error}.", WRONG_ADDRESS)
    try:
        checks = asyncio.run(move(source, target, datetime.now(UTC), _tell))
    except StorageError as error:
        return _say(f"Not moved: {error}.", FAILED)
    except KeyboardInterrupt:
        return _say("Not moved: it was interrupted, and TO is as it was.", FAILED)
    lines = align([_HEADS, *map(_cells, checks)], left=1)
    sys.stdout.write("\n".join(lines) + "\n\n")
    if wrong := [check for check in checks if not check.is_equal]:
        return _say(_difference(wrong), FAILED)
    sys.stdout.write(
        f"All of it is in TO, and FROM is as it was. Put TO into DATABASE_URL. {_pictures(source, target)}\n"
    )
    return DONE


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


def _tell(table: str, rows: int) -> None:
    if rows % _TELL_EVERY == 0:
        sys.stderr.write(f"{table}: {rows:,} rows\n")


def _cells(check: Check) -> tuple[object, ...]:
    columns = len(check.here.columns)
    return check.table, check.here.rows, check.there.rows, f"{columns - len(check.differing)} of {columns}"


def _difference(wrong: Sequence[Check]) -> str:
    columns = ", ".join(f"{check.table}.{name}" for check in wrong for name in check.differing)
    where = columns or ", ".join(check.table for check in wrong)
    return f"Not moved: the two do not add up to the same in {where}. Nothing was kept in TO."


def _pictures(source: str, target: str) -> str:
    here, there = (data_directory(url) / "pictures" for url in (source, target))
    if here == there:
        return f"The pictures are no part of a database: leave the folder {here} where it is."
    return f"The pictures are no part of a database: copy the folder {here} to {there}, where Kinora looks from now on."
