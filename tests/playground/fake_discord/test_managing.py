"""What managers change about a server, and that the bot is told of it."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest
from discord import app_commands

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import CannotDo, DiscordServer
from tests.playground.discord_client import StartClient
from tests.playground.discord_rest_client import Api


def greet(tree: app_commands.CommandTree[Any]) -> None:
    @tree.command(description="greets")
    async def hello(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("hello")


async def test_a_deleted_channel_takes_its_threads_and_messages_along(api: Api, server: DiscordServer) -> None:
    world, ben, videos = server.world, server.world.person("Ben"), server.world.channel("videos")
    thread = await server.start_thread(ben, videos, "cats")
    said = server.say(ben, thread, "hello")
    await server.delete_channel(videos)

    for channel in (videos, thread):
        assert (await api.ask("GET", f"/channels/{channel.id}")).outcome == (404, 10003)
    with pytest.raises(CannotDo):
        await server.message_menu(ben, world.channel("general"), "any", said)
    mention = server.say(ben, world.channel("general"), f"<#{videos.id}>")
    assert render(mention) == "#unknown"


async def test_the_bot_is_told_of_what_is_made_deleted_and_archived(
    server: DiscordServer, start_client: StartClient
) -> None:
    world, told = server.world, asyncio.Queue[str]()
    guild, videos = world.guild("Kinora Test Server"), world.channel("videos")
    client = await start_client(greet)

    async def tell(event: str, thing: discord.abc.GuildChannel | discord.Thread | discord.Role) -> None:
        await told.put(f"{event} {thing.name}")

    for event in ("guild_channel_create", "guild_channel_delete", "guild_role_delete", "thread_delete"):
        setattr(client, f"on_{event}", lambda thing, event=event: tell(event, thing))
    thread = await server.start_thread(world.person("Ben"), videos, "cats")
    gone = await server.start_thread(world.person("Ben"), videos, "dogs")
    await server.delete_channel(await server.create_channel(guild, "log"))
    await server.delete_role(guild, guild.role("Patrons"))
    await server.archive_thread(thread)
    await server.delete_channel(gone)

    async with asyncio.timeout(5):
        heard = [await told.get() for _ in range(4)]
    assert sorted(heard) == [
        "guild_channel_create log",
        "guild_channel_delete log",
        "guild_role_delete Patrons",
        "thread_delete dogs",
    ]
    known = client.get_guild(guild.id)
    assert known is not None
    assert not known.threads
    assert (await known.fetch_channel(thread.id)).name == "cats"


async def test_a_fault_may_hit_one_channel_alone(api: Api, server: DiscordServer) -> None:
    general, videos = server.world.channel("general"), server.world.channel("videos")
    server.faults.add(f"POST /channels/{general.id}/messages", status=403)
    assert (await api.post(general, {"content": "hi"})).status == 403
    assert (await api.post(videos, {"content": "hi"})).status == 200
