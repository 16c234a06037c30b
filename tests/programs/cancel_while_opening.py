"""Opens a database again and again, and cancels that a little later each time."""

from __future__ import annotations

import asyncio
import sys

from bot.storage import Database


async def main(url: str) -> None:
    for moment in range(0, 60, 4):
        task = asyncio.create_task(Database.open(f"{url}{moment}"))
        for _ in range(moment):
            await asyncio.sleep(0.0005)
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            await task.result().close()


asyncio.run(main(sys.argv[1]))
