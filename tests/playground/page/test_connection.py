"""The actions and frames of an open page, with a discord.py client as the bot."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
from discord import app_commands
from PIL import Image

from playground.pictures.art import encode
from tests.playground.discord_client import StartClient
from tests.playground.page_visitor import Visit

PICTURE = encode(Image.new("RGB", (64, 48), "teal"), "PNG")


class Ask(discord.ui.Modal, title="Ask"):
    words: Any = discord.ui.TextInput(label="Words", custom_id="words", max_length=10)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"You wrote {self.words.value}")


class Buttons(discord.ui.View):
    @discord.ui.button(label="Count", custom_id="count")
    async def count(self, interaction: discord.Interaction, button: discord.ui.Button[Any]) -> None:
        await interaction.response.edit_message(content="counted")

    @discord.ui.button(label="Ask", custom_id="ask")
    async def ask(self, interaction: discord.Interaction, button: discord.ui.Button[Any]) -> None:
        await interaction.response.send_modal(Ask())

    @discord.ui.select(
        custom_id="colour", options=[discord.SelectOption(label="red"), discord.SelectOption(label="blue")]
    )
    async def colour(self, interaction: discord.Interaction, select: discord.ui.Select[Any]) -> None:
        await interaction.response.send_message(f"chose {select.values[0]}")


def commands(tree: app_commands.CommandTree[Any]) -> None:
    @tree.command(description="Say how large a file is, then change the reply")
    async def weigh(interaction: discord.Interaction, file: discord.Attachment) -> None:
        await interaction.response.send_message("weighing")
        await interaction.edit_original_response(content=f"{file.filename} has {file.size} bytes")

    @tree.command(description="Whisper")
    async def whisper(interaction: discord.Interaction, to: discord.Member | None = None) -> None:
        await interaction.response.send_message("between us", ephemeral=True)

    @tree.command(description="Ping a member")
    async def call(interaction: discord.Interaction, who: discord.Member) -> None:
        everybody = discord.AllowedMentions.all()
        await interaction.response.send_message(f"Hey {who.mention}", allowed_mentions=everybody)

    @tree.command(description="Show buttons")
    async def buttons(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("press", view=Buttons(timeout=None))

    @tree.command(description="Say nothing")
    @app_commands.default_permissions(manage_guild=True)
    async def mute(interaction: discord.Interaction) -> None:
        return

    @tree.command(description="Take a fruit")
    async def take(interaction: discord.Interaction, fruit: str) -> None:
        await interaction.response.send_message(fruit)

    @take.autocomplete("fruit")
    async def fruits(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=name, value=name) for name in ("apple", "pear") if typed in name]

    @tree.context_menu(name="Repeat")
    async def repeat(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"again: {message.content}")


async def test_an_upload_goes_with_a_command_and_each_edit_is_pushed(visit: Visit, start_client: StartClient) -> None:
    await start_client(commands)
    mara, ben = await visit("Mara"), await visit("Ben")
    await mara.slash("weigh", file=await mara.upload(PICTURE, "my%20picture.png"))
    for visitor in (mara, ben):
        first = await visitor.message("weighing")
        edited = await visitor.message(f"my_picture.png has {len(PICTURE)} bytes")
        assert first["id"] == edited["id"]
        assert edited["author"]["id"] == mara.hello["bot"]["id"]


async def test_a_private_reply_reaches_only_its_person_also_when_the_channel_is_opened_later(
    visit: Visit, start_client: StartClient
) -> None:
    await start_client(commands)
    mara, ben, owner = await visit("Mara"), await visit("Ben"), await visit("Olga")
    await mara.slash("whisper")
    assert (await mara.message("between us"))["only_for"] == mara.hello["me"]["id"]
    await ben.slash("call", who={"user": mara.hello["me"]["id"]})
    for visitor in (ben, owner):
        await visitor.message("Hey")  # all frames of the whisper have arrived before it
        await visitor.do("open", channel_id=visitor.channel("videos"))
        assert "between us" not in str(visitor.frames)
    await mara.do("open", channel_id=mara.channel("videos"))
    assert "between us" in str((await mara.frame("messages"))["messages"])


async def test_only_whom_a_message_pings_is_notified(visit: Visit, start_client: StartClient) -> None:
    await start_client(commands)
    mara, ben = await visit("Mara"), await visit("Ben")
    await ben.slash("call", who={"user": mara.hello["me"]["id"]})
    assert (await mara.message("Hey"))["notify"] is True
    assert (await ben.message("Hey"))["notify"] is False


async def test_buttons_selects_and_modals_work(visit: Visit, start_client: StartClient) -> None:
    await start_client(commands)
    mara = await visit("Mara")
    await mara.slash("buttons")
    where = {"channel_id": mara.channel("videos"), "message_id": (await mara.message("press"))["id"]}
    await mara.do("choose", **where, custom_id="colour", values=["blue"])
    await mara.message("chose blue")
    asked = await mara.do("click", **where, custom_id="ask")
    modal = await mara.frame("modal")
    assert modal["interaction_id"] == asked["interaction_id"]
    assert modal["modal"]["title"] == "Ask"
    too_long = await mara.ask("modal", interaction_id=modal["interaction_id"], values={"words": "far too many words"})
    assert not too_long["ok"]
    await mara.do("modal", interaction_id=modal["interaction_id"], values={"words": "hello"})
    await mara.message("You wrote hello")
    await mara.do("click", **where, custom_id="count")
    await mara.message("counted")


async def test_a_modal_opens_only_on_the_page_that_asked_for_it(visit: Visit, start_client: StartClient) -> None:
    await start_client(commands)
    mara, other_tab = await visit("Mara"), await visit("Mara")
    await mara.slash("buttons")
    message = await other_tab.message("press")
    asked = await mara.do("click", channel_id=message["channel_id"], message_id=message["id"], custom_id="ask")
    await mara.frame("modal")
    await other_tab.frame(
        "interaction", lambda frame: (frame["id"], frame["state"]) == (asked["interaction_id"], "acknowledged")
    )
    assert not [frame for frame in other_tab.frames if frame["t"] == "modal"]
    refused = await other_tab.ask("modal", interaction_id=asked["interaction_id"], values={"words": "x"})
    assert refused["error"] == "The window is no longer open."


async def test_suggestions_come_while_typing(visit: Visit, start_client: StartClient) -> None:
    await start_client(commands)
    mara = await visit("Mara")
    where = {"channel_id": mara.channel("videos"), "command": "take", "focused": "fruit"}
    assert [choice["name"] for choice in await mara.do("autocomplete", **where)] == ["apple", "pear"]
    assert [choice["name"] for choice in await mara.do("autocomplete", **where, options={"fruit": "pe"})] == ["pear"]


async def test_people_write_use_message_menus_and_delete(visit: Visit, start_client: StartClient) -> None:
    await start_client(commands)
    mara, ben, mo = await visit("Mara"), await visit("Ben"), await visit("Mo")
    upload = await mara.upload(PICTURE)
    said = await mara.do("say", channel_id=mara.channel("videos"), content="look", uploads=[upload["upload"]])
    shown = await ben.message("look")
    assert shown["attachments"][0]["width"] > 0
    where = {"channel_id": shown["channel_id"], "message_id": said["message_id"]}
    await ben.do("menu", **where, command="Repeat")
    await ben.message("again: look")
    assert not (await ben.ask("delete", **where))["ok"]
    await mo.do("delete", **where)
    assert (await ben.frame("deleted"))["id"] == said["message_id"]


async def test_a_command_without_an_answer_is_shown_as_failed(
    visit: Visit, start_client: StartClient, clock: Any
) -> None:
    await start_client(commands)
    mo = await visit("Mo")
    asked = await mo.slash("mute")
    clock.advance(4)
    failed = await mo.frame("interaction", lambda frame: frame["state"] == "failed")
    assert failed["id"] == asked


async def test_each_person_is_offered_the_commands_they_may_use(visit: Visit, start_client: StartClient) -> None:
    await start_client(commands)
    mara, mo = await visit("Mara"), await visit("Mo")
    for visitor, offered in ((mara, False), (mo, True)):
        await visitor.do("open", channel_id=visitor.channel("general"))
        names = [command["name"] for command in (await visitor.frame("commands"))["commands"]]
        assert ("mute" in names) is offered
        assert "Repeat" in names
    refused = await mara.ask("slash", channel_id=mara.channel("general"), command="mute", options={})
    assert "lacks the permissions" in refused["error"]


async def test_a_page_opened_before_the_bot_learns_its_commands(visit: Visit, start_client: StartClient) -> None:
    mara = await visit("Mara")
    assert mara.hello["commands"] == []
    await mara.do("open", channel_id=mara.channel("general"))
    await start_client(commands)
    await mara.frame("commands", lambda frame: frame["commands"])


async def test_what_cannot_be_done_is_answered_with_a_sentence(visit: Visit) -> None:
    mara = await visit("Mara")
    videos = mara.channel("videos")
    for frame in (
        {"t": "slash", "channel_id": videos, "command": "nothing"},
        {"t": "slash", "channel_id": videos, "command": "nothing", "options": ["x"]},
        {"t": "slash", "channel_id": videos, "command": "x", "options": {"a": {"user": "1"}}},
        {"t": "slash", "channel_id": videos, "command": "x", "options": {"a": {"upload": "1"}}},
        {"t": "open", "channel_id": "no number"},
        {"t": "open"},
        {"t": "click", "message_id": "7", "custom_id": "x"},
        {"t": "say", "channel_id": videos, "content": ""},
        {"t": "say", "channel_id": videos, "content": "x", "uploads": 3},
        {"t": "dance"},
    ):
        done = await mara.ask(frame.pop("t"), **frame)
        assert not done["ok"]
        assert len(done["error"]) > 5


async def test_a_closed_channel_stays_closed(visit: Visit) -> None:
    mo, mara = await visit("Mo"), await visit("Mara")
    staff = mo.channel("staff")
    await mo.do("say", channel_id=staff, content="among us")
    await mo.message("among us")
    assert not (await mara.ask("open", channel_id=staff))["ok"]
    assert not (await mara.ask("say", channel_id=staff, content="hello"))["ok"]
    assert "among us" not in str(mara.frames)


async def test_invalid_frames_get_an_error_and_do_no_harm(visit: Visit) -> None:
    mara = await visit("Mara")
    for text in ("{", "[]", "7", '"x"'):
        await mara.send_text(text)
        await mara.frame("done", lambda frame: frame["n"] is None)
        mara.frames.clear()
    await asyncio.wait_for(mara.do("open", channel_id=mara.channel("videos")), 5)
