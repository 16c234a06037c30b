"""A reply is edited by its token until shortly before that dies, and as the bot's own message from then on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.gateway.edit_pacing import EDITS_PER_SECOND, SECONDS_PER_EDIT, EditPacing
from bot.models import DiscordLimits
from cogs.video.clip import Clip
from cogs.video.reply_message import EditResult, ReplyMessage
from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import DiscordServer, Interaction
from tests.conftest import DiscordGlobals

BY_TOKEN = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
AS_BOT = "PATCH /channels/{channel_id}/messages/{message_id}"


class Client(discord.AutoShardedClient):
    """A client with one command, which defers and hands its interaction to the test."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self.tree = app_commands.CommandTree(self)
        self.taken: asyncio.Queue[discord.Interaction[Any]] = asyncio.Queue()

        @self.tree.command(name="go", description="go")
        async def go(interaction: discord.Interaction[Any]) -> None:
            await interaction.response.defer()
            await self.taken.put(interaction)

    async def setup_hook(self) -> None:
        await self.tree.sync()


class Scene:
    """A deferred reply in #videos and a clock that can be moved."""

    def __init__(self, server: DiscordServer, client: Client) -> None:
        self.server = server
        self.client = client
        self.pacing = EditPacing()
        self.later = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    async def reply(self, channel: str = "videos") -> tuple[Interaction, ReplyMessage]:
        world = self.server.world
        used = await self.server.slash(world.person("Mo"), world.channel(channel), "go", {})
        interaction = await self.client.taken.get()
        assert used.message is not None
        ids = {"guild_id": used.channel.guild.id, "channel_id": used.channel.id, "message_id": used.message.id}
        message = ReplyMessage(self.client, self.pacing, **ids, interaction=interaction, clock=self.now)
        return used, message

    def edits(self, route: str) -> int:
        return len(self.server.requests.to(route))


@pytest.fixture
async def scene(discord_globals: DiscordGlobals) -> AsyncIterator[Scene]:
    server = DiscordServer()
    await server.start()
    discord_globals.connect_to(server)
    client = Client()
    task = asyncio.create_task(client.start(server.token))
    await server.wait_until_ready(10)
    yield Scene(server, client)
    await client.close()
    await asyncio.gather(task, return_exceptions=True)
    await server.stop()


def layout(text: str) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(text))
    return view


async def test_before_minute_fourteen_the_token_is_used_and_after_it_the_bots_own_way(scene: Scene) -> None:
    used, message = await scene.reply()
    scene.later = timedelta(minutes=13, seconds=50)
    assert await message.edit(layout("by token")) is EditResult.DONE
    assert (scene.edits(BY_TOKEN), scene.edits(AS_BOT)) == (1, 0)

    scene.later = timedelta(minutes=14, seconds=10)
    assert await message.edit(layout("as bot")) is EditResult.DONE
    assert (scene.edits(BY_TOKEN), scene.edits(AS_BOT)) == (1, 1)
    assert used.message is not None
    assert "as bot" in render(used.message)


async def test_once_handed_over_the_token_is_never_tried_again(scene: Scene) -> None:
    used, message = await scene.reply()
    scene.server.kill_token(used)
    for number in range(3):
        assert await message.edit(layout(f"edit {number}")) is EditResult.DONE
    assert (scene.edits(BY_TOKEN), scene.edits(AS_BOT)) == (1, 3)


async def test_in_a_hidden_channel_the_token_is_used_to_its_very_end_and_then_there_is_no_way(scene: Scene) -> None:
    _, message = await scene.reply("staff")
    scene.later = timedelta(minutes=14, seconds=30)
    assert await message.edit(layout("last minute")) is EditResult.DONE
    scene.later = timedelta(minutes=15, seconds=1)
    assert await message.edit(layout("too late")) is EditResult.UNREACHABLE
    assert (scene.edits(BY_TOKEN), scene.edits(AS_BOT)) == (1, 0)


async def test_a_way_that_is_dead_is_not_tried_twice(scene: Scene) -> None:
    used, message = await scene.reply()
    scene.server.kill_token(used)
    scene.server.faults.add(route="PATCH /channels/*", status=403, code=50001)
    assert [await message.edit(layout(str(n))) for n in range(3)] == [EditResult.UNREACHABLE] * 3
    assert (scene.edits(BY_TOKEN), scene.edits(AS_BOT)) == (1, 1)


async def test_a_deleted_message_is_told_from_a_dead_token(scene: Scene) -> None:
    used, message = await scene.reply()
    assert used.message is not None
    scene.server.delete_message(used.message)
    assert await message.edit(layout("x")) is EditResult.DELETED
    assert scene.edits(AS_BOT) == 0


@pytest.mark.parametrize(
    ("status", "code", "result"),
    [
        (400, 200000, EditResult.BLOCKED),
        (400, 50035, EditResult.REFUSED),
        (413, 40005, EditResult.TOO_LARGE),
        (400, 50083, EditResult.UNREACHABLE),
        (429, 0, EditResult.RETRY),
        (408, 0, EditResult.RETRY),
    ],
)
async def test_what_discord_says_is_sorted_by_what_to_do_about_it(
    scene: Scene, status: int, code: int, result: EditResult
) -> None:
    used, message = await scene.reply()
    scene.server.kill_token(used)
    scene.server.faults.add(route="PATCH /channels/*", status=status, code=code, via=False)
    assert await message.edit(layout("x")) is result


@pytest.mark.parametrize("token_lives", [True, False])
async def test_a_proxy_that_gives_up_on_an_upload_has_it_left_out_and_the_operator_told(
    scene: Scene, tmp_path: Path, caplog: pytest.LogCaptureFixture, token_lives: bool
) -> None:
    used, message = await scene.reply()
    if not token_lives:
        scene.server.kill_token(used)
    (tmp_path / "video.mp4").write_bytes(b"as large as it may be")
    scene.server.faults.add(route="PATCH *", status=408, uploads_only=True)

    clip = Clip(tmp_path / "video.mp4", "", spoiler=False)
    assert await message.edit(layout("with the video"), clip) is EditResult.TOO_LARGE
    assert await message.edit(layout("with the link")) is EditResult.DONE
    assert "REQUEST_TIMEOUT" in caplog.text


async def test_the_askers_own_file_limit_counts_only_while_the_token_lives(scene: Scene) -> None:
    scene.server.world.person("Mo").upload_limit = 500 * 1024 * 1024
    _, message = await scene.reply()
    assert message.filesize_limit == 500 * 1024 * 1024
    scene.later = timedelta(minutes=20)
    assert message.filesize_limit == DiscordLimits.UPLOAD


async def test_with_many_replies_in_the_process_each_changes_less_often(scene: Scene) -> None:
    _, message = await scene.reply()
    with ExitStack() as replies:
        for channel in range(1000):
            replies.enter_context(scene.pacing.showing(channel))
        assert message.interval == 1000 / EDITS_PER_SECOND
    assert message.interval == 0


async def test_a_reply_has_an_allowance_of_its_own_until_its_token_is_given_up(scene: Scene) -> None:
    _, message = await scene.reply()
    assert message.has_own_allowance
    scene.later = timedelta(minutes=14, seconds=10)
    assert not message.has_own_allowance


async def test_the_interval_widens_with_the_replies_of_a_channel_once_they_share_its_bucket(scene: Scene) -> None:
    used, message = await scene.reply()
    with scene.pacing.showing(used.channel.id), scene.pacing.showing(used.channel.id):
        assert message.interval == 2 / EDITS_PER_SECOND
        scene.later = timedelta(minutes=20)
        assert message.interval == 2 * SECONDS_PER_EDIT
    assert message.interval == SECONDS_PER_EDIT


async def test_an_announcement_notifies_the_asker_and_nobody_else(scene: Scene) -> None:
    used, message = await scene.reply()
    await message.edit(layout("no longer thinking"))
    mo = scene.server.world.person("Mo")
    ways: list[Callable[[], None]] = [lambda: None, lambda: scene.server.kill_token(used)]
    for way in ways:
        way()
        assert await message.ping(f"<@{mo.id}> @everyone {message.jump_url}", mo.id, "n") is EditResult.DONE
    told = [m for m in scene.server.world.messages.values() if message.jump_url in m.content]
    assert len(told) == 2
    for one in told:
        assert (one.pings.users, one.pings.everyone, one.pings.roles) == ({mo.id}, False, frozenset())
