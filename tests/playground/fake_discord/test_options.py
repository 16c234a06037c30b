"""Command options of every type: the values a person may give, and what the bot receives."""

from __future__ import annotations

import enum
from typing import Any

import discord
import pytest
from discord import app_commands

from playground.fake_discord.server import CannotDo, DiscordServer
from tests.playground.discord_client import StartClient
from tests.playground.discord_rest_client import Api

Thing = Any


class Period(enum.Enum):
    DAY = 1
    MONTH = 30


def limits(tree: app_commands.CommandTree[Any]) -> None:
    @tree.command(description="sets limits")
    async def limit(
        interaction: discord.Interaction,
        videos: app_commands.Range[int, 0, 100] = 0,
        price: app_commands.Range[float, 0.5, None] = 0.5,
        refusals: bool = False,
        period: Period = Period.DAY,
        role: discord.Role | None = None,
        channel: discord.TextChannel | None = None,
        member: discord.Member | None = None,
        either: discord.Member | discord.Role | None = None,
    ) -> None:
        told = [videos, price, refusals, period.name, role, channel, member, either]
        await interaction.response.send_message(str([str(value) for value in told if value is not None]))


@pytest.fixture
def things(server: DiscordServer) -> dict[str, Thing]:
    """The objects that the tests' parameters name."""
    world = server.world
    guild, other = world.guild("Kinora Test Server"), world.guild("Another Server")
    return {
        "Patrons": guild.role("Patrons"),
        "foreign role": other.everyone,
        "#videos": world.channel("videos"),
        "#staff": world.channel("staff"),
        "foreign channel": world.channel("general", other),
        "thread": world.add_thread(world.channel("videos"), "cats", world.person("Ben")),
        "Ben": world.person("Ben"),
    }


async def test_value_of_every_type_reaches_the_bot(
    server: DiscordServer, start_client: StartClient, things: dict[str, Thing]
) -> None:
    await start_client(limits)
    options = {
        "videos": 100,
        "price": 2.5,
        "refusals": True,
        "period": 30,
        "role": things["Patrons"],
        "channel": things["#videos"],
        "member": things["Ben"],
        "either": things["Patrons"],
    }
    used = await server.slash(server.world.person("Mo"), server.world.channel("general"), "limit", options)
    answer = await server.wait_for(used, lambda message: bool(message.content))
    assert answer.content == "['100', '2.5', 'True', 'MONTH', 'Patrons', 'videos', 'ben', 'Patrons']"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("videos", -1),
        ("videos", 101),
        ("videos", 1.5),
        ("videos", True),
        ("videos", "1"),
        ("price", 0.4),
        ("price", True),
        ("refusals", 1),
        ("period", 7),
        ("role", "Ben"),
        ("role", "foreign role"),
        ("channel", "thread"),
        ("channel", "#staff"),
        ("channel", "foreign channel"),
        ("member", "Patrons"),
        ("either", "#videos"),
    ],
)
async def test_value_that_the_option_does_not_take_is_not_allowed(
    server: DiscordServer, start_client: StartClient, things: dict[str, Thing], option: str, value: Any
) -> None:
    await start_client(limits)
    given = things.get(value, value) if isinstance(value, str) else value
    with pytest.raises(CannotDo):
        await server.slash(server.world.person("Mara"), server.world.channel("general"), "limit", {option: given})


@pytest.mark.parametrize(
    "option",
    [
        {"type": 3, "min_value": 1},
        {"type": 4, "min_length": 1},
        {"type": 4, "min_value": 2, "max_value": 1},
        {"type": 4, "channel_types": [0]},
        {"type": 4, "choices": [{"name": "one", "value": "1"}]},
        {"type": 5, "choices": [{"name": "yes", "value": True}]},
        {"type": 10, "choices": [{"name": "half", "value": "0.5"}]},
    ],
)
async def test_wrong_option_answers_50035(api: Api, server: DiscordServer, option: dict[str, Any]) -> None:
    command = {"name": "limit", "description": "x", "options": [{"name": "it", "description": "x", **option}]}
    path = f"/applications/{server.world.application_id}/commands"
    assert (await api.ask("PUT", path, [command])).outcome == (400, 50035)
