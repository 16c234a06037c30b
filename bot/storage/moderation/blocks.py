"""Stores which members may not ask for videos for a time: blocked by a moderator, or paused by Kinora itself."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from bot.models import Outcome
from bot.policy.blocks import KINORA, Block, RefusalStanding
from bot.storage.engine.async_engine import AsyncConnection
from bot.storage.engine.database import Database
from bot.storage.engine.tables import blocks, jobs
from bot.storage.engine.upsert import put

REFUSALS_WITHIN = timedelta(hours=24)  # refused prompts of that long are counted together
PAUSE = timedelta(hours=1)


class BlockStore:
    """Keeps the blocks of each server. All methods raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, block: Block) -> None:
        """Block a member, in place of an earlier block."""
        async with self._database.write() as connection:
            await connection.execute(put(self._database.dialect, blocks, **asdict(block)))

    async def lift(self, guild_id: int, user_id: int, now: datetime) -> bool:
        """End the member's block. Return False if there was none in force."""
        statement = update(blocks).where(*_in_force(guild_id, now), blocks.c.user_id == user_id).values(until=now)
        async with self._database.write() as connection:
            return (await connection.execute(statement)).rowcount == 1

    async def get(self, guild_id: int, user_id: int, now: datetime) -> Block | None:
        """Return the block in force for the member."""
        async with self._database.read() as connection:
            return await block_in_force(connection, guild_id, user_id, now)

    async def active(self, guild_id: int, now: datetime) -> list[Block]:
        """Return the blocks in force in the server, the one that ends first at the top."""
        statement = select(blocks).where(*_in_force(guild_id, now)).order_by(blocks.c.until, blocks.c.user_id)
        async with self._database.read() as connection:
            return [Block(**row._mapping) for row in (await connection.execute(statement)).all()]

    async def pause_after_refusals(self, guild_id: int, user_id: int, now: datetime, after: int) -> Block | None:
        """
        Pause the member for an hour if ``after`` prompts were refused in a day, and return the pause.

        Refusals from before the member's latest block do not count again; a block in force stays as it is.
        """
        async with self._database.write() as connection:
            of_member = (blocks.c.guild_id == guild_id) & (blocks.c.user_id == user_id)
            earlier = (await connection.execute(select(blocks).where(of_member))).one_or_none()
            if earlier and earlier.until > now:
                return None
            if await _refused(connection, guild_id, user_id, now, earlier.at if earlier else None) < after:
                return None
            pause = Block(guild_id, user_id, now + PAUSE, "", KINORA, now)
            await connection.execute(put(self._database.dialect, blocks, **asdict(pause)))
        return pause

    async def standing(self, guild_id: int, user_id: int, now: datetime) -> RefusalStanding:
        """Return how near the member is to a pause for refused prompts, or until when they are paused."""
        async with self._database.read() as connection:
            of_member = (blocks.c.guild_id == guild_id) & (blocks.c.user_id == user_id)
            block = (await connection.execute(select(blocks).where(of_member))).one_or_none()
            if block and block.until > now:
                return RefusalStanding(0, block.until if block.by == KINORA else None)
            return RefusalStanding(await _refused(connection, guild_id, user_id, now, block.at if block else None))


async def _refused(
    connection: AsyncConnection, guild_id: int, user_id: int, now: datetime, blocked_at: datetime | None
) -> int:
    """Return how many prompts of the member were refused in a day, and since their latest block."""
    since = max(now - REFUSALS_WITHIN, blocked_at) if blocked_at else now - REFUSALS_WITHIN
    refused = (
        select(func.count())
        .select_from(jobs)
        .where(jobs.c.guild_id == guild_id, jobs.c.user_id == user_id, jobs.c.finished_at > since)
        .where(jobs.c.outcome == Outcome.MODERATION_PROMPT.value)
    )
    return await connection.scalar(refused) or 0


async def block_in_force(connection: AsyncConnection, guild_id: int, user_id: int, now: datetime) -> Block | None:
    """Return the block in force for the member, in the caller's transaction."""
    statement = select(blocks).where(*_in_force(guild_id, now), blocks.c.user_id == user_id)
    row = (await connection.execute(statement)).one_or_none()
    return Block(**row._mapping) if row else None


def _in_force(guild_id: int, now: datetime) -> tuple[Any, ...]:
    return blocks.c.guild_id == guild_id, blocks.c.until > now
