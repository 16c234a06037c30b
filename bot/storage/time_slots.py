"""Reserves turns in what all processes together may only do every so often, such as identifying to the gateway."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import case

from bot.storage.engine.database import Database
from bot.storage.engine.tables import slots
from bot.storage.engine.upsert import insert

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class TimeSlotStore:
    """Hands out moments, each to one caller, whichever process it is in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(self, name: str, now: datetime, every: timedelta) -> datetime:
        """
        Return the moment from which the caller may go, ``now`` or later. Raises StorageError.

        The next one under ``name`` may go ``every`` after that. A moment that is not used is lost.
        """
        statement = insert(self._database.dialect, slots).values(
            name=name, free_at=(now + every - _EPOCH) // _MICROSECOND
        )
        gap, new = every // _MICROSECOND, statement.excluded
        later = case((slots.c.free_at + gap > new.free_at, slots.c.free_at + gap), else_=new.free_at)
        statement = statement.on_conflict_do_update(index_elements=["name"], set_={"free_at": later})
        async with self._database.write() as connection:
            next_free: int = await connection.scalar(statement.returning(slots.c.free_at))
        return _EPOCH + next_free * _MICROSECOND - every
