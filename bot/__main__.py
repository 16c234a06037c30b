"""Kinora's shell commands: run it, check it, explain a reply, describe a service, look after its database."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import platform
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

import aiohttp
import discord

from bot.app import open_app, open_health
from bot.cli.arguments import FAILED, WRONG_SETTINGS, Arguments, parser
from bot.cli.check.report import check, print_findings
from bot.cli.check.setting_names import wrong_settings
from bot.cli.describe import describe
from bot.cli.explain import explain, known_secrets
from bot.cli.move_database import move_database
from bot.cli.probe import probe
from bot.cli.services import services
from bot.cli.usage import usage
from bot.errors import KinoraError, NoSessionsLeft, SettingsError
from bot.gateway.client import KinoraBot
from bot.gateway.proxies import configure_endpoints
from bot.i18n.translation import set_currency
from bot.installation.version import version
from bot.operations import log
from bot.operations.private_files import make_private
from bot.settings import Settings
from bot.storage import Database
from bot.wiring.video_services import load_settings

# So many new objects are there before the collector looks for circles among them. A thousand jobs make Python's own 700
# in a few milliseconds, nearly all of them in use or gone by themselves.
YOUNG_OBJECTS = 10_000
# Codes with which Discord's gateway hangs up for good.
BAD_TOKEN, BAD_SHARDS = 4004, (4010, 4011)

journal = logging.getLogger(__name__)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command that ``words`` name, those of the command line by default, and return the exit code."""
    arguments = parser().parse_args(words)
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
        findings = wrong_settings(error, arguments.env_file)
        if arguments.command == "check" and arguments.json:
            print_findings(findings, as_json=True)
        else:
            remedies = dict.fromkeys(finding.remedy for finding in reversed(findings))  # where to correct it comes last
            _say(*(finding.finding for finding in findings), *remedies)
        return WRONG_SETTINGS
    log.configure(settings.log_level, settings.log_format, settings.secrets)
    if arguments.command == "run":
        journal.info("%s", _introduction(settings))
    set_currency(settings.currency)
    configure_endpoints(settings)
    if arguments.command != "check":  # which changes nothing
        make_private(settings.database_file, settings.data_directory / "pictures")
    gc.freeze()  # what was imported stays for good: the collector need not look through it again and again
    gc.set_threshold(YOUNG_OBJECTS)
    try:
        return asyncio.run(_work(arguments)(settings))
    except (KinoraError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
        sentence, code = _why(error)
        if arguments.command == "run":
            sentence = f"Kinora left: {sentence}"
        if settings.log_format == "json":
            journal.error("%s", sentence)
        else:
            _say(sentence)
        return code


def _work(arguments: Arguments) -> Callable[[Settings], Coroutine[Any, Any, int]]:
    match arguments.command:
        case "check":
            return partial(check, env_file=arguments.env_file, as_json=arguments.json)
        case "usage":
            return partial(usage, days=arguments.days, as_json=arguments.json)
        case "sync":
            return sync
        case "migrate":
            return migrate_database
        case _:
            return run


def _why(error: Exception) -> tuple[str, int]:
    """Return what ended the bot, in a sentence for the operator, and the exit code."""
    if isinstance(error, NoSessionsLeft):
        return str(error), FAILED
    if isinstance(error, KinoraError):
        return f"The database: {error}. To see what to do: python -m bot check", FAILED
    closed = error.code if isinstance(error, discord.ConnectionClosed) else None
    if isinstance(error, discord.LoginFailure) or closed == BAD_TOKEN:
        sentence = "Discord does not accept DISCORD_TOKEN. Copy it again from the application's page, section Bot."
        return sentence, WRONG_SETTINGS
    if closed in BAD_SHARDS:
        return f"Discord does not accept the shards (code {closed}). Check SHARD_COUNT and SHARD_IDS.", WRONG_SETTINGS
    if isinstance(error, discord.DiscordException | aiohttp.ClientError | ConnectionError | TimeoutError):
        return f"No connection to Discord: {type(error).__name__}. Is this machine online?", FAILED
    return f"This machine did not do what it was asked: {error}", FAILED


def _introduction(settings: Settings) -> str:
    """Return what every report of a fault should begin with."""
    server = settings.database_url.rpartition("@")[2].rpartition("://")[2].partition("?")[0]
    database = f"SQLite {settings.database_file}" if settings.database_file else f"PostgreSQL {server}"
    services = ", ".join(f"{service.name} ({service.api})" for service in settings.services)
    models = ", ".join(model.name for model in settings.models)
    return (
        f"Kinora {version()}, Python {platform.python_version()}, database {database}, services {services}, "
        f"models {models}"
    )


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
    _say("Discord knows the commands.")
    return 0


async def migrate_database(settings: Settings) -> int:
    """Upgrade the database, as each start does by itself."""
    database = await Database.open(settings.database_url)
    await database.close()
    _say("The database is up to date.")
    return 0


def _on_signal(name: str, act: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(getattr(signal, name), act)
    except NotImplementedError:  # Windows
        signal.signal(getattr(signal, name), lambda *_: loop.call_soon_threadsafe(act))


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
