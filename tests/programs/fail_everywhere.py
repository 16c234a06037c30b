"""Configures logging in the style named on the command line, then warns and fails wherever nobody catches it."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import warnings

from bot.operations import log

SECRET = "sk-toy-4711"


def fail(where: str) -> None:
    raise ValueError(f"{where} {SECRET}")


class FailsWhenDeleted:
    def __del__(self) -> None:
        fail("deletion")


async def fail_in_task() -> None:
    fail("task")


async def fail_in_loop() -> None:
    asyncio.get_running_loop().call_soon(fail, "callback")
    task = asyncio.create_task(fail_in_task())
    await asyncio.sleep(0.01)
    del task
    gc.collect()


log.configure("DEBUG", sys.argv[1], [SECRET])
warnings.warn(f"old key {SECRET}", stacklevel=1)
asyncio.run(fail_in_loop())
thread = threading.Thread(target=fail, args=["thread"])
thread.start()
thread.join()
FailsWhenDeleted()
fail("main")
