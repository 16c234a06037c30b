"""
Opens the database at the URL given first, and closes it; prints the StorageError if that cannot be done.

A second argument is the size, in bytes, beyond which no file can grow: to SQLite a disk that is full.
"""

from __future__ import annotations

import asyncio
import sys

from bot.errors import StorageError
from bot.storage import Database


async def main(url: str, room: str | None = None) -> None:
    if room:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), int(room)))
    try:
        database = await Database.open(url)
    except StorageError as error:
        sys.exit(str(error))
    await database.close()


asyncio.run(main(*sys.argv[1:]))
