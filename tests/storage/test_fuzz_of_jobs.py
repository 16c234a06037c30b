"""Short runs of the fuzz of jobs find nothing, and they find each of the faults that stores could have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from benchmarks.soak.fuzz import process
from benchmarks.soak.fuzz.play import play
from bot.models import JobRecord, JobState, Outcome
from bot.storage import JobStore, Settled
from bot.storage import jobs as jobs_module
from bot.storage.engine.tables import jobs

SEEDS, STEPS = range(3), 200


def violations(url: str, seeds: Iterable[int] = SEEDS) -> Iterator[str]:
    return (violation for report in play(url, seeds, STEPS) for violation in report.violations)


@pytest.mark.fuzz
def test_whatever_happens_jobs_are_sent_once_settled_once_and_shown(database_url: str) -> None:
    assert list(violations(database_url)) == []


@pytest.mark.fuzz
def test_the_fuzz_notices_money_that_is_not_given_back(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: Any) -> None: ...

    monkeypatch.setattr(jobs_module, "adjust", nothing)
    assert any(violation.startswith("the counter") for violation in violations(sqlite_url))


class SettlesAgain(JobStore):
    """Books every ending, also where one is written down already."""

    async def settle(self, job_id: str, outcome: Outcome, now: datetime, **facts: Any) -> Settled | None:
        async with self._database.write() as connection:
            reopened = jobs.update().where(jobs.c.id == job_id).values(state="running", outcome=None)
            await connection.execute(reopened)
        return await super().settle(job_id, outcome, now, **facts)


@pytest.mark.fuzz
def test_the_fuzz_notices_what_is_settled_twice(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "JobStore", SettlesAgain)
    assert any(violation.startswith("the usage") for violation in violations(sqlite_url))


class SendsAgain(JobStore):
    """Lets what was sent by a process that is gone wait again."""

    async def claim(
        self, owner: str, now: datetime, until: datetime, known: Collection[str] | None = None
    ) -> list[JobRecord]:
        claimed = await super().claim(owner, now, until, known)
        for job in claimed:
            await self.unstart(job.id, owner, now)
        return [replace(job, state=JobState.QUEUED) if job.state is JobState.RUNNING else job for job in claimed]


@pytest.mark.fuzz
def test_the_fuzz_notices_what_is_sent_again(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "JobStore", SendsAgain)
    assert any("is sent again" in violation for violation in violations(sqlite_url))


class ForgetsTasks(JobStore):
    """Writes no task down, and says that it has."""

    async def accept(self, job_id: str, owner: str, task: str) -> bool:
        return True


@pytest.mark.fuzz
def test_the_fuzz_notices_a_task_that_is_given_up(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "JobStore", ForgetsTasks)
    found = violations(sqlite_url, range(20))  # half of the runs make tasks; the first that finds it is enough
    assert any("its task was written down, but is given up" in violation for violation in found)
