"""Kinora's shell commands: run it, check it, explain a reply, describe a service, look after its database."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import discord

from bot.app import open_app, open_health
from bot.cli.check.report import check, report_settings
from bot.cli.describe import describe
from bot.cli.explain import explain, known_secrets
from bot.cli.move_database import move_database
from bot.cli.probe import probe
from bot.cli.services import services
from bot.cli.usage import DAYS, MAX_DAYS, usage
from bot.errors import KinoraError, NoSessionsLeft, SettingsError
from bot.gateway.client import KinoraBot
from bot.gateway.proxies import configure_endpoints
from bot.operations import log
from bot.operations.private_files import make_private
from bot.settings import Settings
from bot.storage import Database
from bot.wiring.video_services import load_settings

WRONG_SETTINGS = 2
FAILED = 1
# So many new objects are there before the collector looks for circles among them. A thousand jobs make Python's own 700
# in a few milliseconds, nearly all of them in use or gone by themselves.
YOUNG_OBJECTS = 10_000
# Codes with which Discord's gateway hangs up for good.
BAD_TOKEN, BAD_SHARDS = 4004, (4010, 4011)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command that ``words`` name, those of the command line by default, and return the exit code."""
    arguments = _parser().parse_args(words)
    os.umask(0o077)  # nobody else reads what this process writes
    if arguments.command == "move-database":
        return move_database(arguments.source, arguments.target)
    if arguments.command == "services":
        return services()
    if arguments.command == "describe":
        described = describe(arguments.source, model=arguments.model, answers=arguments.read)
        if described or not arguments.probe:
            return described
        return asyncio.run(probe(arguments.source, model=arguments.model, env_file=arguments.env_file))
    if arguments.command == "explain":
        secrets = known_secrets(arguments.env_file)
        return explain(arguments.source, status=arguments.status, prompt=arguments.prompt, secrets=secrets)
    try:
        settings = load_settings(arguments.env_file)
    except SettingsError as error:
        if arguments.command == "check" and arguments.json:
            report_settings(error.problems)
            return WRONG_SETTINGS
        _say(*error.problems, "Copy .env.example to .env and fill it in; the README has the steps.")
        return WRONG_SETTINGS
    log.configure(settings.log_level, settings.log_format, settings.secrets)
    configure_endpoints(settings)
    if arguments.command != "check":  # which changes nothing
        make_private(settings.database_file, settings.data_directory / "pictures")
    gc.freeze()  # what was imported stays for good: the collector need not look through it again and again
    gc.set_threshold(YOUNG_OBJECTS)
    try:
        return asyncio.run(_work(arguments)(settings))
    except (KinoraError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
        sentence, code = _why(error)
        if settings.log_format == "json":
            logging.getLogger(__name__).error("%s", sentence)
        else:
            _say(sentence)
        return code


def _work(arguments: argparse.Namespace) -> Callable[[Settings], Coroutine[Any, Any, int]]:
    match arguments.command:
        case "check":
            return partial(check, as_json=arguments.json)
        case "usage":
            return partial(usage, days=arguments.days, as_json=arguments.json)
        case "sync":
            return sync
        case "migrate":
            return migrate_database
        case _:
            return run


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Kinora: a prompt and a picture become a video.")
    parser.set_defaults(command="run")
    _take_env_file(parser, Path(".env"))
    commands = parser.add_subparsers(title="commands", dest="command")

    def add(name: str, does: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
        if name != "move-database":
            _take_env_file(command, argparse.SUPPRESS)
        return command

    add("run", "run the bot, as without a command")
    doctor = add("check", "say what is wrong and how to fix it")
    add("sync", "tell Discord of the commands")
    add("migrate", "upgrade the database")
    total = add("usage", "add up what each server used")
    total.add_argument("--days", type=_days, default=DAYS, help=f"how many days up to today (default: {DAYS})")
    for command in (doctor, total):
        command.add_argument("--json", action="store_true", help="for machines")
    reading = add("explain", "say how a service's reply is read, and by which rule; no setting is needed")
    reading.add_argument(
        "source", metavar="FILE", help="the reply as curl wrote it, with -i or without; - for the input"
    )
    reading.add_argument("--status", type=int, help="its HTTP status, where the file does not tell it (default: 200)")
    reading.add_argument("--prompt", default="", help="the prompt of the request; no trace of it is printed")
    description = add("describe", "show what a service description sends and reads; no setting is needed")
    description.add_argument(
        "source", metavar="NAME", help="a description that comes with Kinora, or the path of a file"
    )
    description.add_argument("--model", default="", help="the model whose request is shown, and that is looked for")
    description.add_argument("--read", metavar="FILE", help="recorded answers, one JSON a line; - for the input")
    description.add_argument(
        "--probe", action="store_true", help="ask the service what is free, with address and key of the settings"
    )
    add("services", "list the task services that a description knows; no setting is needed")
    move = add("move-database", "copy everything into another, empty database; no setting is needed")
    move.add_argument("source", metavar="FROM", help="where it is, as DATABASE_URL has it")
    move.add_argument("target", metavar="TO", help="where it is to be")
    return parser


def _take_env_file(parser: argparse.ArgumentParser, default: object) -> None:
    # Before the command or after it; a default of its own would take back what was said before.
    parser.add_argument("--env-file", type=Path, default=default, help="where the settings are (default: .env)")


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
    return 0


async def sync(settings: Settings) -> int:
    """Tell Discord of the commands, whether or not it knows them."""
    async with open_app(settings) as app, KinoraBot(app) as bot:
        await bot.login(settings.discord_token.get_secret_value())
        if not bot.told_commands:
            await bot.sync_commands(always=True)
    _say("Discord knows the commands.")
    return 0


async def migrate_database(settings: Settings) -> int:
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
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads what is printed has seen enough, such as ``head``
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)
