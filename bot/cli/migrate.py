"""The shell command ``python -m bot migrate``: upgrades the database, as each start does by itself."""

from __future__ import annotations

import sys

from bot.settings import Settings
from bot.storage import Database


async def migrate_database(settings: Settings) -> int:
    """Upgrade the database. Raises StorageError."""
    database = await Database.open(settings.database_url)
    await database.close()
    sys.stderr.write("The database is up to date.\n")
    return 0
