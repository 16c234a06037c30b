"""Public threads: known at login or announced later, with their parent's permissions."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest
from discord import app_commands

from playground.fake_discord.server import DiscordServer, NotAllowed
from playground.fake_discord.world.permissions import Overwrite, Permission
from tests.playground.discord_client import StartClient
from tests.playground.discord_rest_client import Api


def place(tree: app_commands.CommandTree[Any]) -> None:
    @tree.command(description="says where it is used")
    async def where(interaction: discord.Interaction) -> None:
        channel = interaction.channel
        assert isinstance(channel, discord.Thread)
        parent = channel.parent.name if channel.parent else "?"
        await interaction.response.send_message(f"{channel.name} in {parent}, {interaction.permissions.send_messages}")


async def test_thread_is_known_at_login_and_commands_work_in_it(
    server: DiscordServer, start_client: StartClient
) -> None:
    world, mara = server.world, server.world.person("Mara")
    thread = world.add_thread(world.channel("videos"), "cats", mara)
    hidden = world.add_thread(world.channel("staff"), "secrets", world.person("Mo"))
    client = await start_client(place)
    guild = client.get_guild(world.guild("Kinora Test Server").id)
    assert guild is not None
    known = guild.get_thread(thread.id)
    assert known is not None
    assert (known.parent_id, known.owner_id, known.archived) == (world.channel("videos").id, mara.id, False)
    assert guild.get_thread(hidden.id) is None
    assert {channel.name: channel.category_id for channel in guild.text_channels}["videos"] is None
    used = await server.slash(mara, world.channel("cats"), "where")
    await server.wait_for(used, lambda message: message.content == "cats in videos, True")


async def test_thread_started_later_is_announced_to_the_bot(server: DiscordServer, start_client: StartClient) -> None:
    started: asyncio.Queue[str] = asyncio.Queue()
    client = await start_client(place)

    async def on_thread_create(thread: discord.Thread) -> None:
        await started.put(f"{thread.name} in {thread.parent}")

    client.event(on_thread_create)  # type: ignore[attr-defined]
    await server.start_thread(server.world.person("Ben"), server.world.channel("videos"), "dogs")
    assert await asyncio.wait_for(started.get(), 5) == "dogs in videos"


async def test_bot_posts_and_edits_in_a_thread_by_its_parents_permissions(api: Api, server: DiscordServer) -> None:
    world, videos = server.world, server.world.channel("videos")
    thread = world.add_thread(videos, "cats", world.person("Mara"))
    posted = await api.post(thread, {"content": "first"})
    assert (await api.edit(posted.json, {"content": "second"})).json["content"] == "second"
    channel = (await api.ask("GET", f"/channels/{thread.id}")).json
    assert (channel["type"], channel["parent_id"], channel["message_count"]) == (11, str(videos.id), 1)
    videos.overwrites[world.bot.id] = Overwrite(deny=Permission.SEND_MESSAGES)
    assert (await api.post(thread, {"content": "third"})).status == 200
    videos.overwrites[world.bot.id] = Overwrite(deny=Permission.SEND_MESSAGES_IN_THREADS)
    assert (await api.post(thread, {"content": "fourth"})).outcome == (403, 50013)
    videos.overwrites[world.bot.id] = Overwrite(deny=Permission.VIEW_CHANNEL)
    assert (await api.post(thread, {"content": "fifth"})).outcome == (403, 50001)


async def test_thread_needs_the_permission_and_a_text_channel(server: DiscordServer) -> None:
    world, ben, videos = server.world, server.world.person("Ben"), server.world.channel("videos")
    thread = await server.start_thread(ben, videos, "cats")
    with pytest.raises(ValueError, match="can have no threads"):
        await server.start_thread(ben, thread, "kittens")
    videos.overwrites[ben.id] = Overwrite(deny=Permission.CREATE_PUBLIC_THREADS | Permission.SEND_MESSAGES_IN_THREADS)
    with pytest.raises(NotAllowed):
        await server.start_thread(ben, videos, "dogs")
    with pytest.raises(NotAllowed):
        server.say(ben, thread, "hello")
    assert server.say(world.person("Mara"), thread, "hello").channel is thread
