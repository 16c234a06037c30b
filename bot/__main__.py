"""Kinora's shell commands: run it, check it, tell Discord of its commands, upgrade or move its database, add up."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import discord

from bot import log
from bot.app import open_app, open_health
from bot.client import KinoraBot
from bot.doctor.check import check, report_settings
from bot.errors import KinoraError, NoSessionsLeft, SettingsError
from bot.move_command import move_database
from bot.proxies import point_at
from bot.settings import Settings
from bot.storage import Database
from bot.usage_command import DAYS, MAX_DAYS, usage

WRONG_SETTINGS = 2
FAILED = 1
# Codes with which Discord's gateway hangs up for good.
BAD_TOKEN, BAD_SHARDS = 4004, (4010, 4011)


def main() -> int:
    """Run the command of the command line and return the exit code."""
    parser = _parser()
    arguments = parser.parse_args()
    if len(arguments.addresses) != (2 if arguments.command == "move-database" else 0):
        parser.error("move-database takes two addresses, FROM and TO, and every other command none")
    if arguments.command == "move-database":
        return move_database(*arguments.addresses)
    try:
        settings = Settings.load(arguments.env_file)
    except SettingsError as error:
        if arguments.command == "check" and arguments.json:
            report_settings(error.problems)
            return WRONG_SETTINGS
        _say(*error.problems, "Copy .env.example to .env and fill it in; the README has the steps.")
        return WRONG_SETTINGS
    log.configure(settings.log_level, settings.log_format, settings.secrets)
    point_at(settings)
    total = partial(usage, days=arguments.days, as_json=arguments.json)
    examine = partial(check, as_json=arguments.json)
    works: dict[str, Callable[[Settings], Coroutine[Any, Any, int]]]
    works = {"run": run, "check": examine, "sync": sync, "migrate": migrate, "usage": total}
    try:
        return asyncio.run(works[arguments.command](settings))
    except (KinoraError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
        sentence, code = _why(error)
        if settings.log_format == "json":
            logging.getLogger(__name__).error("%s", sentence)
        else:
            _say(sentence)
        return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Kinora: a prompt and a picture become a video.")
    parser.add_argument(
        "command",
        nargs="?",
        default="run",
        choices=("run", "check", "sync", "migrate", "usage", "move-database"),
        help="run the bot (the default); check says what is wrong and how to mend it; sync tells Discord of the "
        "commands; migrate upgrades the database; usage adds up what each server used; move-database copies "
        "everything into another, empty database",
    )
    addresses = "of move-database: FROM and TO, as DATABASE_URL has them; no other setting is needed"
    parser.add_argument("addresses", nargs="*", metavar="ADDRESS", help=addresses)
    parser.add_argument("--env-file", type=Path, default=Path(".env"), help="where the settings are (default: .env)")
    parser.add_argument("--json", action="store_true", help="of check and usage: print it for machines")
    of_usage = parser.add_argument_group("of usage")
    of_usage.add_argument("--days", type=_days, default=DAYS, help=f"how many days up to today (default: {DAYS})")
    return parser


def _days(text: str) -> int:
    if not 1 <= (days := int(text)) <= MAX_DAYS:
        raise argparse.ArgumentTypeError(f"from 1 to {MAX_DAYS}")
    return days


def _why(error: Exception) -> tuple[str, int]:
    """Return what ended the bot, in a sentence for the operator, and the exit code."""
    if isinstance(error, NoSessionsLeft):
        return str(error), FAILED
    if isinstance(error, KinoraError):
        return f"The database: {error}. To see what to do: python -m bot check", FAILED
    closed = error.code if isinstance(error, discord.ConnectionClosed) else None
    if isinstance(error, discord.LoginFailure) or closed == BAD_TOKEN:
        sentence = "Discord does not accept DISCORD_TOKEN. Copy it anew from the application's page, section Bot."
        return sentence, WRONG_SETTINGS
    if closed in BAD_SHARDS:
        return f"Discord does not accept the shards (code {closed}). Check SHARD_COUNT and SHARD_IDS.", WRONG_SETTINGS
    if isinstance(error, discord.DiscordException | aiohttp.ClientError | ConnectionError | TimeoutError):
        return f"No connection to Discord: {type(error).__name__}. Is this machine online?", FAILED
    return f"This machine did not do what it was asked: {error}", FAILED


async def run(settings: Settings) -> int:
    """Run the bot until SIGTERM or Ctrl-C."""
    async with open_health(settings) as health, open_app(settings, health) as app, KinoraBot(app) as bot:
        asked_to_leave = asyncio.Event()
        health.draining = asked_to_leave.is_set
        for name in ("SIGTERM", "SIGINT"):
            # discord.py leaves SIGTERM alone, and on SIGINT it would hang up before the jobs have ended.
            _on_signal(name, asked_to_leave)
        serving = asyncio.create_task(bot.start(settings.discord_token.get_secret_value()), name="discord")
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
    return 0


async def sync(settings: Settings) -> int:
    """Tell Discord of the commands, whether or not it knows them."""
    async with open_app(settings) as app, KinoraBot(app) as bot:
        await bot.login(settings.discord_token.get_secret_value())
        if not bot.told_commands:
            await bot.sync_commands(always=True)
    _say("Discord knows the commands.")
    return 0


async def migrate(settings: Settings) -> int:
    """Upgrade the database, as each start does by itself."""
    database = await Database.open(settings.database_url)
    await database.close()
    _say("The database is up to date.")
    return 0


def _on_signal(name: str, event: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(getattr(signal, name), event.set)
    except NotImplementedError:  # Windows
        signal.signal(getattr(signal, name), lambda *_: loop.call_soon_threadsafe(event.set))


def _say(*lines: str) -> None:
    sys.stderr.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    sys.exit(main())
