"""The counters that limits are compared with. Each decision is one SQL statement, so no two can both be the last."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, literal, or_, select, tuple_, update

from bot.models import JobRecord
from bot.policy.budget_alerts import BudgetAlert, budgets, percent_reached
from bot.policy.limit_kinds import Unit, windows
from bot.policy.limit_usage import CounterValue, Usage
from bot.policy.limits import NO_MEMBER, Reservation
from bot.policy.policy import Allowance
from bot.storage.engine.async_engine import AsyncConnection
from bot.storage.engine.bulk_rows import ROWS, select_rows
from bot.storage.engine.database import Database
from bot.storage.engine.tables import counters
from bot.storage.engine.upsert import insert

Key = tuple[int, int, str]

_CHUNK = 1000  # counters that are deleted at a time
_KEY = (counters.c.guild_id, counters.c.user_id, counters.c.period)
_TOLD = {Unit.VIDEOS: counters.c.told_videos, Unit.MONEY: counters.c.told_cost}
_COLUMNS = [column for column in counters.c if column not in _TOLD.values()]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_COMPARED = (Unit.VIDEOS, Unit.MONEY)  # what has a column for its limit


async def reserve(connection: AsyncConnection, dialect: str, reservations: Sequence[Reservation]) -> set[Key]:
    """
    Add ``reservations`` to their counters; return the keys of those that would pass a limit and were not changed.

    If there are any, the caller has to roll back. An oversized reservation must not be given: a new counter is not
    compared. Each counter may be named once.
    """
    granted = await connection.execute(_reserve(dialect), {ROWS: _packed(reservations)})
    return {reservation.key for reservation in reservations} - {tuple(row) for row in granted}


async def adjust(connection: AsyncConnection, dialect: str, reservations: Sequence[Reservation]) -> None:
    """Add ``reservations``, most of them negative, to their counters, whatever the limits are now."""
    await connection.execute(_adjust(dialect), {ROWS: _packed(reservations)})


@cache
def _reserve(dialect: str) -> Any:
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
def _adjust(dialect: str) -> Any:
    statement = insert(dialect, counters).from_select(_COLUMNS, select_rows(dialect, _COLUMNS))
    return statement.on_conflict_do_update(index_elements=_KEY, set_=_added(statement.excluded))


def _added(new: Any) -> dict[str, Any]:
    return {"videos": counters.c.videos + new.videos, "cost": counters.c.cost + new.cost}


async def read_counters(connection: AsyncConnection, keys: Iterable[Key]) -> dict[Key, CounterValue]:
    """Return the counters of ``keys``; those without a row are left out."""
    wanted = set(keys)
    guilds, users, periods = ({key[part] for key in wanted} for part in range(3))
    of_keys = _KEY[0].in_(guilds) & _KEY[1].in_(users) & _KEY[2].in_(periods)
    rows = (await connection.execute(select(*_KEY, *_VALUES).where(of_keys))).all()
    found = {
        (row.guild_id, row.user_id, row.period): CounterValue(row.videos, row.cost, _moment(row.latest)) for row in rows
    }
    return {key: counter for key, counter in found.items() if key in wanted}


_BOUND = ("guild", "user", "when")
_DELETE = delete(counters).where(*(part == bindparam(name) for part, name in zip(_KEY, _BOUND, strict=True)))
_VALUES = (counters.c.videos, counters.c.cost, counters.c.latest)


class CounterStore:
    """Reads the counters of one server, and deletes old ones of all. Raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def used(self, guild_id: int, user_id: int | None, now: datetime) -> Usage:
        """Return what a member, or for None the server, has used of its limits."""
        whose = NO_MEMBER if user_id is None else user_id
        keys = {window: (guild_id, whose, window.key(now)) for window in windows()}
        async with self._database.read() as connection:
            found = await read_counters(connection, keys.values())
        return {window: found.get(key, CounterValue()) for window, key in keys.items()}

    async def claim_alerts(self, job: JobRecord, server: Allowance, cap: Allowance) -> list[BudgetAlert]:
        """
        Return what has to be told of the limits that ``job`` stands on; whatever is returned nobody else is given.

        Of each limit and period each threshold once, whatever is given back or changed later, and the highest alone.
        """
        alerts = await self._due(job, server, cap)
        if not alerts:
            return []
        async with self._database.write() as connection:
            # In the order of the keys, as all writers.
            ordered = sorted(alerts, key=lambda alert: (alert.guild_id, alert.kind.window.key(job.created_at)))
            return [alert for alert in ordered if (await connection.execute(_claim(alert, job))).rowcount]

    async def _due(self, job: JobRecord, server: Allowance, cap: Allowance) -> list[BudgetAlert]:
        """Return what is due and, as far as can be seen without a lock, untold."""
        limits = list(budgets(job.guild_id, server, cap))
        if not limits:
            return []
        keys = {(holder, NO_MEMBER, kind.window.key(job.created_at)) for holder, kind, _ in limits}
        async with self._database.read() as connection:
            rows = (await connection.execute(select(counters).where(tuple_(*_KEY).in_(sorted(keys))))).all()
        found = {(row.guild_id, row.period): row for row in rows}
        alerts = []
        for holder, kind, limit in limits:
            row = found.get((holder, kind.window.key(job.created_at)))
            resets_at = kind.window.resets_at(job.created_at)
            if row is None or resets_at is None:
                continue
            used, one = (row.videos, 1) if kind.unit is Unit.VIDEOS else (row.cost, job.cost)
            reached = percent_reached(used, limit, one)
            if reached > row._mapping[_TOLD[kind.unit]]:
                alerts.append(BudgetAlert(holder, kind, reached, used, limit, resets_at))
        return alerts

    async def prune(self, now: datetime) -> int:
        """Delete the counters of windows that ended long ago, and return how many. Those of now stay."""
        oldest = [window.key(now - window.kept) for window in windows() if window.days]
        period, length = counters.c.period, func.length(counters.c.period)
        over = or_(*((length == len(key)) & (period < key) for key in oldest))
        pruned = 0
        # Looked for apart from the deleting, while others may write: they are strewn among those that stay.
        keys = await self._after((-1, -1, ""), over)
        while keys:
            async with self._database.write() as connection:
                await connection.execute(_DELETE, [dict(zip(_BOUND, key, strict=True)) for key in keys])
            pruned += len(keys)
            keys = await self._after(keys[-1], over)
        return pruned

    async def _after(self, last: Key, over: ColumnElement[bool]) -> list[Key]:
        """Return the next keys, in order, of counters that are ``over``."""
        edge = tuple_(*(literal(part, column.type) for part, column in zip(last, _KEY, strict=True)))
        statement = select(*_KEY).where(over, tuple_(*_KEY) > edge).order_by(*_KEY).limit(_CHUNK)
        async with self._database.read() as connection:
            return [(row[0], row[1], row[2]) for row in (await connection.execute(statement)).all()]


def _claim(alert: BudgetAlert, job: JobRecord) -> Any:
    """Return the statement that changes the counter's row only where nobody has told as much of the limit."""
    told = _TOLD[alert.kind.unit]
    key = (alert.guild_id, NO_MEMBER, alert.kind.window.key(job.created_at))
    of_key = and_(*(column == part for column, part in zip(_KEY, key, strict=True)))
    return update(counters).where(of_key, told < alert.percent).values({told: alert.percent})


def _packed(reservations: Iterable[Reservation]) -> str:
    rows = [
        (*r.key, r.videos, r.cost, _milliseconds(r.at), *map(r.limit, _COMPARED), r.limit(Unit.SECONDS, 0) * 1000)
        for r in reservations
    ]
    return json.dumps(sorted(rows))


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + milliseconds * _MILLISECOND
