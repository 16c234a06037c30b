"""The shell commands that need the settings: reads them, has the work done, and says why it could not be."""

from __future__ import annotations

import asyncio
import gc
import logging
import platform
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
import discord

from bot.cli.arguments import FAILED, WRONG_SETTINGS, Arguments
from bot.errors import KinoraError, NoSessionsLeft, SettingsError
from bot.gateway.proxies import configure_endpoints
from bot.i18n.translation import set_currency
from bot.installation.version import version
from bot.operations import log
from bot.operations.private_files import make_private
from bot.settings import Settings
from bot.wiring.video_services import load_settings

# So many new objects are there before the collector looks for circles among them. A thousand jobs make Python's own 700
# in a few milliseconds, nearly all of them in use or gone by themselves.
YOUNG_OBJECTS = 10_000
# Codes with which Discord's gateway hangs up for good.
BAD_TOKEN, BAD_SHARDS = 4004, (4010, 4011)

Work = Callable[[Settings], Coroutine[Any, Any, int]]

journal = logging.getLogger(__name__)


def with_settings(work: Work, arguments: Arguments) -> int:
    """Have the work of the command done with the settings, and return the exit code."""
    try:
        settings = load_settings(arguments.env_file)
    except SettingsError as error:
        return _tell_wrong_settings(error, arguments)
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
        return asyncio.run(work(settings))
    except (KinoraError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
        sentence, code = _why(error)
        if arguments.command == "run":
            sentence = f"Kinora left: {sentence}"
        if settings.log_format == "json":
            journal.error("%s", sentence)
        else:
            _say(sentence)
        return code


def _tell_wrong_settings(error: SettingsError, arguments: Arguments) -> int:
    # The doctor's, which most starts do without.
    from bot.cli.check.report import print_findings
    from bot.cli.check.setting_names import wrong_settings

    findings = wrong_settings(error, arguments.env_file)
    if arguments.command == "check" and arguments.json:
        print_findings(findings, as_json=True)
    else:
        remedies = dict.fromkeys(finding.remedy for finding in reversed(findings))  # where to correct it comes last
        _say(*(finding.finding for finding in findings), *remedies)
    return WRONG_SETTINGS


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


def _say(*lines: str) -> None:
    sys.stderr.write("".join(f"{line}\n" for line in lines))
