"""Adopts jobs whose process is gone, and lets their replies go on or end where they stand."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.concurrency.forever import run_forever
from bot.gateway.client import KinoraBot
from cogs.video.reply import JobReply

INTERVAL = 3.0  # seconds between two looks
READY_PATIENCE = 20.0  # seconds; many shards take minutes to connect, and replies are edited without any of them


async def adopt_abandoned(bot: KinoraBot) -> None:
    """Adopt abandoned jobs and show them, forever, once Discord is connected."""
    with suppress(TimeoutError):
        async with asyncio.timeout(READY_PATIENCE):
            await bot.wait_until_ready()

    async def adopt() -> None:
        for job in await bot.app.jobs.reclaim_abandoned(bot.showing):
            bot.tasks.start(JobReply(bot, job).run(), f"reply {job.id}")

    await run_forever("look for abandoned jobs", adopt, INTERVAL, longest=INTERVAL)
