"""Private replies with pictures and files, replaced by a choice in a select, and private and public follow-ups."""

from __future__ import annotations

import io
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands

from playground.fake_discord.payloads.messages import message_payload
from playground.fake_discord.server import DiscordServer, Interaction, button_id
from playground.fake_discord.world.messages import Message
from playground.pictures.art import draw_sample
from tests.playground.discord_client import StartClient
from tests.playground.discord_rest_client import COMPONENTS_V2, EPHEMERAL, Api

PERIODS = ("week", "month")


class Report(discord.ui.LayoutView):
    """A picture and a file of one period, a select for another period, and a button that removes both."""

    def __init__(self, period: str, *, files: bool = True) -> None:
        super().__init__()
        self.add_item(discord.ui.TextDisplay(f"This {period}"))
        if files:
            self.add_item(discord.ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{period}.png")))
            self.add_item(discord.ui.File(f"attachment://{period}.csv"))
        self.add_item(discord.ui.ActionRow(Periods()))
        self.add_item(discord.ui.ActionRow(Less()))


class Periods(discord.ui.Select[Any]):
    def __init__(self) -> None:
        super().__init__(custom_id="period", options=[discord.SelectOption(label=name) for name in PERIODS])

    async def callback(self, interaction: discord.Interaction) -> None:
        period = self.values[0]
        await interaction.response.edit_message(view=Report(period), attachments=files_of(period))


class Less(discord.ui.Button[Any]):
    def __init__(self) -> None:
        super().__init__(label="Less", custom_id="less")

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(view=Report("week", files=False), attachments=[])


def files_of(period: str) -> list[discord.File]:
    picture, table = io.BytesIO(draw_sample()), io.BytesIO(f"period\n{period}\n".encode())
    return [discord.File(picture, f"{period}.png"), discord.File(table, f"{period}.csv")]


def reports(tree: app_commands.CommandTree[Any]) -> None:
    @tree.command(description="a report")
    async def usage(interaction: discord.Interaction, private: bool) -> None:
        await interaction.response.defer(ephemeral=private)
        await interaction.edit_original_response(view=Report("week"), attachments=files_of("week"))

    @tree.command(description="files after an answer")
    async def export(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("here they come", ephemeral=True)
        await interaction.followup.send(files=files_of("week"), ephemeral=True)
        view = discord.ui.LayoutView()
        view.add_item(discord.ui.File("attachment://month.csv"))
        await interaction.followup.send(view=view, file=files_of("month")[1], ephemeral=False)


def names(message: Message) -> list[str]:
    return [attachment.filename for attachment in message.attachments]


async def download(url: str) -> bytes:
    async with aiohttp.ClientSession() as session, session.get(url) as got:
        assert got.status == 200
        return await got.read()


@pytest.mark.parametrize("private", [True, False])
async def test_picture_and_file_are_replaced_by_a_choice_and_removed_by_a_button(
    server: DiscordServer, start_client: StartClient, private: bool
) -> None:
    await start_client(reports)
    mo = server.world.person("Mo")
    asked = await server.slash(mo, server.world.channel("general"), "usage", {"private": private})
    first = await server.wait_for(asked, lambda message: not message.thinking)
    assert (first.ephemeral, names(first)) == (private, ["week.png", "week.csv"])

    chosen = await server.choose(mo, first, "period", ["month"])
    second = await server.wait_for(chosen, lambda message: names(message) == ["month.png", "month.csv"])
    assert (second.id, second.ephemeral) == (first.id, private)
    payload = message_payload(second, server.cdn)
    assert payload["attachments"] == []
    gallery, file = payload["components"][1]["items"][0]["media"], payload["components"][2]
    assert await download(gallery["url"]) == draw_sample()
    assert (file["name"], file["size"], file["file"]["content_type"]) == ("month.csv", 13, "text/csv")
    assert await download(file["file"]["url"]) == b"period\nmonth\n"

    pressed = await server.click(mo, second, button_id(second, "Less"))
    third = await server.wait_for(pressed, lambda message: not message.attachments)
    assert [component["type"] for component in third.components] == [10, 1, 1]
    assert pressed.message is asked.message


async def test_followups_carry_files_in_private_and_in_public(server: DiscordServer, start_client: StartClient) -> None:
    await start_client(reports)
    mo, ben = server.world.person("Mo"), server.world.person("Ben")
    asked = await server.slash(mo, server.world.channel("general"), "export")
    with server.events.subscribe() as events:
        while len(asked.followups) < 2:
            await events.get()
    private, public = asked.followups
    assert (names(private), private.ephemeral, private.visible_to(ben)) == (["week.png", "week.csv"], True, False)
    assert (names(public), public.ephemeral, public.visible_to(ben)) == (["month.csv"], False, True)
    links = [attachment["url"] for attachment in message_payload(private, server.cdn)["attachments"]]
    assert [await download(link) for link in links] == [draw_sample(), b"period\nweek\n"]
    assert await download(public.components[0]["file"]["url"]) == b"period\nmonth\n"


async def answered(api: Api) -> Interaction:
    interaction = await api.interaction()
    await api.acknowledge(interaction, {"type": 4, "data": {"content": "private", "flags": EPHEMERAL}})
    return interaction


@pytest.mark.parametrize("url", ["attachment://other.csv", "https://example.org/a.csv"])
async def test_file_component_shows_an_upload_of_its_message_and_nothing_else(api: Api, url: str) -> None:
    body = {"flags": COMPONENTS_V2 | EPHEMERAL, "components": [{"type": 13, "file": {"url": url}}]}
    got = await api.ask("POST", api.webhook(await answered(api)), body)
    assert got.outcome == (400, 50035)


async def test_bot_token_cannot_reach_a_private_reply(api: Api) -> None:
    interaction = await answered(api)
    assert interaction.message is not None
    path = f"/channels/{interaction.channel.id}/messages/{interaction.message.id}"
    for method, body in (("GET", None), ("PATCH", {"content": "x"}), ("DELETE", None)):
        assert (await api.ask(method, path, body)).outcome == (404, 10008)
