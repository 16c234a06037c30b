"""Rows to write down in tests."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.models import JobRecord, JobState, Outcome
from bot.policy.admission import AdmissionRequest, Denial
from bot.policy.charges import charge_for
from bot.storage import AdmissionStore, JobStore

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEASE = timedelta(minutes=1)
OWNER = "o" * 32


def a_job(**changes: Any) -> JobRecord:
    """A waiting job that costs a fifth; ``changes`` replace its columns."""
    columns: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "guild_id": 100,
        "channel_id": 200,
        "message_id": 300,
        "user_id": 400,
        "model": "sora_video2",
        "prompt": "a lighthouse at dusk",
        "state": JobState.QUEUED,
        "outcome": None,
        "percent": None,
        "video_url": None,
        "cost": 200_000,
        "picture": "p.jpg",
        "picture_link": "https://cdn.example/p.jpg",
        "created_at": NOON,
        "started_at": None,
        "finished_at": None,
    }
    return JobRecord(**columns | changes)


async def ask(admissions: AdmissionStore, job: JobRecord, **brought: Any) -> Denial | None:
    """Ask for one job, and return why not."""
    return await admissions.admit(AdmissionRequest(job, **brought), owner=OWNER, lease=LEASE)


async def added(admissions: AdmissionStore, **changes: Any) -> JobRecord:
    """Return a job that has been written down."""
    job = a_job(**changes)
    assert await ask(admissions, job) is None
    return job


async def settle(
    store: JobStore,
    job_id: str,
    outcome: Outcome,
    now: datetime,
    *,
    sent: bool = True,
    refusals_cost: bool = False,
    **facts: Any,
) -> bool:
    """End a job, charged by the table, and return whether this ending counts."""
    charge = charge_for(outcome, sent=sent, refusals_cost=refusals_cost)
    settled = await store.settle(job_id, outcome, now, charge=charge, sent=sent, **facts)
    return settled is not None and settled.first


async def open_jobs(store: JobStore) -> list[JobRecord]:
    """Return the jobs that are not done, the oldest first: a newcomer claims all that nobody has shown yet."""
    found = await store.claim(uuid.uuid4().hex, datetime.max.replace(tzinfo=UTC), NOON)
    return [job for job in found if job.state is not JobState.DONE]
