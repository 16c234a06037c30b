"""What Kinora lacks in a channel of each kind, as discord.py reckons it from what Discord tells."""

from __future__ import annotations

import discord
import pytest

from bot.cli.check.permissions import allowed_in, needed_in
from playground.fake_discord.server import DiscordServer
from playground.fake_discord.world.entities import ChannelType
from playground.fake_discord.world.permissions import Overwrite, Permission
from tests.conftest import DiscordGlobals


@pytest.mark.parametrize(
    ("kind", "denied", "lack"),
    [
        (ChannelType.TEXT, Permission(0), set()),
        (ChannelType.TEXT, Permission.SEND_MESSAGES_IN_THREADS, {"send_messages_in_threads"}),
        (ChannelType.TEXT, Permission.READ_MESSAGE_HISTORY, {"read_message_history"}),
        (ChannelType.FORUM, Permission.SEND_MESSAGES, set()),  # posts are threads
        (ChannelType.FORUM, Permission.SEND_MESSAGES_IN_THREADS, {"send_messages_in_threads"}),
        (ChannelType.FORUM, Permission.ATTACH_FILES, {"attach_files"}),
        (ChannelType.VOICE, Permission.SEND_MESSAGES_IN_THREADS, set()),  # there are none
        (ChannelType.VOICE, Permission.ATTACH_FILES, {"attach_files"}),
    ],
)
async def test_what_is_lacking_depends_on_the_kind_of_channel(
    discord_globals: DiscordGlobals, kind: ChannelType, denied: Permission, lack: set[str]
) -> None:
    server = DiscordServer()
    world = server.world
    guild = world.guild("Another Server")
    channel = world.add_channel(guild, "here", {world.bot.id: Overwrite(deny=denied)}, kind)
    await server.start()
    discord_globals.connect_to(server)
    try:
        async with discord.Client(intents=discord.Intents.none()) as client:
            await client.login(server.token)
            fetched = await client.fetch_guild(guild.id)
            me = await fetched.fetch_member(world.bot.id)
            (found,) = [one for one in await fetched.fetch_channels() if one.id == channel.id]
    finally:
        await server.stop()

    assert {name for name, missing in needed_in(found) & ~allowed_in(found, me) if missing} == lack
