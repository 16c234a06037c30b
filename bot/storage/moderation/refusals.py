"""Counts how often each member of a server was refused, by UTC days and by what refused them."""

from __future__ import annotations

from datetime import UTC, date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import JobRecord
from bot.reports.usage_report import RefusalStage
from bot.storage.engine.tables import refusals
from bot.storage.engine.upsert import insert

_KEYS = ("guild_id", "day", "user_id", "stage")


async def count_refusal(
    connection: AsyncConnection, dialect: str, job: JobRecord, stage: RefusalStage, *, taken_back: bool = False
) -> None:
    """Count that the member who asked for ``job`` was refused, or no longer, in the caller's transaction."""
    day, times = job.created_at.astimezone(UTC).date(), -1 if taken_back else 1
    row = {"guild_id": job.guild_id, "day": day, "user_id": job.user_id, "stage": stage.value, "times": times}
    statement = insert(dialect, refusals)
    added = {"times": refusals.c.times + statement.excluded.times}
    await connection.execute(statement.on_conflict_do_update(index_elements=_KEYS, set_=added), row)


async def word_refusals(
    connection: AsyncConnection, guild_id: int, since: date, until: date, *, member: int | None = None
) -> int:
    """Return how often the word list refused a prompt on these days, both included, of one member or of all."""
    statement = select(func.sum(refusals.c.times)).where(
        refusals.c.guild_id == guild_id,
        refusals.c.day.between(since, until),
        refusals.c.stage == RefusalStage.WORDS.value,
        *((refusals.c.user_id == member,) if member is not None else ()),
    )
    return int(await connection.scalar(statement) or 0)
