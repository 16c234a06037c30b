"""Modals with fields of every kind, answered by a person and read by discord.py."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest
from discord import app_commands

from playground.fake_discord.server import CannotDo, DiscordServer, Interaction, Upload
from tests.playground.discord_client import StartClient
from tests.playground.discord_rest_client import Api

TABLE = Upload("limits.csv", b"1,2")


def label(text: str, component: discord.ui.Item[Any]) -> discord.ui.Label[Any]:
    return discord.ui.Label(text=text, component=component)


class Block(discord.ui.Modal, title="Block a member"):
    reason = label("Reason", discord.ui.TextInput(custom_id="reason", style=discord.TextStyle.paragraph, max_length=9))
    length = label(
        "For",
        discord.ui.Select(
            custom_id="length",
            options=[discord.SelectOption(label=n, default=n == "hour") for n in ("hour", "day")],
        ),
    )
    who = label("Who", discord.ui.UserSelect(custom_id="who", max_values=2))
    roles = label("Roles", discord.ui.RoleSelect(custom_id="roles", required=False))
    where = label(
        "Where", discord.ui.ChannelSelect(custom_id="where", required=False, channel_types=[discord.ChannelType.text])
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        reason, *selects = (field.component for field in (self.reason, self.length, self.who, self.roles, self.where))
        assert isinstance(reason, discord.ui.TextInput)
        told = [str(value) for select in selects for value in select.values]  # type: ignore[attr-defined]
        await interaction.response.send_message(f"{reason.value}: {told}", ephemeral=True)


class Import(discord.ui.Modal, title="Import"):
    table = label("Table", discord.ui.FileUpload(custom_id="table"))
    kind = label(
        "Kind",
        discord.ui.RadioGroup(
            custom_id="kind", options=[discord.RadioGroupOption(label=n, default=n == "add") for n in ("add", "set")]
        ),
    )
    parts = label(
        "Parts",
        discord.ui.CheckboxGroup(
            custom_id="parts", options=[discord.CheckboxGroupOption(label=n) for n in ("day", "month")]
        ),
    )
    sure = label("Sure?", discord.ui.Checkbox(custom_id="sure"))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        fields: list[Any] = [field.component for field in (self.table, self.kind, self.parts, self.sure)]
        table, kind, parts, sure = fields
        told = [table.values[0].filename, len(await table.values[0].read()), kind.value, parts.values, sure.value]
        await interaction.response.send_message(str(told))


def forms(tree: app_commands.CommandTree[Any]) -> None:
    @tree.command(description="asks for members to block")
    async def block(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Block())

    @tree.command(name="import", description="asks what to import")
    async def take(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Import())


async def opened(server: DiscordServer, command: str) -> Interaction:
    asked = await server.slash(server.world.person("Mo"), server.world.channel("general"), command)
    await asyncio.wait_for(asked.acknowledged.wait(), 5)
    return asked


async def test_selects_of_a_modal_reach_the_bot_as_real_objects(
    server: DiscordServer, start_client: StartClient
) -> None:
    await start_client(forms)
    world = server.world
    values = {
        "reason": "spam",
        "length": ["day"],
        "who": [world.person("Ben"), str(world.person("Mara").id)],
        "roles": [world.guild("Kinora Test Server").role("Patrons")],
        "where": [world.channel("videos")],
    }
    sent = await server.submit_modal(world.person("Mo"), await opened(server, "block"), values)
    answer = await server.wait_for(sent, lambda message: bool(message.content))
    assert answer.content == "spam: ['day', 'ben', 'mara', 'Patrons', 'videos']"


async def test_untouched_field_has_its_default_or_stays_empty(server: DiscordServer, start_client: StartClient) -> None:
    await start_client(forms)
    values = {"reason": "spam", "who": [server.world.person("Ben")]}
    sent = await server.submit_modal(server.world.person("Mo"), await opened(server, "block"), values)
    await server.wait_for(sent, lambda message: message.content == "spam: ['hour', 'ben']")


async def test_file_radio_buttons_and_checkboxes_reach_the_bot(
    server: DiscordServer, start_client: StartClient
) -> None:
    await start_client(forms)
    values = {"table": [TABLE], "parts": ["day", "month"], "sure": True}
    sent = await server.submit_modal(server.world.person("Mo"), await opened(server, "import"), values)
    answer = await server.wait_for(sent, lambda message: bool(message.content))
    assert answer.content == "['limits.csv', 3, 'add', ['day', 'month'], True]"


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ("block", {"reason": "x" * 10}),
        ("block", {"length": ["year"]}),
        ("block", {"length": []}),
        ("block", {"who": ["123456789012345678"]}),
        ("block", {"who": ["1", "2", "3"]}),
        ("block", {"roles": ["Patrons"]}),
        ("block", {"where": ["#videos"]}),
        ("import", {"table": []}),
        ("import", {"table": [TABLE, TABLE]}),
        ("import", {"kind": "other"}),
        ("import", {"parts": []}),
        ("import", {"parts": ["year"]}),
    ],
)
async def test_answer_that_the_modal_does_not_take_is_not_allowed(
    server: DiscordServer, start_client: StartClient, command: str, wrong: dict[str, Any]
) -> None:
    await start_client(forms)
    fine: dict[str, Any] = {"reason": "spam", "who": [server.world.person("Ben")]}
    if command == "import":
        fine = {"table": [TABLE], "parts": ["day"]}
    with pytest.raises(CannotDo):
        await server.submit_modal(server.world.person("Mo"), await opened(server, command), fine | wrong)


TEXT = {"type": 4, "custom_id": "a", "style": 1}


@pytest.mark.parametrize(
    "component",
    [
        TEXT,
        {"type": 1, "components": [TEXT]},
        {"type": 18, "label": "x" * 46, "component": TEXT},
        {"type": 18, "label": "fine", "description": "x" * 101, "component": TEXT},
        {"type": 18, "label": "fine"},
        {"type": 18, "label": "fine", "component": {"type": 2, "custom_id": "a", "label": "no buttons"}},
        {"type": 18, "label": "fine", "component": {**TEXT, "style": 3}},
        {"type": 18, "label": "fine", "component": {**TEXT, "placeholder": "x" * 101}},
        {"type": 18, "label": "fine", "component": {**TEXT, "max_length": 3, "value": "four"}},
        {"type": 18, "label": "fine", "component": {**TEXT, "min_length": 4, "max_length": 3}},
        {"type": 18, "label": "fine", "component": {"type": 3, "custom_id": "a", "options": []}},
        {"type": 18, "label": "fine", "component": {"type": 5, "custom_id": "a", "disabled": True}},
        {"type": 18, "label": "fine", "component": {"type": 21, "custom_id": "a", "options": []}},
    ],
)
async def test_wrong_modal_answers_50035(api: Api, component: dict[str, Any]) -> None:
    interaction = await api.interaction()
    modal = {"title": "A form", "custom_id": "form", "components": [component]}
    assert (await api.acknowledge(interaction, {"type": 9, "data": modal})).outcome == (400, 50035)
