"""Small texts, each stored under a name."""

from __future__ import annotations

from sqlalchemy import select

from bot.storage.engine.database import Database
from bot.storage.engine.tables import notes
from bot.storage.engine.upsert import put


class KeyValueStore:
    """Keeps one text for each name. Both methods raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> str | None:
        """Return what was put under ``name``, None if nothing was."""
        async with self._database.read() as connection:
            value = await connection.scalar(select(notes.c.value).where(notes.c.name == name))
            return None if value is None else str(value)

    async def put(self, name: str, value: str) -> None:
        """Store ``value`` under ``name``, in place of an earlier one."""
        async with self._database.write() as connection:
            await connection.execute(put(self._database.dialect, notes, name=name, value=value))
