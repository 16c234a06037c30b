"""Who used how much: daily counts of each member of each server."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Outcome, UsageTotals
from bot.storage.database import Database
from bot.storage.tables import usage
from bot.storage.upsert import insert

OPEN = "open"  # the outcome of a job that has none yet


async def book(
    connection: AsyncConnection,
    dialect: str,
    *,
    guild_id: int,
    day: date,
    user_id: int,
    outcome: str,
    jobs: int,
    cost: int,
) -> None:
    """Add ``jobs`` and ``cost``, which may be negative, to one line of the book, inside the caller's transaction."""
    statement = insert(dialect, usage).values(
        guild_id=guild_id, day=day, user_id=user_id, outcome=outcome, jobs=jobs, cost=cost
    )
    keys = ["guild_id", "day", "user_id", "outcome"]
    added = {"jobs": usage.c.jobs + statement.excluded.jobs, "cost": usage.c.cost + statement.excluded.cost}
    await connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=added))


class UsageStore:
    """Answers what one server used. Each question names the server, so no other one's numbers can come along."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def totals(self, guild_id: int, since: date) -> UsageTotals:
        """Return the sums from ``since`` (a UTC day) on. Raises StorageError."""
        of_guild = (usage.c.guild_id == guild_id) & (usage.c.day >= since)
        amount = func.sum(usage.c.jobs).label("amount")
        by_outcome = select(usage.c.outcome, amount).where(of_guild).group_by(usage.c.outcome)
        by_member = select(usage.c.user_id, amount).where(of_guild).group_by(usage.c.user_id)
        async with self._database.read() as connection:
            outcomes = (await connection.execute(by_outcome)).all()
            members = (await connection.execute(by_member.order_by(amount.desc(), usage.c.user_id))).all()
            cost = await connection.scalar(select(func.sum(usage.c.cost)).where(of_guild))
        return UsageTotals(
            by_outcome={Outcome(name): int(count) for name, count in outcomes if name != OPEN and count},
            open=sum(int(count) for name, count in outcomes if name == OPEN),
            by_member={int(member): int(count) for member, count in members if count},
            cost=int(cost or 0),
        )
