"""Counts how often each member of a server was refused, by UTC days and by what was looked at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import func, select

from bot.models import JobRecord
from bot.reports.refusal_report import RefusalReport, RefusalStage
from bot.storage.engine.async_engine import AsyncConnection
from bot.storage.engine.tables import refusals
from bot.storage.engine.upsert import insert

_KEYS = ("guild_id", "day", "user_id")
_SUMS: list[Any] = [func.sum(refusals.c[stage.value]) for stage in RefusalStage]
_TOTAL: Any = reduce(add, _SUMS)


async def count_refusal(
    connection: AsyncConnection, dialect: str, job: JobRecord, stage: RefusalStage, *, taken_back: bool = False
) -> None:
    """Count that the member who asked for ``job`` was refused, or no longer, in the caller's transaction."""
    row = {"guild_id": job.guild_id, "day": job.created_at.astimezone(UTC).date(), "user_id": job.user_id}
    times = dict.fromkeys((each.value for each in RefusalStage), 0) | {stage.value: -1 if taken_back else 1}
    statement = insert(dialect, refusals)
    added = {stage.value: refusals.c[stage.value] + statement.excluded[stage.value]}
    await connection.execute(statement.on_conflict_do_update(index_elements=_KEYS, set_=added), row | times)


async def refusal_report(
    connection: AsyncConnection, guild_id: int, since: date, until: date, *, member: int | None = None, named: int
) -> RefusalReport:
    """Return who was refused in a server on these days, both included, ``named`` at most; or one ``member`` alone."""
    of_all = [func.sum(each).over() for each in _SUMS]
    statement = (
        select(refusals.c.user_id, func.count().over(), *_SUMS, *of_all)
        .where(refusals.c.guild_id == guild_id, refusals.c.day.between(since, until))
        .group_by(refusals.c.user_id)
        .having(_TOTAL > 0)
        .order_by(_TOTAL.desc(), refusals.c.user_id)
        .limit(named)
    )
    if member is not None:
        statement = statement.where(refusals.c.user_id == member)
    rows = (await connection.execute(statement)).all()
    stages = len(RefusalStage)
    return RefusalReport(
        since,
        until,
        _counted(rows[0][2 + stages :]) if rows else {},
        tuple((row.user_id, _counted(row[2 : 2 + stages])) for row in rows),
        int(rows[0][1]) if rows else 0,
    )


def _counted(times: Iterable[int]) -> dict[RefusalStage, int]:
    return {stage: int(count) for stage, count in zip(RefusalStage, times, strict=True) if count}
