"""The jobs: started, settled exactly once, looked after, found again. ``admissions.py`` is what writes them down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Delivery, JobRecord, JobState, Outcome
from bot.policy.limit_kinds import NOW, windows
from bot.policy.limits import SERVER, Reservation
from bot.providers.base import TokenUsage
from bot.storage.counters import refund
from bot.storage.engine.database import Database
from bot.storage.engine.tables import jobs
from bot.storage.guilds import load_rules
from bot.storage.usage import record_usage

_MOST = 2**31 - 1  # what an Integer column holds; a service may say anything
_RECENT = 21  # successes that "typical" looks at; odd, so that the median is one of them


class JobStore:
    """Keeps the rows of ``jobs`` and, in the same transaction, the daily usage. All methods raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(self, job_id: str, owner: str, now: datetime) -> bool:
        """
        Mark a waiting job as running, before its request leaves.

        Return False if it does not wait (any more), or if another process than ``owner`` looks after it. With the same
        ``now`` it may be said again where no answer came: then it is True however often it was done.
        """
        done = (jobs.c.state == JobState.RUNNING.value) & (jobs.c.started_at == now)
        statement = (
            update(jobs)
            .where(jobs.c.id == job_id, jobs.c.owner == owner, (jobs.c.state == JobState.QUEUED.value) | done)
            .values(state=JobState.RUNNING.value, started_at=now)
        )
        async with self._database.write() as connection:
            return (await connection.execute(statement)).rowcount == 1

    async def settle(
        self,
        job_id: str,
        outcome: Outcome,
        now: datetime,
        *,
        spent: bool,
        percent: float | None = None,
        video_url: str | None = None,
        usage: TokenUsage | None = None,
    ) -> bool:
        """
        End a job. Its price stays booked if it was ``spent``; it stays counted as a video if it became one, or if the
        server counts what reviews refuse. All else is given back.

        Return False, changing nothing, if the job has been settled before or is unknown.
        """
        # The row is locked before it is looked at (SQLite: the whole file), so of many settles one finds it open.
        found = select(*columns()).where(jobs.c.id == job_id, jobs.c.state != JobState.DONE.value).with_for_update()
        async with self._database.write() as connection:
            row = (await connection.execute(found)).one_or_none()
            if row is None:
                return False
            cost = row.cost if spent else 0
            values = {
                "state": JobState.DONE.value,
                "outcome": outcome.value,
                "percent": percent,
                "video_url": video_url,
                "finished_at": now,
                "prompt_tokens": usage and min(usage.prompt_tokens, _MOST),
                "completion_tokens": usage and min(usage.completion_tokens, _MOST),
                "cost": cost,
            }
            await connection.execute(update(jobs).where(jobs.c.id == job_id).values(values))
            counted = outcome is Outcome.SUCCESS or (
                outcome.is_refusal and await self._refusals_count(connection, row.guild_id)
            )
            unused = [
                Reservation(row.guild_id, whose, window, row.created_at, videos, money)
                for whose in (SERVER, row.user_id)
                for window in windows()
                for videos, money in [(-1, -row.cost) if window is NOW else (counted - 1, cost - row.cost)]
                if videos or money
            ]
            await refund(connection, self._database.dialect, unused)
            await record_usage(connection, self._database.dialect, row, outcome, cost)
        return True

    @staticmethod
    async def _refusals_count(connection: AsyncConnection, guild_id: int) -> bool:
        return (await load_rules(connection, [guild_id]))[guild_id].policy.refusals_count

    async def get(self, job_id: str, guild_id: int) -> JobRecord | None:
        """Return the job of that id in that server, None if there is none."""
        async with self._database.read() as connection:
            row = (
                await connection.execute(records().where(jobs.c.id == job_id, jobs.c.guild_id == guild_id))
            ).one_or_none()
        return record(row) if row else None

    async def pictures_needed(self) -> frozenset[str]:
        """Return the names of the pictures of all jobs that wait or run."""
        is_open = jobs.c.delivery.is_(None) & (jobs.c.state != JobState.DONE.value)
        async with self._database.read() as connection:
            names = (await connection.scalars(select(jobs.c.picture).where(is_open))).all()
        return frozenset(name for row in names for name in row.split())

    async def deliver(self, job_id: str, delivery: Delivery, message_id: int | None = None) -> bool:
        """
        Write down how the end reached the member, and in which message if not in the reply. From then on nobody looks
        after the job any more.

        Return False, changing nothing, while the end itself is not written down.
        """
        ended = (jobs.c.id == job_id) & (jobs.c.state == JobState.DONE.value)
        values: dict[str, Any] = {"delivery": delivery.value, "lease_until": None}
        if message_id is not None:
            values["message_id"] = message_id
        statement = update(jobs).where(ended).values(values)
        async with self._database.write() as connection:
            return (await connection.execute(statement)).rowcount == 1

    async def by_message(self, guild_id: int, message_id: int) -> JobRecord | None:
        """Return the job that a message of that server shows, None if it shows none."""
        of_message = (jobs.c.guild_id == guild_id) & (jobs.c.message_id == message_id)
        async with self._database.read() as connection:
            row = (await connection.execute(records().where(of_message).limit(1))).one_or_none()
        return record(row) if row else None

    async def kept(self, guild_id: int, user_id: int) -> list[JobRecord]:
        """Return the member's videos of that server that could not be shown yet, the oldest first."""
        of_member = (jobs.c.guild_id == guild_id) & (jobs.c.user_id == user_id)
        # Written out, not bound, or SQLite would not see that the index of kept jobs will do.
        statement = records().where(of_member, text("delivery = 'kept'")).order_by(jobs.c.created_at)
        async with self._database.read() as connection:
            return [record(row) for row in (await connection.execute(statement)).all()]

    async def ask_to_cancel(self, job_id: str, guild_id: int, now: datetime) -> bool:
        """Have whoever looks after a job, now or next, cancel it. Return False if it has ended or is not of there."""
        is_open = (jobs.c.id == job_id) & (jobs.c.guild_id == guild_id) & jobs.c.outcome.is_(None)
        async with self._database.write() as connection:
            return (await connection.execute(update(jobs).where(is_open).values(cancel_asked_at=now))).rowcount == 1

    async def to_cancel(self, owner: str) -> list[str]:
        """Return the ids of ``owner``'s open jobs that another process was asked to cancel."""
        statement = select(jobs.c.id).where(
            jobs.c.owner == owner, jobs.c.cancel_asked_at.is_not(None), jobs.c.outcome.is_(None)
        )
        async with self._database.read() as connection:
            return list((await connection.scalars(statement)).all())

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
            .returning(*columns())
        )
        async with self._database.write() as connection:
            rows = (await connection.execute(statement)).all()
        return sorted(map(record, rows), key=lambda job: job.created_at)

    async def typical_seconds(self, model: str) -> float | None:
        """Return the median time from sending to success of the latest jobs with ``model``, None before the first."""
        statement = (
            select(jobs.c.started_at, jobs.c.finished_at)
            .where(jobs.c.model == model, jobs.c.outcome == Outcome.SUCCESS.value, jobs.c.started_at.is_not(None))
            .order_by(jobs.c.finished_at.desc())
            .limit(_RECENT)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        seconds = sorted((finished - started).total_seconds() for started, finished in rows)
        return seconds[len(seconds) // 2] if seconds else None


def columns() -> list[Column[Any]]:
    """Return the columns that a JobRecord is made of."""
    return [jobs.c[name] for name in JobRecord.__dataclass_fields__]


def records() -> Any:
    """Return the query for jobs as they are."""
    return select(*columns())


def record(row: Row[Any]) -> JobRecord:
    """Return the job that stands in a row of ``records``."""
    words = {
        "state": JobState(row.state),
        "outcome": Outcome(row.outcome) if row.outcome else None,
        "delivery": Delivery(row.delivery) if row.delivery else None,
    }
    return JobRecord(**dict(row._mapping) | words)
