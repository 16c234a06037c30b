"""What servers used: ended jobs added up by day and outcome, member, model, channel, hour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import Row, Select, case, cast, func, select, text
from sqlalchemy import Text as SqlText

from bot.errors import StorageError
from bot.models import JobRecord, Outcome
from bot.policy.limit_kinds import NOW
from bot.policy.limits import NO_MEMBER
from bot.reports.refusal_report import RefusalReport, RefusalStage
from bot.reports.usage_report import GuildTotal, Tally, UsageReport
from bot.storage.counters import read_counters
from bot.storage.engine.async_engine import AsyncConnection
from bot.storage.engine.database import Database
from bot.storage.engine.tables import jobs, usage
from bot.storage.engine.upsert import insert
from bot.storage.guilds import load_allowed
from bot.storage.moderation.refusals import count_refusal, refusal_report

MEMBERS_NAMED = 10
REFUSED_NAMED = 3
_KEYS = ("guild_id", "dimension", "day", "value")
_SUMS = ("jobs", "made", "refused", "cost", "unconfirmed")

T = TypeVar("T")


async def record_usage(connection: AsyncConnection, dialect: str, job: JobRecord, *, taken_back: bool = False) -> None:
    """Add an ended job to its server's sums, or take it out of them, in the transaction that writes its end."""
    outcome, cost = job.outcome, job.cost
    if outcome is None:
        raise ValueError("a job that has not ended")
    asked = job.created_at.astimezone(UTC)
    values = {
        "outcome": outcome.value,
        "member": str(job.user_id),
        "model": job.model,
        "channel": str(job.channel_id),
        "hour": f"{asked:%H}",
        **({"service": job.service} if job.service else {}),
    }
    sums = {
        "jobs": 1,
        "made": int(outcome is Outcome.SUCCESS),
        "refused": int(outcome.is_refusal),
        "cost": 0 if job.unconfirmed else cost,
        "unconfirmed": cost if job.unconfirmed else 0,
    }
    common = {"guild_id": job.guild_id, "day": asked.date()}
    common |= {name: -amount if taken_back else amount for name, amount in sums.items()}
    if outcome.is_refusal:
        await count_refusal(connection, dialect, job, RefusalStage(outcome.value), taken_back=taken_back)
    statement = insert(dialect, usage)
    added = {name: usage.c[name] + statement.excluded[name] for name in _SUMS}
    rows = [common | {"dimension": dimension, "value": value} for dimension, value in sorted(values.items())]
    await connection.execute(statement.on_conflict_do_update(index_elements=_KEYS, set_=added), rows)


class UsageStore:
    """Answers what one server used. Each question names the server, so no other one's numbers can come along."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def report(
        self, guild_id: int, since: date, until: date, *, member: int | None = None, channel: int | None = None
    ) -> UsageReport:
        """
        Return what was asked for from ``since`` to ``until``, both included; by one member, in one channel. UTC days.

        Raises StorageError.
        """
        source: _Sums | _Rows
        if member is None and channel is None:
            source = _Sums(guild_id)
        else:
            source = _Rows(guild_id, member, channel, self._database.dialect)
        span = until - since + timedelta(days=1)
        async with self._database.read() as connection:

            async def tallies(statement: Select[Any]) -> list[tuple[str, Tally]]:
                rows = (await connection.execute(statement)).all()
                return [(row[0], _tally(row)) for row in rows]

            days = (await connection.execute(source.by_day(since, until))).all()
            before = await tallies(source.by("outcome", since - span, since - timedelta(days=1)))
            ranks = (await connection.execute(_busiest(source.by("member", since, until, sums=["jobs"])))).all()
            busiest = [rank.value for rank in ranks]
            members = dict(await tallies(source.by("member", since, until, among=busiest)))
            models = await tallies(source.by("model", since, until))
            channels = await tallies(source.by("channel", since, until))
            hours = dict(await tallies(source.by("hour", since, until)))
            key = (guild_id, NO_MEMBER if member is None else member, NOW.name)
            now = (await read_counters(connection, [key])).get(key) if channel is None else None
            refused = None
            if channel is None:
                refused = await refusal_report(connection, guild_id, since, until, member=member, named=REFUSED_NAMED)
        by_day: dict[date, Tally] = {}
        by_outcome: dict[Outcome, int] = {}
        for row in days:
            by_day[row.day] = by_day.get(row.day, Tally()) + _tally(row)
            if not row.jobs:  # each that had this outcome has another one since
                continue
            outcome = _read(guild_id, "outcome", row.value, Outcome)
            by_outcome[outcome] = by_outcome.get(outcome, 0) + int(row.jobs)
        return UsageReport(
            since=since,
            until=until,
            total=sum(by_day.values(), Tally()),
            before=sum((tally for _, tally in before), Tally()),
            by_outcome=by_outcome,
            by_day=by_day,
            by_hour=tuple(hours.get(f"{hour:02}", Tally()).jobs for hour in range(24)),
            members=tuple((_read(guild_id, "member", member, int), members[member]) for member in busiest),
            member_count=int(ranks[0].members) if ranks else 0,
            models=tuple(_ranked(models)),
            channels=tuple((_read(guild_id, "channel", value, int), tally) for value, tally in _ranked(channels)),
            open=now.videos if now else 0,
            reserved=now.cost if now else 0,
            refusals=refused,
        )

    async def refusals(self, guild_id: int, since: date, until: date, named: int) -> RefusalReport:
        """Return who was refused from ``since`` to ``until``, ``named`` at most. Raises StorageError."""
        async with self._database.read() as connection:
            return await refusal_report(connection, guild_id, since, until, named=named)

    async def over_guilds(self, since: date, until: date) -> list[GuildTotal]:
        """Return each server's sum, the busiest first. For the operator alone. Raises StorageError."""
        in_span = (usage.c.dimension == "outcome") & usage.c.day.between(since, until)
        sums = [func.sum(usage.c[name]).label(name) for name in _SUMS]
        statement = select(usage.c.guild_id, *sums).where(in_span).group_by(usage.c.guild_id)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement.order_by(text("jobs DESC"), usage.c.guild_id))).all()
            allowed = await load_allowed(connection, [row.guild_id for row in rows])
        return [GuildTotal(row.guild_id, _tally(row), not allowed[row.guild_id]) for row in rows]


class _Sums:
    """The sums of a whole server: a few rows for each day."""

    def __init__(self, guild_id: int) -> None:
        self._guild_id = guild_id

    def by_day(self, since: date, until: date) -> Select[Any]:
        """Return the rows of each day and outcome."""
        return select(usage.c.day, usage.c.value, *(usage.c[name] for name in _SUMS)).where(
            *self._of("outcome", since, until)
        )

    def by(
        self,
        dimension: str,
        since: date,
        until: date,
        *,
        sums: Sequence[str] = _SUMS,
        among: Sequence[str] | None = None,
    ) -> Select[Any]:
        """Return the query for ``sums`` for each value of a dimension, or for those ``among`` them."""
        added = [func.sum(usage.c[name]).label(name) for name in sums]
        statement = select(usage.c.value, *added).group_by(usage.c.value)
        if among is None:
            return statement.where(*self._of(dimension, since, until))
        # Day by day: a few rows are looked up then, where a range of days would be read as a whole.
        days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
        return statement.where(*self._key(dimension), usage.c.day.in_(days), usage.c.value.in_(among))

    def _of(self, dimension: str, since: date, until: date) -> tuple[Any, ...]:
        return *self._key(dimension), usage.c.day.between(since, until)

    def _key(self, dimension: str) -> tuple[Any, ...]:
        return usage.c.guild_id == self._guild_id, usage.c.dimension == dimension


class _Rows:
    """The same of one member, or one channel, added up from the jobs themselves."""

    def __init__(self, guild_id: int, member: int | None, channel: int | None, dialect: str) -> None:
        self._where = [jobs.c.guild_id == guild_id, jobs.c.outcome.is_not(None)]
        if member is not None:
            self._where.append(jobs.c.user_id == member)
        if channel is not None:
            self._where.append(jobs.c.channel_id == channel)
        moment: Any = jobs.c.created_at if dialect == "sqlite" else func.timezone("UTC", jobs.c.created_at)
        self._day = func.date(moment, type_=usage.c.day.type).label("day")
        hour = func.strftime("%H", moment) if dialect == "sqlite" else func.to_char(moment, "HH24")
        self._dimensions: dict[str, Any] = {
            "outcome": jobs.c.outcome,
            "member": cast(jobs.c.user_id, SqlText),
            "model": jobs.c.model,
            "channel": cast(jobs.c.channel_id, SqlText),
            "hour": hour,
        }

    def by_day(self, since: date, until: date) -> Select[Any]:
        """Return the sums of each day and outcome."""
        value = jobs.c.outcome.label("value")
        return (
            select(self._day, value, *self._sums().values())
            .where(*self._during(since, until))
            .group_by(text("1"), text("2"))
        )

    def by(
        self,
        dimension: str,
        since: date,
        until: date,
        *,
        sums: Sequence[str] = _SUMS,
        among: Sequence[str] | None = None,
    ) -> Select[Any]:
        """Return the query for ``sums`` for each value of a dimension, or for those ``among`` them."""
        value = self._dimensions[dimension].label("value")
        added = [self._sums()[name] for name in sums]
        statement = select(value, *added).where(*self._during(since, until)).group_by(text("1"))
        return statement if among is None else statement.where(self._dimensions[dimension].in_(among))

    def _during(self, since: date, until: date) -> list[Any]:
        begin = datetime.combine(since, time(), UTC)
        end = datetime.combine(until + timedelta(days=1), time(), UTC)
        return [*self._where, jobs.c.created_at >= begin, jobs.c.created_at < end]

    @staticmethod
    def _sums() -> dict[str, Any]:
        def counted(condition: Any) -> Any:
            return func.sum(case((condition, 1), else_=0))

        sums = {
            "jobs": func.count(),
            "made": counted(jobs.c.outcome == Outcome.SUCCESS.value),
            "refused": counted(jobs.c.outcome.startswith("moderation_", autoescape=True)),
            "cost": func.sum(case((jobs.c.unconfirmed, 0), else_=jobs.c.cost)),
            "unconfirmed": func.sum(case((jobs.c.unconfirmed, jobs.c.cost), else_=0)),
        }
        return {name: added.label(name) for name, added in sums.items()}


def _busiest(members: Select[Any]) -> Select[Any]:
    """Return the query for the busiest of ``members``, each row with how many there are; only these are added up."""
    each = members.subquery()
    ranked = select(each, func.count().over().label("members")).order_by(each.c.jobs.desc(), each.c.value)
    return ranked.limit(MEMBERS_NAMED)


def _ranked(tallies: list[tuple[str, Tally]]) -> list[tuple[str, Tally]]:
    return sorted(tallies, key=lambda pair: (-pair[1].jobs, pair[0]))


def _read(guild_id: int, dimension: str, value: str, read: Callable[[str], T]) -> T:
    """Return what the ``value`` of a row says. Raises StorageError if it cannot be read."""
    try:
        return read(value)
    except ValueError as error:
        raise StorageError(f"the row ({guild_id}, {dimension}, {value}) of usage cannot be read: {error}") from None


def _tally(row: Row[Any]) -> Tally:
    return Tally(*(int(getattr(row, name)) for name in _SUMS))
