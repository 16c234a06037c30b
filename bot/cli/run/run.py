"""Running the bot, from its first connection to its last; and telling Discord of the commands without running it."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from functools import partial

from bot.app import open_app, open_health
from bot.gateway.client import KinoraBot
from bot.settings import Settings

journal = logging.getLogger(__name__)


async def run(settings: Settings) -> int:
    """Run the bot until SIGTERM or Ctrl-C."""
    signals: list[str] = []
    async with open_health(settings) as health, open_app(settings, health) as app, KinoraBot(app) as bot:
        asked_to_leave = asyncio.Event()
        health.draining = asked_to_leave.is_set

        def leave(signal_name: str) -> None:
            signals.append(signal_name)
            asked_to_leave.set()

        for name in ("SIGTERM", "SIGINT"):
            # discord.py leaves SIGTERM alone, and on SIGINT it would hang up before the jobs have ended.
            _on_signal(name, partial(leave, name))
        serving = asyncio.create_task(bot.serve(settings.discord_token.get_secret_value()), name="discord")
        leaving = asyncio.create_task(asked_to_leave.wait(), name="signals")
        try:
            await asyncio.wait([serving, leaving], return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                serving.result()
        finally:
            asked_to_leave.set()
            await bot.leave(settings.shutdown_grace)
            serving.cancel()  # a shard may be waiting for its turn to connect, or for a gateway that is away
            await asyncio.gather(serving, return_exceptions=True)  # what went wrong only because of the leaving
    journal.info(
        "Kinora left: %s", f"{signals[0]} asked it to." if signals else "its connection to Discord was closed."
    )
    return 0


async def sync(settings: Settings) -> int:
    """Tell Discord of the commands, whether or not it knows them."""
    async with open_app(settings) as app, KinoraBot(app) as bot:
        await bot.login(settings.discord_token.get_secret_value())
        if not bot.told_commands:
            await bot.sync_commands(always=True)
    sys.stderr.write("Discord knows the commands.\n")
    return 0


def _on_signal(name: str, act: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(getattr(signal, name), act)
    except NotImplementedError:  # Windows
        signal.signal(getattr(signal, name), lambda *_: loop.call_soon_threadsafe(act))
