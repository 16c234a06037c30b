"""Selects that Discord fills with people, roles and channels, and the validation of selects."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import app_commands

from playground.fake_discord.server import CannotDo, DiscordServer
from playground.fake_discord.world.messages import Message
from tests.playground.discord_client import StartClient
from tests.playground.discord_rest_client import Api

USER, ROLE, MENTIONABLE, CHANNEL = 5, 6, 7, 8
VOICE, THREAD = 2, 11


def select(kind: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "custom_id": "pick", **more}


def rows(*components: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": 1, "components": [component]} for component in components]


async def posted(api: Api, server: DiscordServer, component: dict[str, Any]) -> Message:
    got = await api.post(server.world.channel("general"), {"content": "choose", "components": rows(component)})
    assert got.status == 200, got.json
    return server.world.messages[int(got.json["id"])]


class Pickers(discord.ui.View):
    """Replies with the type and name of every object that discord.py made of a choice."""

    @discord.ui.select(cls=discord.ui.UserSelect, custom_id="people", max_values=2)
    async def people(self, interaction: discord.Interaction, chosen: discord.ui.UserSelect[Any]) -> None:
        told = [f"{type(one).__name__} {one.name}" for one in chosen.values]
        await interaction.response.send_message(str(told))

    @discord.ui.select(cls=discord.ui.RoleSelect, custom_id="roles", min_values=0)
    async def roles(self, interaction: discord.Interaction, chosen: discord.ui.RoleSelect[Any]) -> None:
        await interaction.response.send_message(str([role.name for role in chosen.values]))

    @discord.ui.select(cls=discord.ui.MentionableSelect, custom_id="either", max_values=2)
    async def either(self, interaction: discord.Interaction, chosen: discord.ui.MentionableSelect[Any]) -> None:
        told = sorted(f"{type(one).__name__} {one}" for one in chosen.values)
        await interaction.response.send_message(str(told))

    @discord.ui.select(cls=discord.ui.ChannelSelect, custom_id="channels", max_values=2)
    async def channels(self, interaction: discord.Interaction, chosen: discord.ui.ChannelSelect[Any]) -> None:
        told = [f"{one.name} {one.type} {one.permissions.send_messages}" for one in chosen.values]
        await interaction.response.send_message(str(told))


def pickers(tree: app_commands.CommandTree[Any]) -> None:
    @tree.command(description="shows selects")
    async def settings(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("choose", view=Pickers())


async def test_real_objects_reach_the_callbacks_of_discord_py(server: DiscordServer, start_client: StartClient) -> None:
    await start_client(pickers)
    world, general, mara = server.world, server.world.channel("general"), server.world.person("Mara")
    patrons = world.guild("Kinora Test Server").role("Patrons")
    thread = world.add_thread(world.channel("videos"), "cats", mara)
    asked = await server.slash(mara, general, "settings")
    shown = await server.wait_for(asked, lambda message: bool(message.components))
    for custom_id, chosen, told in (
        ("people", [world.person("Ben"), str(world.person("Mo").id)], "['Member ben', 'Member mo']"),
        ("roles", [patrons], "['Patrons']"),
        ("roles", [], "[]"),
        ("either", [mara, patrons], "['Member mara', 'Role Patrons']"),
        ("channels", [general, thread], "['general text True', 'cats public_thread True']"),
    ):
        used = await server.choose(mara, shown, custom_id, chosen)
        answer = await server.wait_for(used, lambda message: bool(message.content))
        assert answer.content == told


@pytest.mark.parametrize("kind", [USER, ROLE, MENTIONABLE, CHANNEL])
@pytest.mark.parametrize("choices", [["123456789012345678"], ["Patrons"], []])
async def test_choice_that_is_not_offered_is_not_allowed(
    api: Api, server: DiscordServer, kind: int, choices: list[str]
) -> None:
    message = await posted(api, server, select(kind))
    with pytest.raises(CannotDo):
        await server.choose(server.world.person("Ben"), message, "pick", choices)


async def test_channel_that_is_hidden_or_of_another_type_is_not_offered(api: Api, server: DiscordServer) -> None:
    world = server.world
    thread = world.add_thread(world.channel("videos"), "cats", world.person("Ben"))
    only_threads = await posted(api, server, select(CHANNEL, channel_types=[THREAD]))
    await server.choose(world.person("Ben"), only_threads, "pick", [thread])
    with pytest.raises(CannotDo):
        await server.choose(world.person("Ben"), only_threads, "pick", [world.channel("general")])
    every = await posted(api, server, select(CHANNEL))
    await server.choose(world.person("Mo"), every, "pick", [world.channel("staff")])
    with pytest.raises(CannotDo):
        await server.choose(world.person("Ben"), every, "pick", [world.channel("staff")])


async def test_value_is_chosen_once_and_as_often_as_the_select_takes(api: Api, server: DiscordServer) -> None:
    ben = server.world.person("Ben")
    message = await posted(api, server, select(USER, min_values=0, max_values=2))
    await server.choose(ben, message, "pick", [])
    for choices in ([ben, ben], ["1", "2", "3"]):
        with pytest.raises(CannotDo):
            await server.choose(ben, message, "pick", choices)


async def test_default_values_come_back_as_sent(api: Api, server: DiscordServer) -> None:
    patrons = server.world.guild("Kinora Test Server").role("Patrons")
    defaults = [{"id": str(patrons.id), "type": "role"}]
    message = await posted(api, server, select(ROLE, min_values=0, default_values=defaults))
    assert message.components[0]["components"][0]["default_values"] == defaults


@pytest.mark.parametrize(
    "wrong",
    [
        select(ROLE, default_values=[{"id": "1", "type": "user"}]),
        select(USER, default_values=[{"id": "ben", "type": "user"}]),
        select(USER, default_values=[{"id": "1", "type": "user"}, {"id": "2", "type": "user"}]),
        select(USER, max_values=2, default_values=[{"id": "1", "type": "user"}] * 2),
        select(MENTIONABLE, default_values=[{"id": "1", "type": "channel"}]),
        select(CHANNEL, max_values=26),
        select(CHANNEL, max_values=0),
        select(CHANNEL, min_values=3, max_values=2),
        select(3, options=[{"label": "one", "value": "1"}], max_values=2),
        select(3, options=[{"label": "", "value": "1"}]),
        select(3, options=[{"label": "x" * 101, "value": "1"}]),
        select(3, options=[{"label": name, "value": name, "default": True} for name in "ab"]),
    ],
)
async def test_wrong_select_answers_50035(api: Api, server: DiscordServer, wrong: dict[str, Any]) -> None:
    got = await api.post(server.world.channel("general"), {"content": "choose", "components": rows(wrong)})
    assert got.outcome == (400, 50035)
