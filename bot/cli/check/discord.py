"""Checks Discord: reached, token taken, gateway open, and how the application is set up there."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import aiohttp
import discord
import yarl

from bot.app import open_app
from bot.cli.check.commands import check_commands
from bot.cli.check.findings import Finding, Severity, plain, unknown, within
from bot.cli.check.http_probe import Answer, ask
from bot.cli.check.permissions import NAMES as OF_SERVERS
from bot.cli.check.permissions import check_permissions
from bot.errors import StorageError
from bot.gateway.answers import UNANSWERED
from bot.gateway.client import KinoraBot
from bot.settings import Settings
from bot.storage import is_new

if TYPE_CHECKING:
    from discord.types.gateway import SessionStartLimit

OF_GATEWAY = ("gateway", "session_starts", "shards")
BEHIND_TOKEN = ("intents", "interactions", *OF_GATEWAY, *OF_SERVERS, "commands")
NAMES = ("discord", "clock", "token", *BEHIND_TOKEN)

LOGIN = 8.0  # seconds
LOOKING = 9.0  # seconds
HELLO = 10  # the gateway's first word
CLOCK_HINT, CLOCK_WRONG = 5.0, 60.0  # seconds; a reply's token is reckoned to end by our clock
SERVERS_OF_A_SHARD = 2500  # Discord closes the gateway to more
FEW_STARTS = 100  # of a thousand a day
_PRIVILEGED = {
    "Presence": ("gateway_presence", "gateway_presence_limited"),
    "Server Members": ("gateway_guild_members", "gateway_guild_members_limited"),
    "Message Content": ("gateway_message_content", "gateway_message_content_limited"),
}


class _Examiner(KinoraBot):
    """Has Kinora's commands, but does not send them to Discord."""

    async def sync_commands(self, *, always: bool = False) -> bool:
        return False


async def check_application(settings: Settings) -> list[Finding]:
    """Return the findings about Discord. What depends on something that is wrong is unknown."""
    logging.getLogger("discord").setLevel(logging.ERROR)  # what it warns of is a finding here
    answer = await ask(f"{discord.http.Route.BASE}/gateway")
    if trouble := _trouble(settings, answer):
        return [trouble, *unknown(NAMES[1:], "Discord could not be asked.")]
    assert isinstance(answer, Answer)  # noqa: S101 - for the type checker: no answer is a trouble
    through = f" through {yarl.URL(settings.discord_api_url).authority}" if settings.discord_api_url else ""
    findings = [Finding("discord", Severity.OK, f"Discord answers{through}."), _clock(answer)]
    try:
        async with _examiner(settings) as bot:
            return findings + await _behind_token(settings, bot)
    except StorageError as error:
        return findings + unknown(NAMES[2:], f"No room to work in: {error}.")


def _trouble(settings: Settings, answer: Answer | str) -> Finding | None:
    proxy = settings.discord_api_url is not None
    remedy = "Is the proxy running, and DISCORD_API_URL right?" if proxy else "Is this machine online?"
    if isinstance(answer, str):
        return Finding("discord", Severity.WRONG, answer, remedy)
    if isinstance(answer.content, dict) and answer.status == 200 and "url" in answer.content:
        return None
    if answer.status in (403, 429):
        what = f"Discord keeps this machine out for a while (HTTP {answer.status}): too much came from its address."
        remedy = "Stop whatever restarts Kinora again and again, and wait an hour."
        return Finding("discord", Severity.WRONG, what, remedy)
    if answer.status >= 500:
        wait = "Wait, and look at https://discordstatus.com."
        return Finding("discord", Severity.WRONG, f"Discord is in trouble (HTTP {answer.status}).", f"{wait} {remedy}")
    what = f"Something answers (HTTP {answer.status}), but not as Discord does."
    portal = "A proxy or the network's login page may stand between. "
    return Finding("discord", Severity.WRONG, what, remedy if proxy else portal + remedy)


def _clock(answer: Answer) -> Finding:
    try:
        # Whole seconds, cut off: on average half a second has passed since.
        theirs = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp() + 0.5
    except (TypeError, ValueError):
        return Finding("clock", Severity.UNKNOWN, "Discord's answer had no time in it.")
    off = answer.at - theirs
    if abs(off) <= CLOCK_HINT:
        return Finding("clock", Severity.OK, "This machine's clock goes with Discord's.")
    state = Severity.WRONG if abs(off) > CLOCK_WRONG else Severity.HINT
    what = f"This machine's clock is {abs(off):.0f} seconds {'ahead' if off > 0 else 'behind'}."
    return Finding("clock", state, what, "timedatectl set-ntp true (in a container: on the machine that runs it).")


@asynccontextmanager
async def _examiner(settings: Settings) -> AsyncIterator[KinoraBot]:
    """A bot with an empty database of its own: the operator's is not opened."""
    with tempfile.TemporaryDirectory(prefix="kinora-") as folder:
        passing = settings.model_copy(update={"database_url": f"sqlite+aiosqlite:///{folder}/kinora.db"})
        async with open_app(passing) as app, _Examiner(app) as bot:
            yield bot


async def _behind_token(settings: Settings, bot: KinoraBot) -> list[Finding]:
    try:
        async with asyncio.timeout(LOGIN):
            await bot.login(settings.discord_token.get_secret_value())
    except discord.LoginFailure:
        what = "DISCORD_TOKEN is not accepted."
        remedy = "Copy it again from the application's page, section Bot (Reset Token ends the former one)."
        return [Finding("token", Severity.WRONG, what, remedy), *unknown(BEHIND_TOKEN, "The token is not accepted.")]
    except UNANSWERED:
        return unknown(NAMES[2:], "Discord did not let Kinora in, nor turn it away.")
    gateway, servers, commands = await asyncio.gather(
        within(LOOKING, OF_GATEWAY, _gateway(settings, bot)),
        within(LOOKING, OF_SERVERS, check_permissions(bot)),
        within(LOOKING, ("commands",), _commands(settings, bot)),
    )
    token = Finding("token", Severity.OK, f"DISCORD_TOKEN belongs to {plain(bot.user.name) if bot.user else 'no one'}.")
    return [token, _intents(bot), _interactions(bot), *gateway, *servers, *commands]


async def _commands(settings: Settings, bot: KinoraBot) -> list[Finding]:
    try:
        has_run = not await is_new(settings.database_url)
    except StorageError:  # which is a finding of its own
        has_run = True
    return await check_commands(bot, has_run=has_run)


def _intents(bot: KinoraBot) -> Finding:
    flags = bot.application_flags
    on = [name for name, ways in _PRIVILEGED.items() if any(getattr(flags, way) for way in ways)]
    if on:
        what = f"The application has privileged intents that Kinora has no use for: {', '.join(on)}."
        return Finding("intents", Severity.HINT, what, "Switch them off on the application's page, section Bot.")
    return Finding("intents", Severity.OK, "No privileged intent is switched on, and none is needed.")


def _interactions(bot: KinoraBot) -> Finding:
    if bot.application and bot.application.interactions_endpoint_url:
        what = "The application has an Interactions Endpoint URL: Discord sends commands there instead of to Kinora."
        remedy = "Empty that field on the application's page, section General Information."
        return Finding("interactions", Severity.WRONG, what, remedy)
    return Finding("interactions", Severity.OK, "Commands come through the gateway, as they should.")


async def _gateway(settings: Settings, bot: KinoraBot) -> list[Finding]:
    advised, url, starts = await bot.http.get_bot_gateway()
    servers = bot.application.approximate_guild_count if bot.application else 0
    opened = await _greeting(settings.discord_gateway_url or url, proxy=settings.discord_gateway_url is not None)
    return [opened, judge_starts(starts, settings, advised), judge_shards(settings, advised, servers)]


async def _greeting(url: str, *, proxy: bool) -> Finding:
    """Connect to the gateway and leave after its first message: it counts logins, not connections."""
    where = yarl.URL(url)
    shown = where.with_user(None).authority
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(where.update_query(v="10", encoding="json")) as socket,
        ):
            greeted = (await socket.receive_json())["op"] == HELLO
    except (aiohttp.ClientError, OSError, TypeError, ValueError, KeyError):
        greeted = False
    if greeted:
        return Finding("gateway", Severity.OK, f"The gateway answers at {shown}.")
    remedy = "Is the proxy running, and DISCORD_GATEWAY_URL right?" if proxy else "Does a firewall stop WebSockets?"
    return Finding("gateway", Severity.WRONG, f"No greeting came from {shown}.", remedy)


def judge_starts(starts: SessionStartLimit, settings: Settings, advised: int) -> Finding:
    """Return whether today's logins are enough to start once more."""
    needed = len(settings.shard_ids) or settings.shard_count or advised
    left, hours = starts["remaining"], starts["reset_after"] / 3_600_000
    what = f"{left} of {starts['total']} logins are left today."
    if left < needed:
        what += f" A start takes {needed}."
        remedy = f"Leave a running Kinora alone, and start none for {hours:.1f} hours. What used the logins up?"
        return Finding("session_starts", Severity.WRONG, what, remedy)
    if left < FEW_STARTS:
        remedy = "See in the log what makes Kinora start so often: at none left Discord makes the token invalid."
        return Finding("session_starts", Severity.HINT, what, remedy)
    return Finding("session_starts", Severity.OK, what)


def judge_shards(settings: Settings, advised: int, servers: int) -> Finding:
    """Return whether SHARD_COUNT fits the number of servers."""
    count = settings.shard_count
    if count is None:
        return Finding("shards", Severity.OK, f"Kinora takes as many as Discord advises, {advised} at present.")
    what = f"SHARD_COUNT is {count}, Discord advises {advised} for about {servers} servers."
    remedy = f"Set SHARD_COUNT={advised} for all processes, share the ids out with SHARD_IDS, and restart them all."
    if servers > count * SERVERS_OF_A_SHARD:
        return Finding("shards", Severity.WRONG, f"{what} A shard may not have over {SERVERS_OF_A_SHARD}.", remedy)
    if count < advised:
        return Finding("shards", Severity.HINT, what, remedy)
    return Finding("shards", Severity.OK, what)
