"""The conversation with the video service that a job goes on with: what was asked and answered before it."""

from __future__ import annotations

from typing import Protocol

from bot.models import JobRecord, Turn


class Records(Protocol):
    """Where jobs are found again; see ``bot.storage.jobs.JobStore``."""

    async def get(self, job_id: str, guild_id: int) -> JobRecord | None: ...


async def conversation(records: Records, guild_id: int, parent: str | None) -> tuple[Turn, ...] | None:
    """
    Return the turns up to the job ``parent`` of that server, the oldest first; none without a parent.

    None if some of it has been forgotten. Raises StorageError.
    """
    turns: list[Turn] = []
    while parent:
        record = await records.get(parent, guild_id)
        if record is None or not record.prompt or not record.video_url:
            return None
        turns.insert(0, Turn(record.prompt, record.video_url))
        parent = record.parent
    return tuple(turns)
