"""The counters that limits are held against. Each decision is one SQL statement, so no two can both be the last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.limits import SERVER, CounterValue, Reservation, Usage, Window
from bot.storage.engine.bulk_rows import ROWS, packed, select_rows
from bot.storage.engine.database import Database
from bot.storage.engine.tables import counters
from bot.storage.engine.upsert import insert

Key = tuple[int, int, str]

DAYS_KEPT = timedelta(days=40)  # of the counters of single days
MONTHS_KEPT = timedelta(days=400)

_CHUNK = 1000  # counters that are deleted at a time
_KEY = (counters.c.guild_id, counters.c.user_id, counters.c.period)
_COLUMNS = list(counters.c)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


async def reserve(connection: AsyncConnection, dialect: str, needs: Sequence[Reservation]) -> set[Key]:
    """
    Add ``needs`` to their counters and return the keys of those that would have passed a limit and were not changed.

    If there are any, the caller has to roll back. A need that is too large by itself must not be given: a new counter
    is not compared. Each counter may be named once.
    """
    granted = await connection.execute(_reserving(dialect), {ROWS: _packed(dialect, needs)})
    return {need.key for need in needs} - {tuple(row) for row in granted}


async def refund(connection: AsyncConnection, dialect: str, needs: Sequence[Reservation]) -> None:
    """Add ``needs``, whose numbers are negative, to their counters, whatever the limits are now."""
    await connection.execute(_giving_back(dialect), {ROWS: _packed(dialect, needs)})


@cache
def _reserving(dialect: str) -> Any:
    statement = insert(dialect, counters).from_select(_COLUMNS, select_rows(dialect, _COLUMNS))
    new = statement.excluded
    fits = and_(
        counters.c.videos + new.videos <= new.most_videos,
        counters.c.cost + new.cost <= new.most_cost,
        # The latest one lies in the future where the clock was set back; nobody waits for that.
        or_(new.pause == 0, counters.c.latest + new.pause <= new.latest, counters.c.latest > new.latest),
    )
    kept = {name: new[name] for name in ("latest", "most_videos", "most_cost", "pause")}
    return statement.on_conflict_do_update(index_elements=_KEY, set_=_added(new) | kept, where=fits).returning(*_KEY)


@cache
def _giving_back(dialect: str) -> Any:
    statement = insert(dialect, counters).from_select(_COLUMNS, select_rows(dialect, _COLUMNS))
    return statement.on_conflict_do_update(index_elements=_KEY, set_=_added(statement.excluded))


def _added(new: Any) -> dict[str, Any]:
    return {"videos": counters.c.videos + new.videos, "cost": counters.c.cost + new.cost}


async def read_counters(connection: AsyncConnection, keys: Iterable[Key]) -> dict[Key, CounterValue]:
    """Return what stands on the counters of ``keys``; those that have no row yet are left out."""
    wanted = set(keys)
    guilds, users, periods = ({key[part] for key in wanted} for part in range(3))
    of_keys = _KEY[0].in_(guilds) & _KEY[1].in_(users) & _KEY[2].in_(periods)
    rows = (await connection.execute(select(*_KEY, *_VALUES).where(of_keys))).all()
    found = {
        (row.guild_id, row.user_id, row.period): CounterValue(row.videos, row.cost, _moment(row.latest)) for row in rows
    }
    return {key: used for key, used in found.items() if key in wanted}


_BOUND = ("guild", "user", "when")
_DELETE = delete(counters).where(*(part == bindparam(name) for part, name in zip(_KEY, _BOUND, strict=True)))
_VALUES = (counters.c.videos, counters.c.cost, counters.c.latest)


class CounterStore:
    """Tells what stands on the counters of one server. Raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def used(self, guild_id: int, user_id: int | None, now: datetime) -> Usage:
        """Return what a member, or for None the server, has used of its limits."""
        whose = SERVER if user_id is None else user_id
        keys = {span: (guild_id, whose, span.key(now)) for span in Window}
        async with self._database.read() as connection:
            found = await read_counters(connection, keys.values())
        return Usage(**{span.value: found.get(key, CounterValue()) for span, key in keys.items()})

    async def prune(self, now: datetime) -> int:
        """Delete the counters of days and months that nobody asks for any more; return how many. Those of now stay."""
        day, month = Window.DAY.key(now - DAYS_KEPT), Window.MONTH.key(now - MONTHS_KEPT)
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


def _packed(dialect: str, needs: Iterable[Reservation]) -> str:
    rows = [
        (
            *need.key,
            need.videos,
            need.cost,
            _milliseconds(need.at),
            need.video_limit,
            need.cost_limit,
            need.cooldown * 1000,
        )
        for need in sorted(needs, key=lambda need: need.key)
    ]
    return packed(dialect, rows)


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + milliseconds * _MILLISECOND
