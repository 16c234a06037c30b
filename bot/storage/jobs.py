"""The jobs: written down before anything is paid, settled exactly once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Row, select, update

from bot.models import Delivery, JobRecord, Outcome, State, TokenUsage
from bot.storage.database import Database
from bot.storage.tables import jobs
from bot.storage.usage import OPEN, book

_MOST = 2**31 - 1  # what an Integer column holds; a service may say anything
_RECENT = 21  # successes that "typical" looks at; odd, so that the median is one of them


class JobStore:
    """Keeps the rows of ``jobs`` and, in the same transaction, the daily usage. All methods raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, job: JobRecord, *, owner: str, lease: timedelta) -> None:
        """Write down a waiting job and reserve its place and price in the usage."""
        row = {name: getattr(job, name) for name in JobRecord.__dataclass_fields__}
        row |= {"state": job.state.value, "outcome": None, "owner": owner, "lease_until": job.created_at + lease}
        async with self._database.write() as connection:
            await connection.execute(jobs.insert().values(row))
            await book(
                connection,
                self._database.dialect,
                guild_id=job.guild_id,
                day=job.created_at.astimezone(UTC).date(),
                user_id=job.user_id,
                outcome=OPEN,
                jobs=1,
                cost=job.cost,
            )

    async def start(self, job_id: str, now: datetime) -> bool:
        """Mark a waiting job as running, before its request leaves. Return False if it does not wait (any more)."""
        statement = (
            update(jobs)
            .where(jobs.c.id == job_id, jobs.c.state == State.QUEUED.value)
            .values(state=State.RUNNING.value, started_at=now)
        )
        async with self._database.write() as connection:
            return (await connection.execute(statement)).rowcount == 1

    async def settle(
        self,
        job_id: str,
        outcome: Outcome,
        now: datetime,
        *,
        percent: float | None = None,
        video_url: str | None = None,
        usage: TokenUsage | None = None,
    ) -> bool:
        """
        End a job. Its price stays booked for a success and is given back for all else.

        Return False, changing nothing, if the job has been settled before or is unknown.
        """
        spent = outcome is Outcome.SUCCESS
        values: dict[str, Any] = {
            "state": State.DONE.value,
            "outcome": outcome.value,
            "percent": percent,
            "video_url": video_url,
            "finished_at": now,
            "prompt_tokens": usage and min(usage.prompt_tokens, _MOST),
            "completion_tokens": usage and min(usage.completion_tokens, _MOST),
        }
        if not spent:
            values["cost"] = 0
        # The row is locked before it is looked at (SQLite: the whole file), so of many settles one finds it open.
        columns = select(jobs.c.guild_id, jobs.c.user_id, jobs.c.created_at, jobs.c.cost)
        found = columns.where(jobs.c.id == job_id, jobs.c.state != State.DONE.value).with_for_update()
        async with self._database.write() as connection:
            row = (await connection.execute(found)).one_or_none()
            if row is None:
                return False
            await connection.execute(update(jobs).where(jobs.c.id == job_id).values(values))
            key = {"guild_id": row.guild_id, "user_id": row.user_id, "day": row.created_at.date()}
            dialect = self._database.dialect
            await book(connection, dialect, **key, outcome=OPEN, jobs=-1, cost=-row.cost)
            await book(connection, dialect, **key, outcome=outcome.value, jobs=1, cost=row.cost if spent else 0)
            return True

    async def get(self, job_id: str, guild_id: int) -> JobRecord | None:
        """Return the job of that id in that server, None if there is none."""
        async with self._database.read() as connection:
            row = (
                await connection.execute(_records().where(jobs.c.id == job_id, jobs.c.guild_id == guild_id))
            ).one_or_none()
        return _record(row) if row else None

    async def deliver(self, job_id: str, delivery: Delivery) -> bool:
        """
        Write down how the end reached the member. From then on nobody looks after the job any more.

        Return False, changing nothing, while the end itself is not written down.
        """
        ended = (jobs.c.id == job_id) & (jobs.c.state == State.DONE.value)
        statement = update(jobs).where(ended).values(delivery=delivery.value, lease_until=None)
        async with self._database.write() as connection:
            return (await connection.execute(statement)).rowcount == 1

    async def kept(self, guild_id: int, user_id: int) -> list[JobRecord]:
        """Return the member's videos of that server that could not be shown yet, the oldest first."""
        of_member = (jobs.c.guild_id == guild_id) & (jobs.c.user_id == user_id)
        statement = _records().where(of_member, jobs.c.delivery == Delivery.KEPT.value).order_by(jobs.c.created_at)
        async with self._database.read() as connection:
            return [_record(row) for row in (await connection.execute(statement)).all()]

    async def renew(self, owner: str, until: datetime) -> None:
        """Let nobody else look after ``owner``'s jobs before ``until``."""
        statement = update(jobs).where(jobs.c.delivery.is_(None), jobs.c.owner == owner).values(lease_until=until)
        async with self._database.write() as connection:
            await connection.execute(statement)

    async def claim(self, owner: str, now: datetime, until: datetime) -> list[JobRecord]:
        """
        Make ``owner`` look after the jobs that nobody looks after any more, and return them, the oldest first.

        One statement: of several processes each job goes to one.
        """
        abandoned = (jobs.c.owner != owner) & (jobs.c.lease_until <= now)
        statement = (
            update(jobs)
            .where(jobs.c.delivery.is_(None), abandoned)
            .values(owner=owner, lease_until=until)
            .returning(*_columns())
        )
        async with self._database.write() as connection:
            rows = (await connection.execute(statement)).all()
        return sorted(map(_record, rows), key=lambda job: job.created_at)

    async def typical_seconds(self, model: str) -> float | None:
        """Return the median time from sending to success of the latest jobs with ``model``, None before the first."""
        statement = (
            select(jobs.c.started_at, jobs.c.finished_at)
            .where(jobs.c.model == model, jobs.c.outcome == Outcome.SUCCESS.value)
            .order_by(jobs.c.finished_at.desc())
            .limit(_RECENT)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        seconds = sorted((finished - started).total_seconds() for started, finished in rows)
        return seconds[len(seconds) // 2] if seconds else None


def _columns() -> list[Column[Any]]:
    return [jobs.c[name] for name in JobRecord.__dataclass_fields__]


def _records() -> Any:
    return select(*_columns())


def _record(row: Row[Any]) -> JobRecord:
    words = {
        "state": State(row.state),
        "outcome": Outcome(row.outcome) if row.outcome else None,
        "delivery": Delivery(row.delivery) if row.delivery else None,
    }
    return JobRecord(**dict(row._mapping) | words)
