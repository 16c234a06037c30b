"""Admits jobs: compares them with rules, blocks and limits, and writes them down, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from bot.errors import StorageError
from bot.models import JobRecord
from bot.policy.admission import AdmissionRequest, Denial
from bot.policy.limit_usage import CounterValue
from bot.policy.limits import Reservation, exceeded_limit, first_exceeded, reservations_for
from bot.reports.refusal_report import RefusalStage
from bot.storage.counters import read_counters, reserve
from bot.storage.engine.async_engine import AsyncConnection
from bot.storage.engine.database import Database
from bot.storage.engine.tables import jobs
from bot.storage.judging import judge_access, judge_limits
from bot.storage.moderation.refusals import count_refusal


class AdmissionStore:
    """Says which jobs are admitted, and writes them down."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def admit(self, request: AdmissionRequest, *, owner: str, lease: timedelta) -> Denial | None:
        """
        Write the job of ``request`` down as waiting, counted everywhere, or return its denial.

        Raises StorageError; then nothing was written, or only the answer was lost.
        """
        job = request.job
        async with self._database.write() as connection:
            rules, denial = await judge_access(connection, request, job.created_at)
            denial = denial or await self._reserve(connection, reservations_for(rules.policy, rules.cap, request))
            if denial:
                await connection.rollback()
            else:
                await connection.execute(jobs.insert(), _row(request, owner, lease))
        return denial

    async def preview(self, request: AdmissionRequest) -> Denial | None:
        """Return why ``request`` would not be admitted as things stand; nothing is written. Raises StorageError."""
        async with self._database.read() as connection:
            rules, denial = await judge_access(connection, request, request.job.created_at)
            return denial or await judge_limits(connection, reservations_for(rules.policy, rules.cap, request))

    async def count_word_refusal(self, job: JobRecord) -> None:
        """Note that the server's word list refused the prompt of ``job``. Raises StorageError."""
        async with self._database.write() as connection:
            await count_refusal(connection, self._database.dialect, job, RefusalStage.WORDS)

    async def _reserve(self, connection: AsyncConnection, reservations: list[Reservation]) -> Denial | None:
        """Make the reservations, or return the denial of those that do not fit; then the caller has to roll back."""
        # A counter without a row is not compared by the statement, so what is too much by itself is kept from it.
        over = {each.key for each in reservations if exceeded_limit(each, CounterValue())}
        over = over or await reserve(connection, self._database.dialect, reservations)
        if not over:
            return None
        # The statement has locked what it compared, so the counters are read as it found them.
        counters = await read_counters(connection, over)
        denial = first_exceeded(
            (each, counters.get(each.key, CounterValue())) for each in reservations if each.key in over
        )
        if denial is None:
            raise StorageError("a counter that has no room reads as if it had")
        return denial


def _row(request: AdmissionRequest, owner: str, lease: timedelta) -> dict[str, Any]:
    job = request.job
    columns: dict[str, Any] = {name: getattr(job, name) for name in JobRecord.__dataclass_fields__}
    ids = {"role_ids": _ids(request.roles), "place_ids": _ids(request.channel_ids)}
    return columns | ids | {"owner": owner, "lease_until": job.created_at + lease}


def _ids(ids: Iterable[int]) -> str:
    return " ".join(map(str, sorted(ids)))
