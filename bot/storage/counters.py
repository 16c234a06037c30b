"""The counters that limits are held against. Each decision is one SQL statement, so no two can both be the last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk import Used, UsedUp
from bot.quota import SERVER, Need, Span
from bot.storage.database import Database
from bot.storage.tables import counters
from bot.storage.upsert import insert

Key = tuple[int, int, str]

DAYS_KEPT = timedelta(days=40)  # of the counters of single days
MONTHS_KEPT = timedelta(days=400)

_CHUNK = 1000  # counters that are deleted at a time
_KEY = (counters.c.guild_id, counters.c.user_id, counters.c.period)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


async def reserve(connection: AsyncConnection, dialect: str, needs: Iterable[Need]) -> set[Key]:
    """
    Add ``needs`` to their counters and return the keys of those that would have passed a limit and were not changed.

    If there are any, the caller has to roll back. A need that is too large by itself must not be given: a new counter
    is not compared. Each counter may be named once.
    """
    statement = insert(dialect, counters)
    new = statement.excluded
    fits = and_(
        counters.c.videos + new.videos <= new.most_videos,
        counters.c.cost + new.cost <= new.most_cost,
        # The latest one lies in the future where the clock was set back; nobody waits for that.
        or_(new.pause == 0, counters.c.latest + new.pause <= new.latest, counters.c.latest > new.latest),
    )
    added = {
        "videos": counters.c.videos + new.videos,
        "cost": counters.c.cost + new.cost,
        "latest": new.latest,
        "most_videos": new.most_videos,
        "most_cost": new.most_cost,
        "pause": new.pause,
    }
    statement = statement.on_conflict_do_update(index_elements=_KEY, set_=added, where=fits).returning(*_KEY)
    rows = [_row(need) for need in sorted(needs, key=lambda need: need.key)]
    granted = {tuple(row) for row in (await connection.execute(statement, rows)).all()}
    return {(row["guild_id"], row["user_id"], row["period"]) for row in rows} - granted


async def give_back(connection: AsyncConnection, dialect: str, needs: Iterable[Need]) -> None:
    """Add ``needs``, whose numbers are negative, to their counters, whatever the limits are now."""
    statement = insert(dialect, counters)
    new = statement.excluded
    added = {"videos": counters.c.videos + new.videos, "cost": counters.c.cost + new.cost}
    rows = [_row(need) for need in sorted(needs, key=lambda need: need.key)]
    await connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=added), rows)


async def standing(connection: AsyncConnection, keys: Iterable[Key]) -> dict[Key, Used]:
    """Return what stands on the counters of ``keys``; those that have no row yet are left out."""
    wanted = set(keys)
    guilds, users, periods = ({key[part] for key in wanted} for part in range(3))
    of_keys = _KEY[0].in_(guilds) & _KEY[1].in_(users) & _KEY[2].in_(periods)
    rows = (await connection.execute(select(*_KEY, *_VALUES).where(of_keys))).all()
    found = {(row.guild_id, row.user_id, row.period): Used(row.videos, row.cost, _moment(row.latest)) for row in rows}
    return {key: used for key, used in found.items() if key in wanted}


_BOUND = ("guild", "user", "when")
_DELETE = delete(counters).where(*(part == bindparam(name) for part, name in zip(_KEY, _BOUND, strict=True)))
_VALUES = (counters.c.videos, counters.c.cost, counters.c.latest)


class CounterStore:
    """Tells what stands on the counters of one server. Raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def used(self, guild_id: int, user_id: int | None, now: datetime) -> UsedUp:
        """Return what a member, or for None the server, has used of its limits."""
        whose = SERVER if user_id is None else user_id
        keys = {span: (guild_id, whose, span.period(now)) for span in Span}
        async with self._database.read() as connection:
            found = await standing(connection, keys.values())
        return UsedUp(**{span.value: found.get(key, Used()) for span, key in keys.items()})

    async def prune(self, now: datetime) -> int:
        """Delete the counters of days and months that nobody asks for any more; return how many. Those of now stay."""
        day, month = Span.DAY.period(now - DAYS_KEPT), Span.MONTH.period(now - MONTHS_KEPT)
        period, length = counters.c.period, func.length(counters.c.period)
        over = or_((length == len(day)) & (period < day), (length == len(month)) & (period < month))
        pruned = 0
        # Looked for apart from the deleting, while others may write: they are strewn among those that stay.
        keys = await self._after((-1, -1, ""), over)
        while keys:
            async with self._database.write() as connection:
                await connection.execute(_DELETE, [dict(zip(_BOUND, key, strict=True)) for key in keys])
            pruned += len(keys)
            keys = await self._after(keys[-1], over)
        return pruned

    async def _after(self, last: Key, of_kind: ColumnElement[bool]) -> list[Key]:
        """Return the next keys, in order, of counters of a kind."""
        edge = tuple_(*(literal(part, column.type) for part, column in zip(last, _KEY, strict=True)))
        statement = select(*_KEY).where(of_kind, tuple_(*_KEY) > edge).order_by(*_KEY).limit(_CHUNK)
        async with self._database.read() as connection:
            return [(row[0], row[1], row[2]) for row in (await connection.execute(statement)).all()]


def _row(need: Need) -> dict[str, Any]:
    guild_id, user_id, period = need.key
    return {
        "guild_id": guild_id,
        "user_id": user_id,
        "period": period,
        "videos": need.videos,
        "cost": need.cost,
        "latest": _milliseconds(need.at),
        "most_videos": need.most_videos,
        "most_cost": need.most_cost,
        "pause": need.pause * 1000,
    }


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + milliseconds * _MILLISECOND
