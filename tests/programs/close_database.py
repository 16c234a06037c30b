"""Opens the database at the URL given first, and closes it in ``finally`` after the ending given second."""

from __future__ import annotations

import asyncio
import sys

from bot.storage import Database, KeyValueStore


async def end(ending: str) -> None:
    if ending == "exit":
        raise SystemExit(3)
    if ending == "cancel":
        task = asyncio.current_task()
        assert task
        task.cancel()
        await asyncio.sleep(60)


async def main(url: str, ending: str) -> None:
    database = await Database.open(url)
    try:
        await asyncio.gather(*(KeyValueStore(database).get("a") for _ in range(4)))
        async with database.write():
            await end(ending)
    finally:
        await database.close()


asyncio.run(main(*sys.argv[1:]))
