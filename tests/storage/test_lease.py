"""A living process keeps its jobs, whatever else its connections to the database are busy with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.errors import StorageError
from bot.jobs import lease
from bot.jobs.lease import LEASE, RENEWAL, Lease
from bot.policy.admission import AdmissionRequest
from bot.storage import AdmissionStore, Database, JobStore
from bot.storage.engine.database import CONNECTIONS, READERS
from bot.storage.engine.tables import jobs
from tests.storage.records import NOON, OWNER, a_job, added

LONG_AFTER = NOON + timedelta(hours=1)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def own(store: JobStore, clock: Clock) -> Lease:
    return Lease(store, clock)


@asynccontextmanager
async def all_taken(database: Database) -> AsyncIterator[None]:
    """Keep all connections busy but the reserved one; on SQLite all that read."""
    async with AsyncExitStack() as stack:
        for _ in range(READERS if database.dialect == "sqlite" else CONNECTIONS):
            await stack.enter_async_context(database.read())
        yield


async def admitted(admissions: AdmissionStore, own: Lease) -> str:
    job = a_job()
    await admissions.admit(AdmissionRequest(job), owner=own.owner, lease=LEASE)
    return job.id


async def test_a_process_all_of_whose_connections_are_busy_for_24_seconds_keeps_its_jobs(
    database_url: str, database: Database, admissions: AdmissionStore, own: Lease, clock: Clock
) -> None:
    job_id = await admitted(admissions, own)
    async with await Database.open(database_url) as apart:
        other = JobStore(apart)
        await other.ask_to_cancel(job_id, 100, NOON)
        async with all_taken(database):
            for _ in range(int(24 / RENEWAL)):
                clock.now += timedelta(seconds=RENEWAL)
                assert await own.renew() == [job_id]  # and it hears whom it was asked to cancel
        clock.now += LEASE - timedelta(seconds=1)
        assert await other.claim("another", clock.now, LONG_AFTER) == []


async def test_a_job_that_is_just_being_written_does_not_keep_the_lease_of_the_others_waiting(
    database: Database, kind: str, admissions: AdmissionStore, store: JobStore, own: Lease, clock: Clock
) -> None:
    if kind == "sqlite":
        pytest.skip("one writes at a time")
    written, _ = await admitted(admissions, own), await admitted(admissions, own)
    clock.now += LEASE
    async with database.write() as connection:
        await connection.execute(update(jobs).where(jobs.c.id == written).values(percent=1.0))
        await own.renew()
    assert [job.id for job in await store.claim("another", clock.now, LONG_AFTER)] == [written]


async def test_a_database_that_does_not_answer_delays_the_leaving_by_seconds_only(
    database: Database, own: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "STATEMENT", 0.1)
    async with asyncio.timeout(5), database.write_reserved():
        with pytest.raises(StorageError, match="in time"):
            await own.release()


async def test_a_claim_whose_answer_was_lost_is_made_up_for_by_the_next(
    admissions: AdmissionStore, store: JobStore, own: Lease, clock: Clock
) -> None:
    lost, known = await added(admissions), await added(admissions)
    clock.now += timedelta(hours=1)
    assert len(await store.claim(own.owner, clock.now, clock.now + LEASE)) == 2  # and nobody hears of it
    assert [job.id for job in await own.claim({known.id})] == [lost.id]
    assert await own.claim({lost.id, known.id}) == []


async def test_a_row_that_cannot_be_read_is_named_once_an_hour_and_keeps_no_other_from_being_claimed(
    database: Database, admissions: AdmissionStore, own: Lease, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad = await added(admissions), await added(admissions)
    async with database.write() as connection:
        await connection.execute(update(jobs).where(jobs.c.id == bad.id).values(state="resting"))
    for _ in range(2):
        clock.now += timedelta(hours=1)
        assert [job.id for job in await own.claim(set())] == [good.id]
        assert await own.claim({good.id}) == []
    assert [message.count(bad.id) for message in caplog.messages] == [1, 1]


@pytest.mark.parametrize("broken", [{"state": "resting"}, {"role_ids": "everybody"}])
async def test_a_waiting_row_that_cannot_be_read_is_named_where_it_would_start(
    database: Database, admissions: AdmissionStore, store: JobStore, broken: dict[str, str]
) -> None:
    job = await added(admissions)
    async with database.write() as connection:
        await connection.execute(update(jobs).where(jobs.c.id == job.id).values(broken))
    with pytest.raises(StorageError, match=job.id):
        await (store.get(job.id, 100) if "state" in broken else store.start(job.id, OWNER, NOON))
