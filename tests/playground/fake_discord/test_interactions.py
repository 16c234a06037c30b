"""People use commands, buttons, selects and modals, and a real discord.py client answers them."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import discord
import pytest
from discord import app_commands

from playground.clock import Clock
from playground.fake_discord.people.rendering import render, render_interaction
from playground.fake_discord.server import CannotDo, DiscordServer, NotAllowed, Upload, button_id
from playground.fake_discord.world.interaction import Interaction
from tests.playground.discord_client import StartClient

PICTURE = Upload("my cat.png", b"not really a picture", content_type="image/png")


class CancelButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"cancel:(?P<job>\d+)"):
    """A button that works after a restart: its state is in its custom id."""

    def __init__(self, job: int) -> None:
        super().__init__(discord.ui.Button(label="Cancel", custom_id=f"cancel:{job}"))
        self.job = job

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> CancelButton:
        return cls(int(match["job"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        view = discord.ui.LayoutView()
        view.add_item(discord.ui.TextDisplay(f"Job {self.job} cancelled by {interaction.user.name}"))
        await interaction.response.edit_message(view=view)


class Question(discord.ui.Modal, title="A new prompt"):
    prompt: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Prompt", custom_id="prompt", max_length=20)
    picture: discord.ui.Label[Any] = discord.ui.Label(
        text="Picture", component=discord.ui.FileUpload(custom_id="picture", required=False)
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.picture.component, discord.ui.FileUpload)
        names = [attachment.filename for attachment in self.picture.component.values]
        await interaction.response.send_message(f"You wrote {self.prompt.value} {names}", ephemeral=True)


def commands(tree: app_commands.CommandTree[Any]) -> None:
    tree.client.add_dynamic_items(CancelButton)

    @tree.command(description="makes a video")
    @app_commands.guild_only()
    async def video(
        interaction: discord.Interaction, prompt: app_commands.Range[str, 3, 20], image: discord.Attachment
    ) -> None:
        await interaction.response.defer()
        content = await image.read()
        view = discord.ui.LayoutView(timeout=None)
        text = f"**{prompt}** from {image.filename}, {len(content)} bytes"
        view.add_item(discord.ui.Container(discord.ui.TextDisplay(text)))
        view.add_item(discord.ui.ActionRow(CancelButton(7)))
        await interaction.edit_original_response(view=view)

    @tree.command(description="asks")
    async def ask(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Question())

    @tree.command(description="with suggestions")
    async def model(interaction: discord.Interaction, name: str) -> None:
        await interaction.response.send_message(name, ephemeral=True)

    @model.autocomplete("name")
    async def names(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=n, value=n) for n in ("sora", "veo") if n.startswith(current)]

    usage = app_commands.Group(
        name="usage", description="reports", default_permissions=discord.Permissions(manage_guild=True)
    )

    @usage.command(description="an overview")
    async def overview(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(f"{member.name} in {interaction.guild_id}", ephemeral=True)

    tree.add_command(usage)

    @tree.context_menu(name="Animate this")
    async def animate(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"{message.attachments[0].filename} by {message.author.name}")

    @tree.context_menu(name="Details")
    async def details(interaction: discord.Interaction, message: discord.Message) -> None:
        rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
        ids = [str(child.custom_id) for row in rows for child in row.children]
        roles = [role.name for role in interaction.user.roles] if isinstance(interaction.user, discord.Member) else []
        await interaction.response.send_message(f"{ids} for {roles}", ephemeral=True)

    @tree.command(description="never answers")
    async def silence(interaction: discord.Interaction) -> None:
        pass


async def use(server: DiscordServer, command: str, options: dict[str, Any] | None = None) -> Interaction:
    return await server.slash(server.world.person("Mara"), server.world.channel("general"), command, options)


async def test_deferred_reply_is_filled_with_the_attachments_content(
    server: DiscordServer, start_client: StartClient
) -> None:
    await start_client(commands)
    reply = await use(server, "video", {"prompt": "a cat", "image": PICTURE})
    states = []
    async for message in server.watch(reply):
        states.append(message)
        if not message.thinking:
            break
    assert states[0].thinking
    assert states[-1].components_v2
    assert "a cat from my_cat.png, 20 bytes" in render(states[-1])
    assert reply.deferred
    assert states[-1].edited_at is None


async def test_dynamic_button_updates_its_message(server: DiscordServer, start_client: StartClient) -> None:
    await start_client(commands)
    reply = await use(server, "video", {"prompt": "a cat", "image": PICTURE})
    shown = await server.wait_for(reply, lambda message: not message.thinking)
    press = await server.click(server.world.person("Ben"), shown, button_id(shown, "Cancel"))
    after = await server.wait_for(press, lambda message: "cancelled" in render(message))
    assert after.id == shown.id
    assert render(after) == "Job 7 cancelled by ben"


async def test_modal_checks_its_fields_as_the_client_does(server: DiscordServer, start_client: StartClient) -> None:
    await start_client(commands)
    asked = await use(server, "ask")
    await asyncio.wait_for(asked.acknowledged.wait(), 5)
    assert render_interaction(asked) == "(form: A new prompt)"
    for values, refusal in (({"prompt": "x" * 21}, "20 characters"), ({}, "required"), ({"size": "1"}, "no field")):
        with pytest.raises(CannotDo, match=refusal):
            await server.submit_modal(server.world.person("Mara"), asked, values)


@pytest.mark.parametrize(("pictures", "names"), [([], "[]"), ([PICTURE], "['my_cat.png']")])
async def test_answer_of_a_modal_reaches_the_bot_with_its_files(
    server: DiscordServer, start_client: StartClient, pictures: list[Upload], names: str
) -> None:
    await start_client(commands)
    asked = await use(server, "ask")
    await asyncio.wait_for(asked.acknowledged.wait(), 5)
    values = {"prompt": "a dog", "picture": pictures}
    sent = await server.submit_modal(server.world.person("Mara"), asked, values)
    answer = await server.wait_for(sent, lambda message: bool(message.content))
    assert render(answer) == f"You wrote a dog {names}\n(only you can see this)"


async def test_autocomplete_returns_the_choices_of_the_bot(server: DiscordServer, start_client: StartClient) -> None:
    await start_client(commands)
    mara, general = server.world.person("Mara"), server.world.channel("general")
    assert await server.autocomplete(mara, general, "model", "name", {"name": "so"}) == [
        {"name": "sora", "value": "sora"}
    ]


async def test_message_menu_passes_the_message(server: DiscordServer, start_client: StartClient) -> None:
    await start_client(commands)
    general = server.world.channel("general")
    posted = server.say(server.world.person("Ben"), general, "look", [PICTURE])
    used = await server.message_menu(server.world.person("Mara"), general, "Animate this", posted)
    await server.wait_for(used, lambda message: message.content == "my_cat.png by ben")


async def test_message_menu_shows_the_buttons_of_the_message_and_the_roles_of_the_member(
    server: DiscordServer, start_client: StartClient
) -> None:
    await start_client(commands)
    mara, guild = server.world.person("Mara"), server.world.guild("Kinora Test Server")
    guild.add_roles(mara, guild.role("Patrons"))
    reply = await use(server, "video", {"prompt": "a cat", "image": PICTURE})
    shown = await server.wait_for(reply, lambda message: not message.thinking)
    used = await server.message_menu(mara, server.world.channel("general"), "Details", shown)
    answer = await server.wait_for(used, lambda message: bool(message.content))
    assert answer.content == "['cancel:7'] for ['@everyone', 'Patrons']"


async def test_subcommand_resolves_a_member(server: DiscordServer, start_client: StartClient) -> None:
    await start_client(commands)
    general, ben = server.world.channel("general"), server.world.person("Ben")
    report = await server.slash(server.world.person("Mo"), general, "usage overview", {"member": ben})
    guild = server.world.guild("Kinora Test Server")
    shown = await server.wait_for(report, lambda message: message.content == f"ben in {guild.id}")
    assert shown.ephemeral
    assert not shown.visible_to(ben)


@pytest.mark.parametrize(
    ("person", "command", "options", "refusal"),
    [
        ("Mara", "nothing", {}, "no command 'nothing'"),
        ("Mara", "video", {"prompt": "a cat"}, "required"),
        ("Mara", "video", {"prompt": "ab", "image": PICTURE}, "min_length=3"),
        ("Mara", "video", {"prompt": "x" * 21, "image": PICTURE}, "max_length=20"),
        ("Mara", "video", {"prompt": 3, "image": PICTURE}, "takes string"),
        ("Mara", "video", {"prompt": "a cat", "image": Upload("big.png", bytes(11 * 1024 * 1024))}, "larger than"),
        ("Mara", "video", {"prompt": "a cat", "image": PICTURE, "size": 1}, "no option"),
        ("Mo", "usage", {}, "needs a subcommand"),
        ("Mo", "usage daily", {}, "no subcommand"),
        ("Mara", "usage overview", {}, "lacks the permissions"),
    ],
)
async def test_client_does_not_allow_a_wrong_command(
    server: DiscordServer, start_client: StartClient, person: str, command: str, options: dict[str, Any], refusal: str
) -> None:
    await start_client(commands)
    with pytest.raises(CannotDo, match=refusal):
        await server.slash(server.world.person(person), server.world.channel("general"), command, options)


async def test_guild_only_command_is_not_offered_in_direct_messages(
    server: DiscordServer, start_client: StartClient
) -> None:
    await start_client(commands)
    mara = server.world.person("Mara")
    channel = server.world.direct_messages(mara)
    with pytest.raises(NotAllowed):
        await server.slash(mara, channel, "video", {"prompt": "a cat", "image": PICTURE})
    reply = await server.slash(mara, channel, "model", {"name": "sora"})
    await server.wait_for(reply, lambda message: message.content == "sora")


async def test_commands_cannot_be_used_in_a_hidden_channel(server: DiscordServer, start_client: StartClient) -> None:
    await start_client(commands)
    staff = server.world.channel("staff")
    with pytest.raises(NotAllowed):
        await server.slash(server.world.person("Mara"), staff, "model", {"name": "sora"})
    reply = await server.slash(server.world.person("Mo"), staff, "model", {"name": "sora"})
    await server.wait_for(reply, lambda message: message.content == "sora")


async def test_unanswered_interaction_fails_after_three_seconds(
    server: DiscordServer, start_client: StartClient, clock: Clock
) -> None:
    await start_client(commands)
    reply = await use(server, "silence")
    clock.advance(2.5)
    assert not reply.failed
    clock.advance(0.5)
    await asyncio.wait_for(reply.settled.wait(), 1)
    assert render_interaction(reply) == "The application did not respond"


async def test_interaction_fails_while_no_bot_is_connected(
    server: DiscordServer, start_client: StartClient, clock: Clock
) -> None:
    client = await start_client(commands)
    await client.close()
    reply = await use(server, "silence")
    clock.advance(3)
    await asyncio.wait_for(reply.settled.wait(), 1)
    assert reply.failed
