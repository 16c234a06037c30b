"""Counts how often each member of a server was refused, by UTC days and by what was looked at."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any

from sqlalchemy import ColumnElement, func, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import JobRecord
from bot.reports.refusal_report import RefusalReport, RefusalStage
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


async def refusal_report(
    connection: AsyncConnection, guild_id: int, since: date, until: date, *, member: int | None = None, named: int
) -> RefusalReport:
    """Return who was refused in a server on these days, both included, ``named`` at most; or one ``member`` alone."""
    where = [refusals.c.guild_id == guild_id, refusals.c.day.between(since, until)]
    where += [refusals.c.user_id == member] if member is not None else []
    by_stage: dict[RefusalStage, int] = {}
    members: dict[int, dict[RefusalStage, int]] = {}
    count = 0
    for user_id, stage, times, among in (await connection.execute(_added_up(where, named))).all():
        if user_id is None:
            by_stage |= _counted(stage, times)
        else:
            members.setdefault(user_id, {}).update(_counted(stage, times))
            count = among
    ranked = sorted(members.items(), key=lambda found: (-sum(found[1].values()), found[0]))
    return RefusalReport(since, until, by_stage, tuple(ranked), count)


def _added_up(where: list[ColumnElement[bool]], named: int) -> Any:
    """
    Return the query for the sums of each stage, and of the members who were refused most, with how many there were.

    It is one statement, so that the rows are read once. A sum of all members has none.
    """
    each = (
        select(refusals.c.user_id, refusals.c.stage, func.sum(refusals.c.times).label("times"))
        .where(*where)
        .group_by(refusals.c.user_id, refusals.c.stage)
        .cte("each_one")
    )
    total: Any = func.sum(each.c.times)
    most = (
        select(each.c.user_id, func.count().over().label("members"))
        .group_by(each.c.user_id)
        .having(total > 0)
        .order_by(total.desc(), each.c.user_id)
        .limit(named)
        .cte("most")
    )
    by_stage = select(null(), each.c.stage, total, null()).group_by(each.c.stage)
    of_most = select(each.c.user_id, each.c.stage, each.c.times, most.c.members)
    return union_all(by_stage, of_most.join(most, most.c.user_id == each.c.user_id))


def _counted(stage: str, times: int) -> dict[RefusalStage, int]:
    """Return how often, by the stage; nothing of none, or of a stage that another Kinora has counted."""
    return {known: int(times) for known in RefusalStage if known.value == stage and times > 0}
