"""The jobs: started, settled exactly once, looked after, found again. ``admissions.py`` is what writes them down."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import false, select, text, update

from bot.errors import StorageError
from bot.models import Delivery, JobRecord, JobState, Outcome
from bot.policy.admission import Denial, DenialReason
from bot.policy.charges import NOTHING, Booked, Booking, Charge, Counted
from bot.policy.limits import additions_for, corrections_for
from bot.providers.base import TokenUsage
from bot.reports.refusal_report import RefusalStage
from bot.storage.counters import adjust
from bot.storage.engine.async_engine import AsyncConnection
from bot.storage.engine.database import Database
from bot.storage.engine.tables import jobs
from bot.storage.guilds import load_rules
from bot.storage.job_rows import admission_request, columns, kept_video, record, records
from bot.storage.judging import judge_waiting
from bot.storage.moderation.refusals import count_refusal
from bot.storage.usage import record_usage

_MOST = 2**31 - 1  # what an Integer column holds; a service may say anything
_UNREADABLE_FOR = timedelta(hours=1)
_RECENT = 21  # successes that "typical" looks at; odd, so that the median is one of them


log = logging.getLogger(__name__)


class Settled(NamedTuple):
    """
    How a job stands written after its ending was told: ``first``, if that ending is the one that counts.

    ``again``: it was written down before, by whomever, and perhaps with its answer lost.
    """

    first: bool
    record: JobRecord
    again: bool = False


class JobStore:
    """Keeps the rows of ``jobs`` and, in the same transaction, the daily usage. All methods raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(
        self,
        job_id: str,
        owner: str,
        now: datetime,
        *,
        price: int | None = None,
        denial: Denial | None = None,
        until: datetime | None = None,
    ) -> Denial | bool:
        """
        Mark a waiting job as running, before its request leaves, or end it, unpaid, with the denial that is returned.

        It is judged anew, by the rules, limits and ``price`` of now, which is then booked in place of that of before;
        ``denial`` is what the caller knows against it by itself. Nobody else looks after it before ``until``, for it
        may have been written down late.
        Return False if it does not wait (any more), or if another process than ``owner`` looks after it. With the same
        ``now`` it may be said again where no answer came: then it is True however often it was done.
        """
        start = partial(self._start, job_id, owner, now, price, denial, until)
        while (result := await start()) is None:  # between two looks others gave back what was missing
            pass
        return result

    async def _start(
        self,
        job_id: str,
        owner: str,
        now: datetime,
        price: int | None,
        denial: Denial | None,
        until: datetime | None,
    ) -> Denial | bool | None:
        done = (jobs.c.state == JobState.RUNNING.value) & (jobs.c.started_at == now)
        statement = (
            update(jobs)
            .where(jobs.c.id == job_id, jobs.c.owner == owner, (jobs.c.state == JobState.QUEUED.value) | done)
            .values(state=JobState.RUNNING.value, started_at=now, lease_until=until or jobs.c.lease_until)
            .returning(*columns(), jobs.c.role_ids, jobs.c.place_ids)
        )
        async with self._database.write() as connection:
            row = (await connection.execute(statement)).one_or_none()
            if row is None:
                return False
            request = admission_request(row)
            dearer = 0 if price is None else price - request.job.cost
            judged = None if denial else await judge_waiting(connection, request, now, dearer)
            if denial or judged:
                if judged and judged.reason is DenialReason.WORDS:
                    await count_refusal(connection, self._database.dialect, request.job, RefusalStage.WORDS)
                end = _ended(Outcome.CANCELLED, now) | {"started_at": None}
                await self._book(connection, request.job, NOTHING.booking(0), **end)
                # The counters are locked only now, after the sums, as in every other transaction: of two jobs that are
                # one too many, one may go.
                if judged and not (judged := await judge_waiting(connection, request, now, dearer, given_back=True)):
                    await connection.rollback()
                    return None
            elif dearer:
                await connection.execute(update(jobs).where(jobs.c.id == job_id).values(cost=price))
                await adjust(connection, self._database.dialect, additions_for(request.job, dearer))
        return denial or judged or True

    async def accept(self, job_id: str, owner: str, task: str, price: int) -> bool:
        """
        Write down the task that a running job of ``owner`` was accepted as, and what that costs; from then on it can be
        followed.

        Return False if it does not run (any more), or if another process than ``owner`` looks after it.
        """
        is_running = (jobs.c.id == job_id) & (jobs.c.owner == owner) & (jobs.c.state == JobState.RUNNING.value)
        async with self._database.write() as connection:
            row = (await connection.execute(records().where(is_running).with_for_update())).one_or_none()
            if row is None:
                return False
            await connection.execute(update(jobs).where(jobs.c.id == job_id).values(task=task, cost=price))
            if price != row.cost:
                await adjust(connection, self._database.dialect, additions_for(record(row), price - row.cost))
        return True

    async def unstart(self, job_id: str, owner: str, at: datetime) -> None:
        """
        Let a job of ``owner`` wait again whose request, for certain, has not left.

        If it was started after ``at``, that start stands: this was said late, and the job did wait in between.
        """
        is_running = (jobs.c.id == job_id) & (jobs.c.owner == owner) & (jobs.c.state == JobState.RUNNING.value)
        waits = {"state": JobState.QUEUED.value, "started_at": None}
        statement = update(jobs).where(is_running, jobs.c.started_at <= at).values(waits)
        async with self._database.write() as connection:
            await connection.execute(statement)

    async def settle(
        self,
        job_id: str,
        outcome: Outcome,
        now: datetime,
        *,
        charge: Charge,
        sent: bool,
        percent: float | None = None,
        video_url: str | None = None,
        usage: TokenUsage | None = None,
        service_cost: int | None = None,
        service: str | None = None,
        price: int | None = None,
        owner: str = "",
        lease: timedelta = timedelta(0),
    ) -> Settled | None:
        """
        End a job, book its ``charge``, and return what stands written then; None if there is no such job.

        A job ends once; what comes later changes nothing. One ending gives way: ``interrupted``, said of a process that
        seemed gone, to the success that this process brings after all. Then ``owner`` shows it, for the ``lease``. If
        it brings another end that costs nothing, the price is no longer booked.
        ``price`` is that of the service which made the video, where it is not what the job held. ``sent``: the request
        may have left. With the same ``now`` it may be said again where no answer came.
        """
        # The row is locked before it is looked at (SQLite: the whole file), so of many settles one finds it open.
        found = records().where(jobs.c.id == job_id).with_for_update()
        async with self._database.write() as connection:
            row = (await connection.execute(found)).one_or_none()
            if row is None:
                return None
            before = record(row)
            late = before.outcome is Outcome.INTERRUPTED and outcome is Outcome.SUCCESS
            if before.outcome and not late:
                if before.unconfirmed and charge.cost is Booked.NONE and outcome is not Outcome.INTERRUPTED:
                    before = await self._book(connection, before, NOTHING.booking(0))
                is_same = before.outcome is outcome and before.finished_at == now
                return Settled(is_same, before, again=is_same)
            counts = charge.video is Counted.IF_REFUSALS_COUNT and await self._refusals_count(connection, row.guild_id)
            values = _ended(outcome, now) | {
                "percent": percent,
                "video_url": video_url,
                "started_at": before.started_at if sent else None,
                "prompt_tokens": usage and min(usage.prompt_tokens, _MOST),
                "completion_tokens": usage and min(usage.completion_tokens, _MOST),
                "service_cost": service_cost,
                "service": service,
            }
            if late:  # to be shown in place of what was shown before
                values |= {"delivery": None, "owner": owner, "lease_until": now + lease}
            booking = charge.booking(before.cost if price is None else price, refusals_count=counts)
            return Settled(True, await self._book(connection, before, booking, **values))

    async def _book(self, connection: AsyncConnection, before: JobRecord, booking: Booking, **values: Any) -> JobRecord:
        """Write the ``values`` of an end and its ``booking``, in place of what stands in ``before``."""
        booked = {"cost": booking.cost, "unconfirmed": booking.unconfirmed}
        statement = update(jobs).where(jobs.c.id == before.id).values(booked | values).returning(*columns())
        after = record((await connection.execute(statement)).one())
        if before.outcome:
            await record_usage(connection, self._database.dialect, before, taken_back=True)
        await record_usage(connection, self._database.dialect, after)
        # Last, since everybody waits for the counters of all servers together.
        await adjust(connection, self._database.dialect, corrections_for(before, booking))
        return after

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
        """Return the names of the files for jobs that wait or run, and of the videos that are still to be shown."""
        # Written out, as in ``kept``.
        unshown = jobs.c.delivery.is_(None) | text("delivery = 'kept'")
        columns = select(jobs.c.state, jobs.c.picture, jobs.c.video_url).where(unshown)
        async with self._database.read() as connection:
            rows = (await connection.execute(columns)).all()
        pictures = {name for row in rows if row.state != JobState.DONE.value for name in row.picture.split()}
        return frozenset(pictures | {video for row in rows if (video := kept_video(row.video_url))})

    async def deliver(
        self, job_id: str, delivery: Delivery, message_id: int | None = None, *, shown: Outcome | None = None
    ) -> bool:
        """
        Write down how the end reached the member, and in which message if not in the reply. From then on nobody looks
        after the job any more.

        Return False, changing nothing, while no end is written down, or another one than was ``shown``.
        """
        ended = (jobs.c.id == job_id) & (jobs.c.outcome == shown.value if shown else jobs.c.outcome.is_not(None))
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

    async def renew(self, owner: str, until: datetime) -> list[str]:
        """
        Let nobody else look after ``owner``'s jobs before ``until``; return the ids of those that another process was
        asked to cancel.

        It waits for no other work of this process. A job that is being written at the moment is left to the next time.
        """
        own = jobs.c.owner == owner
        kept = select(jobs.c.id).where(jobs.c.delivery.is_(None), own).with_for_update(skip_locked=True)
        to_cancel = select(jobs.c.id).where(own, jobs.c.cancel_asked_at.is_not(None), jobs.c.outcome.is_(None))
        async with self._database.write_reserved() as connection:
            await connection.execute(update(jobs).where(jobs.c.id.in_(kept)).values(lease_until=until))
            return list((await connection.scalars(to_cancel)).all())

    async def is_looked_after(self, job_id: str, owner: str, now: datetime) -> bool:
        """Whether ``owner`` still has its lease of the job."""
        statement = select(jobs.c.id).where(jobs.c.id == job_id, jobs.c.owner == owner, jobs.c.lease_until > now)
        async with self._database.read() as connection:
            return (await connection.execute(statement)).first() is not None

    async def claim(
        self, owner: str, now: datetime, until: datetime, known: Collection[str] | None = None
    ) -> list[JobRecord]:
        """
        Make ``owner`` look after the jobs that nobody looks after any more, and return them, the oldest first.

        None that are ``known`` to it, but those that it is said to look after and that are not: a claim whose answer
        was lost left them so. One statement: of several processes each job goes to one. What cannot be read is logged,
        and left alone for an hour.
        """
        abandoned = (jobs.c.owner != owner) & (jobs.c.lease_until <= now)
        unknown = (jobs.c.owner == owner) if known is not None else false()
        statement = (
            update(jobs)
            .where(jobs.c.delivery.is_(None), abandoned | unknown, jobs.c.id.not_in(known or ()))
            .values(owner=owner, lease_until=until)
            .returning(*columns())
        )
        found: list[JobRecord] = []
        unreadable: list[str] = []
        async with self._database.write() as connection:
            for row in (await connection.execute(statement)).all():
                try:
                    found.append(record(row))
                except StorageError as error:
                    log.error("cannot look after a job: %s", error)
                    unreadable.append(row.id)
            if unreadable:
                left_alone = {"owner": "", "lease_until": now + _UNREADABLE_FOR}
                await connection.execute(update(jobs).where(jobs.c.id.in_(unreadable)).values(left_alone))
        return sorted(found, key=lambda job: job.created_at)

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


def _ended(outcome: Outcome, now: datetime) -> dict[str, Any]:
    """Return what stands in the columns of each job that has ended; the member's ids are kept no longer than that."""
    done = {"state": JobState.DONE.value, "outcome": outcome.value, "finished_at": now}
    return done | {"role_ids": "", "place_ids": ""}
