"""Checks whether Kinora has the permissions that it needs in its servers and their channels."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import discord

from bot.cli.check.findings import Finding, Severity, plain, some_of, unknown
from bot.gateway.client import PERMISSIONS, KinoraBot

NAMES = ("servers", "permissions")

SERVERS_LOOKED_AT = 20  # three questions each
AT_ONCE = 4  # servers
LINES = 10
_NO_THREADS_HERE = discord.Permissions(send_messages_in_threads=True)
_ONLY_THREADS_HERE = discord.Permissions(send_messages=True)
_HOW = (
    "A manager of that server allows it, to Kinora's role or in the settings of the channel. Until then short "
    "videos are shown all the same; long ones, and the word that one is ready, may not be."
)

Channel = discord.abc.GuildChannel


@dataclass(slots=True)
class ServerPermissions:
    """
    What a server lets Kinora do. ``everywhere`` is what it lacks in the server as a whole; ``lacking`` has the names of
    the channels that lack more, by what they lack; in ``closed`` ones members may only read.
    """

    name: str
    everywhere: discord.Permissions
    lacking: dict[int, list[str]] = field(default_factory=dict)
    channels: int = 0
    hidden: int = 0
    closed: int = 0


async def check_permissions(bot: KinoraBot) -> list[Finding]:
    """Return which servers ``bot`` is in and what it lacks there. It must be logged in."""
    servers = [server async for server in bot.fetch_guilds(limit=SERVERS_LOOKED_AT, with_counts=False)]
    if not servers:
        return [
            Finding("servers", Severity.HINT, "Kinora is in no server yet.", f"Add it to one: {bot.invite_link}"),
            *unknown(NAMES[1:], "There is no server to look at."),
        ]
    total = max(len(servers), bot.application.approximate_guild_count if bot.application else 0)
    turns = asyncio.Semaphore(AT_ONCE)
    looks = await asyncio.gather(*(_look(bot, server, turns) for server in servers))
    seen = [look for look in looks if look]
    inside = Finding("servers", Severity.OK, f"Kinora is in {total} {'server' if total == 1 else 'servers'}.")
    return [inside, *_report(seen, total, bot.invite_link)]


async def _look(bot: KinoraBot, server: discord.Guild, turns: asyncio.Semaphore) -> ServerPermissions | None:
    """Return what ``server`` lets us do, None if it cannot be asked: we may have been removed just now."""
    assert bot.user is not None  # noqa: S101 - for the type checker: the bot is logged in
    async with turns:
        try:
            guild = await bot.fetch_guild(server.id, with_counts=False)
            me = await guild.fetch_member(bot.user.id)
            channels = await guild.fetch_channels()
        except discord.DiscordException:
            return None
    everywhere = PERMISSIONS & ~me.guild_permissions
    look = ServerPermissions(plain(guild.name), everywhere)
    for channel in channels:
        if not isinstance(channel, discord.CategoryChannel):
            _judge(look, channel, me, guild.default_role)
    return look


def _judge(look: ServerPermissions, channel: Channel, me: discord.Member, everyone: discord.Role) -> None:
    """Note in ``look`` what we may not do in ``channel``, beyond what we may not do in the whole server."""
    allowed, members = allowed_in(channel, me), allowed_in(channel, everyone)
    look.channels += 1
    if not allowed.view_channel:
        look.hidden += 1
    elif not allowed.send_messages and members.view_channel and not members.send_messages:
        look.closed += 1  # to announce or to read, not to talk
    elif lack := needed_in(channel) & ~allowed & ~look.everywhere:
        look.lacking.setdefault(lack.value, []).append(f"#{plain(channel.name)}")


def needed_in(channel: Channel) -> discord.Permissions:
    """Return what Kinora needs in a channel of this kind."""
    if isinstance(channel, discord.ForumChannel):
        return PERMISSIONS & ~_ONLY_THREADS_HERE
    if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        return PERMISSIONS & ~_NO_THREADS_HERE
    return PERMISSIONS


def allowed_in(channel: Channel, who: discord.Member | discord.Role) -> discord.Permissions:
    """Return what ``who`` may do in ``channel``."""
    if isinstance(channel, discord.ForumChannel):
        # discord.py takes attaching away with sending; here all is said in threads, which do not ask for sending.
        allowed = discord.abc.GuildChannel.permissions_for(channel, who)
        allowed.send_messages = allowed.send_messages_in_threads
        return allowed
    return channel.permissions_for(who)


def _report(looks: list[ServerPermissions], total: int, invite_link: str) -> list[Finding]:
    if not looks:
        return unknown(NAMES[1:], "Discord did not tell what Kinora may do there.")
    findings = [*_lacks_everywhere(looks, invite_link), *(lack for look in looks for lack in _lacks(look))]
    left_out = f" {total - len(looks)} more servers were not looked at." if total > len(looks) else ""
    if len(findings) > LINES:
        more = f"The same kind of thing is so in {len(findings) - LINES} more cases."
        findings[LINES:] = [Finding("permissions", Severity.HINT, more, "Fix these first, then check again.")]
    channels = sum(look.channels for look in looks)
    what = f"Looked at {channels} channels.{left_out}{_summary(looks)}"
    return [*findings, Finding("permissions", Severity.OK, what)]


def _summary(looks: list[ServerPermissions]) -> str:
    hidden, closed = sum(look.hidden for look in looks), sum(look.closed for look in looks)
    said = [f"Kinora cannot see {hidden} of them, as it should be with private ones."] if hidden else []
    said += [f"In {closed} members may only read."] if closed else []
    return "".join(f" {sentence}" for sentence in said)


def _lacks_everywhere(looks: list[ServerPermissions], invite_link: str) -> list[Finding]:
    servers: dict[int, list[str]] = {}
    for look in looks:
        if look.everywhere:
            servers.setdefault(look.everywhere.value, []).append(look.name)
    # Where no server is as it should be, Kinora was invited in the wrong way.
    state = Severity.WRONG if all(look.everywhere for look in looks) else Severity.HINT
    again = f"A manager of the server opens the invite link again and confirms: {invite_link}"
    return [
        Finding(
            "permissions", state, f"Kinora lacks {_words(lack)} in the whole of these servers: {some_of(names)}.", again
        )
        for lack, names in servers.items()
    ]


def _lacks(look: ServerPermissions) -> list[Finding]:
    if look.channels and look.hidden == look.channels and not look.everywhere:
        what = f"{look.name}: Kinora can see none of the {look.channels} channels."
        return [Finding("permissions", Severity.HINT, what, _HOW)]
    return [
        Finding("permissions", Severity.HINT, f"{look.name}: Kinora lacks {_words(lack)} in {some_of(names)}.", _HOW)
        for lack, names in look.lacking.items()
    ]


def _words(lack: int) -> str:
    """Return permissions as Discord's settings name them."""
    names = [name for name, missing in discord.Permissions(lack) if missing and name != "read_messages"]
    return ", ".join(name.replace("_", " ").title().replace(" In ", " in ") for name in names)
