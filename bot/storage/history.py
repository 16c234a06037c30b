"""Reads the jobs of a server, by pages or for an export, and erases their words."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, literal, select, tuple_, update

from bot.models import Delivery, Erased, JobPage, JobRecord, JobState, Outcome
from bot.storage.engine.database import Database
from bot.storage.engine.tables import jobs
from bot.storage.job_rows import kept_video, record, records

CHUNK = 1000  # rows of an export or a purge at a time

Cursor = tuple[datetime, str]  # a job's created_at and id

_ERASED: dict[str, Any] = {"prompt": "", "picture": "", "picture_link": "", "video_url": None}
_PLACE = tuple_(jobs.c.created_at, jobs.c.id)


class HistoryStore:
    """The jobs of a server as moderators and members look at them. All methods raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self,
        guild_id: int,
        *,
        member: int | None = None,
        outcome: Outcome | None = None,
        older_than: Cursor | None = None,
        newer_than: Cursor | None = None,
        count: int = 5,
    ) -> JobPage:
        """Return up to ``count`` jobs, the newest first: the latest, or those next to a job on one of its sides."""
        of_kind = [jobs.c.guild_id == guild_id]
        if member is not None:
            of_kind.append(jobs.c.user_id == member)
        if outcome is not None:
            of_kind.append(jobs.c.outcome == outcome.value)
        if newer_than:
            rows = await self._rows(of_kind, newer_than, count, newer=True)
            return JobPage(tuple(reversed(rows[:count])), has_older=True, has_newer=len(rows) > count)
        rows = await self._rows(of_kind, older_than, count, newer=False)
        return JobPage(tuple(rows[:count]), has_older=len(rows) > count, has_newer=older_than is not None)

    async def _rows(
        self, of_kind: list[ColumnElement[bool]], beside: Cursor | None, count: int, *, newer: bool
    ) -> list[JobRecord]:
        statement = records().where(*of_kind).limit(count + 1)
        if newer:
            statement = statement.order_by(jobs.c.created_at, jobs.c.id)
        else:
            statement = statement.order_by(jobs.c.created_at.desc(), jobs.c.id.desc())
        if beside:
            edge = _place(beside)
            statement = statement.where(edge < _PLACE if newer else edge > _PLACE)
        async with self._database.read() as connection:
            return [record(row) for row in (await connection.execute(statement)).all()]

    async def export(
        self, guild_id: int, since: date, until: date, *, member: int | None = None
    ) -> AsyncGenerator[list[JobRecord], None]:
        """Yield, in chunks, the jobs asked for from ``since`` to ``until`` (UTC days, included), the oldest first."""
        statement = records().where(jobs.c.guild_id == guild_id).order_by(jobs.c.created_at, jobs.c.id).limit(CHUNK)
        if member is not None:
            statement = statement.where(jobs.c.user_id == member)
        end = datetime.combine(until, time(), UTC) + timedelta(days=1)
        begin: Any = jobs.c.created_at >= datetime.combine(since, time(), UTC)
        while True:
            async with self._database.read() as connection:
                rows = (await connection.execute(statement.where(begin, jobs.c.created_at < end))).all()
            if rows:
                yield [record(row) for row in rows]
            if len(rows) < CHUNK:
                return
            begin = _place((rows[-1].created_at, rows[-1].id)) < _PLACE

    async def erase_member(self, guild_id: int, user_id: int) -> Erased:
        """
        Erase the words of the member's ended jobs in that server; counts and costs stay.

        Jobs that are open, or whose end was not shown yet, keep theirs.
        """
        of_member = [*_ENDED, jobs.c.guild_id == guild_id, jobs.c.user_id == user_id]
        left = (jobs.c.prompt != "") | (jobs.c.picture != "") | jobs.c.video_url.is_not(None)
        async with self._database.write() as connection:
            kept = select(jobs.c.picture, jobs.c.video_url).where(*of_member, left)
            found = (await connection.execute(kept)).all()
            await connection.execute(update(jobs).where(*of_member).values(_ERASED))
        files = (name for row in found for name in (*row.picture.split(), kept_video(row.video_url)) if name)
        return Erased(len(found), tuple(files))

    async def guilds_with_prompts(self) -> list[int]:
        """Return the servers with jobs that still hold a prompt."""
        async with self._database.read() as connection:
            return list((await connection.scalars(select(jobs.c.guild_id).where(jobs.c.prompt != "").distinct())).all())

    async def purge_before(self, guild_id: int, before: datetime) -> int:
        """
        Erase the words of up to ``CHUNK`` ended jobs asked for before that time, and return of how many.

        The link of a video that its member has not seen yet stays: it is all they have of it.
        """
        old = [*_SHOWN, jobs.c.guild_id == guild_id, jobs.c.prompt != "", jobs.c.created_at < before]
        some = select(jobs.c.id).where(*old).limit(CHUNK)
        values = _ERASED | {"video_url": case((_KEPT, jobs.c.video_url))}
        async with self._database.write() as connection:
            return (await connection.execute(update(jobs).where(jobs.c.id.in_(some)).values(values))).rowcount


_KEPT = jobs.c.delivery == Delivery.KEPT.value
_SHOWN = (jobs.c.state == JobState.DONE.value, jobs.c.delivery.is_not(None))
_ENDED = (*_SHOWN, ~_KEPT)


def _place(cursor: Cursor) -> Any:
    # With the columns' types: by itself a tuple would be sent as the driver likes it.
    created_at, job_id = cursor
    return tuple_(literal(created_at, jobs.c.created_at.type), literal(job_id, jobs.c.id.type))
