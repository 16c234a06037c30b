"""The conversation with the video service that a job continues: the prompts and answers before it."""

from __future__ import annotations

from bot.models import KEPT_VIDEO, Exchange
from bot.storage import JobStore


async def conversation(store: JobStore, guild_id: int, parent: str | None) -> tuple[Exchange, ...] | None:
    """
    Return the turns up to the job ``parent`` of that server, the oldest first; none without a parent.

    None if some of it has been forgotten. Raises StorageError.
    """
    turns: list[Exchange] = []
    while parent:
        record = await store.get(parent, guild_id)
        if record is None or not record.prompt or not record.video_url:
            return None
        kept = record.video_url.startswith(KEPT_VIDEO)
        turns.insert(0, Exchange(record.prompt, "[video]" if kept else record.video_url))
        parent = record.parent
    return tuple(turns)
