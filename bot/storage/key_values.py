"""Small facts under a name."""

from __future__ import annotations

from sqlalchemy import select

from bot.storage.engine.database import Database
from bot.storage.engine.tables import notes
from bot.storage.engine.upsert import insert


class KeyValueStore:
    """Remembers one text for each name. Both methods raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> str | None:
        """Return what was put under ``name``, None if nothing was."""
        async with self._database.read() as connection:
            value = await connection.scalar(select(notes.c.value).where(notes.c.name == name))
            return None if value is None else str(value)

    async def put(self, name: str, value: str) -> None:
        """Remember ``value`` in place of what stood there."""
        statement = insert(self._database.dialect, notes).values(name=name, value=value)
        async with self._database.write() as connection:
            await connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
