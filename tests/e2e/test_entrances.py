"""Buttons, forms and menus ask what commands ask: whether the member may, at this moment and in this place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, Upload, button_id
from playground.fake_discord.state.command_permissions import Target
from playground.fake_discord.world.components import walk
from playground.fake_discord.world.entities import ChannelType, Guild, User
from playground.fake_discord.world.messages import Message
from playground.fake_discord.world.permissions import Overwrite, Permission
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

NO_VIDEOS = "You can't make videos here"
NO_LONGER = "You can no longer use this command"
TOO_OLD = "too old"
CANNOT_CHECK = "can't check your permissions right now"
PERMISSIONS = "GET /applications/{application_id}/guilds/{guild_id}/commands/permissions"
LABELS = ("Again", "Edit", "Remix")


class Door(Stage):
    """A stage where Ben may be kept out of commands and Mo may lose the role of a moderator."""

    @property
    def guild(self) -> Guild:
        return self.discord.world.guild("Kinora Test Server")

    @asynccontextmanager
    async def kept_out(self, to: Target | None = None, command: str | None = "video") -> AsyncIterator[None]:
        """Deny a command, None for all of them, to Ben or ``to`` while the block runs."""
        await self.discord.allow_command(self.guild, command, to or self.ben, False)
        try:
            yield
        finally:
            await self.discord.allow_command(self.guild, command, to or self.ben, None)

    async def added(self, interaction: Interaction) -> str:
        """Wait for the private message that comes beside the one that was used, and return it as shown."""

        def new() -> list[Message]:
            other = [m for m in (*interaction.followups, interaction.message) if m and m is not interaction.source]
            return [message for message in other if not message.thinking]

        return render((await self.until(new, bool, within=10))[0])

    async def press(self, message: Message, label: str, by: User) -> Interaction:
        pressed = await self.discord.click(by, message, button_id(message, label))
        await pressed.acknowledged.wait()
        return pressed

    async def finished(self, prompt: str, by: User | None = None) -> Message:
        interaction = await self.video(prompt, by=by)
        await self.delivered(interaction)
        return await self.shows(interaction)

    async def panel(self, command: str, **options: object) -> Message:
        """Return the private reply to a command of Mo's."""
        asked = await self.discord.slash(self.mo, self.videos, command, options)
        await self.told(asked)
        return await self.shows(asked)

    async def details(self, message: Message) -> Message:
        asked = await self.discord.message_menu(self.mo, message.channel, "Video details", message)
        return await self.shows(asked, "Video details")

    def demote(self) -> None:
        self.guild.members[self.mo.id].roles.clear()

    def promote(self) -> None:
        self.guild.add_roles(self.mo, self.guild.role("Moderator"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Door]:
    async with Playground(tmp_path_factory.mktemp("door"), pace=0.1, plan=SHORT_FILM, settings=QUICK) as playground:
        door = Door(playground, picture)
        await door.without_pauses()
        yield door


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def film(door: Door) -> Message:
    """A finished video of Ben's."""
    return await door.finished("a film of Ben's", by=door.ben)


def overwrite(door: Door, kind: str) -> Target:
    roles = {"role": "Patrons", "everyone": "@everyone"}
    if kind in roles:
        return door.guild.role(roles[kind])
    return {"member": door.ben, "channel": door.videos, "all channels": door.guild}[kind]


@pytest.mark.parametrize("command", ["video", None], ids=["the command", "the whole application"])
@pytest.mark.parametrize("kind", ["member", "role", "everyone", "channel", "all channels"])
async def test_whoever_is_kept_out_of_the_command_starts_nothing_by_an_idea_until_they_are_let_in(
    door: Door, film: Message, command: str | None, kind: str
) -> None:
    door.guild.add_roles(door.ben, door.guild.role("Patrons"))
    before = len(door.service.requests)
    async with door.kept_out(overwrite(door, kind), command):
        assert NO_VIDEOS in await door.told(await door.press(film, "Edit", door.ben))
    assert len(door.service.requests) == before
    assert (await door.press(film, "Edit", door.ben)).modal


@pytest.mark.parametrize("label", LABELS)
async def test_no_button_under_a_finished_video_is_a_way_around_it(door: Door, film: Message, label: str) -> None:
    async with door.kept_out():
        assert NO_VIDEOS in await door.told(await door.press(film, label, door.ben))


@pytest.mark.parametrize(("prompt", "label"), [("#fail once", "Try again"), ("#refuse-image once", "Other picture")])
async def test_neither_is_one_after_a_failure(door: Door, prompt: str, label: str) -> None:
    reply = await door.finished(prompt, by=door.ben)
    async with door.kept_out():
        failed = [m for m in door.discord.world.messages.values() if label in render(m) and m.visible_to(door.ben)]
        assert failed, render(reply)
        assert NO_VIDEOS in await door.told(await door.press(failed[-1], label, door.ben))


async def test_a_form_that_was_opened_before_starts_nothing_after(door: Door, film: Message) -> None:
    message = door.discord.say(door.mara, door.videos, "my cat", [Upload("cat.png", door.picture)])
    idea = await door.press(film, "Edit", door.ben)
    menu = await door.discord.message_menu(door.ben, door.videos, "Animate this", message)
    await menu.acknowledged.wait()
    async with door.kept_out():
        for form in (idea, menu):
            assert form.modal
            text = form.modal["components"][0]["component"]["custom_id"]
            sent = await door.discord.submit_modal(door.ben, form, {text: "past the door"})
            assert NO_VIDEOS in await door.told(sent)
        # A menu has permissions of its own; who is kept from making videos makes none by it either.
        again = await door.discord.message_menu(door.ben, door.videos, "Animate this", message)
        assert NO_VIDEOS in await door.told(again)
    assert not door.sent("past the door")


async def test_a_channel_without_the_permission_to_use_commands_starts_nothing(door: Door, film: Message) -> None:
    door.videos.overwrites[door.ben.id] = Overwrite(deny=Permission.USE_APPLICATION_COMMANDS)
    try:
        assert NO_VIDEOS in await door.told(await door.press(film, "Again", door.ben))
    finally:
        del door.videos.overwrites[door.ben.id]


async def test_while_discord_cannot_be_asked_nothing_starts_by_a_button_and_the_command_works(
    door: Door, film: Message
) -> None:
    await door.discord.allow_command(door.guild, "video", door.ben, None)  # what was known is forgotten
    fault = door.discord.faults.add(route="GET */permissions", status=500)
    try:
        assert CANNOT_CHECK in await door.told(await door.press(film, "Again", door.ben))
        await door.finished("by the command itself", by=door.ben)
    finally:
        door.discord.faults.remove(fault)
    async with door.deadline(30):  # discord.py asks again by itself, with pauses, and one at a time
        while not (again := await door.press(film, "Edit", door.mara)).modal:
            assert CANNOT_CHECK in await door.told(again)


async def test_what_a_server_has_set_is_fetched_once_and_again_after_a_new_session(door: Door, film: Message) -> None:
    await door.press(film, "Edit", door.mara)
    before = len(door.discord.requests.to(PERMISSIONS))
    await door.press(film, "Edit", door.mara)
    assert len(door.discord.requests.to(PERMISSIONS)) == before

    await door.discord.invalidate_sessions()
    async with door.kept_out():  # no session is there to hear of it
        await door.discord.wait_until_ready()
        assert NO_VIDEOS in await door.told(await door.press(film, "Edit", door.ben))


async def use(door: Door, panel: Message, which: str) -> Interaction:
    """Let Mo use a control of a private reply, by its label or the beginning of its custom_id."""
    ids = [str(component["custom_id"]) for _, component in walk(panel.components) if "custom_id" in component]
    (found,) = [custom_id for custom_id in ids if custom_id.startswith(which)] or [button_id(panel, which)]
    if which == "kinora-blocks:lift":
        return await door.discord.choose(door.mo, panel, found, [door.mara])
    if which.startswith("limits:"):
        return await door.discord.choose(door.mo, panel, found, [])
    if which.startswith(("usage:overview", "usage:member")):
        return await door.discord.choose(door.mo, panel, found, ["7"])
    return await door.discord.click(door.mo, panel, found)


PANELS = {
    "Delete the reply": "details",
    "Block the member": "details",
    "kinora-blocks:lift": "blocks list",
    "limits:channels": "limits channels",
    "limits:roles": "limits roles",
    "usage:overview": "usage overview",
    "usage:csv": "usage overview",
    "usage:member": "usage member",
    "usage:older": "usage jobs",
}


async def opened(door: Door, film: Message, which: str) -> Message:
    if PANELS[which] == "details":
        return await door.details(film)
    options = {"member": door.ben} if which == "usage:member" else {}
    return await door.panel(PANELS[which], **options)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def many(door: Door) -> None:
    """There is more than a page of requests."""
    for number in range(6):
        await door.finished(f"one of many, {number}", by=door.ben)


@pytest_asyncio.fixture(loop_scope="session")
async def busy(door: Door, many: None) -> AsyncIterator[None]:
    """And somebody is blocked."""
    await door.panel("blocks add", member=door.mara, duration="indefinitely")
    yield
    await door.panel("blocks lift", member=door.mara)


@pytest.mark.parametrize("which", PANELS)
@pytest.mark.usefixtures("busy")
async def test_a_private_reply_of_a_moderator_does_nothing_once_they_are_none(
    door: Door, film: Message, which: str
) -> None:
    panel = await opened(door, film, which)
    before = {table: door.rows(f"SELECT * FROM {table}") for table in ("jobs", "blocks", "guilds")}  # noqa: S608
    door.demote()
    try:
        assert NO_LONGER in await door.added(await use(door, panel, which))
    finally:
        door.promote()
    assert {table: door.rows(f"SELECT * FROM {table}") for table in before} == before  # noqa: S608
    assert film.id in door.discord.world.messages


@pytest.mark.parametrize("which", PANELS)
@pytest.mark.usefixtures("busy")
async def test_a_private_reply_of_a_moderator_ends_after_a_quarter_of_an_hour(
    door: Door, film: Message, which: str
) -> None:
    panel = await opened(door, film, which)
    assert TOO_OLD in await door.added(await use(door, aged(door, panel, minutes=15), which))
    assert film.id in door.discord.world.messages


def aged(door: Door, message: Message, minutes: int) -> Message:
    """Let a message have been sent that long ago: its id holds the time."""
    world = door.discord.world
    live = world.messages.pop(message.id)
    live.id = world.ids.aged(timedelta(minutes=minutes, seconds=1))
    world.messages[live.id] = live
    live.channel.message_ids.append(live.id)
    return live


async def test_a_form_that_a_moderator_left_open_blocks_nobody_once_they_are_none(door: Door, film: Message) -> None:
    form = await door.press(await door.details(film), "Block the member", door.mo)
    door.demote()
    try:
        assert NO_LONGER in await door.told(await door.discord.submit_modal(door.mo, form, {}))
    finally:
        door.promote()
    assert not door.rows("SELECT * FROM blocks WHERE user_id = ?", door.ben.id)


async def test_the_buttons_of_members_live_on(door: Door) -> None:
    live = aged(door, await door.finished("an old film", by=door.ben), minutes=60 * 24)
    assert (await door.press(live, "Edit", door.ben)).modal


async def test_nobody_blocks_the_owner_or_themselves(door: Door) -> None:
    olga = door.guild.owner
    for member, words in ((olga, "owner of this server"), (door.mo, "can't block yourself")):
        asked = await door.discord.slash(door.mo, door.videos, "blocks add", {"member": member, "duration": "1 day"})
        assert words in await door.told(asked)
        panel = await door.details(await door.finished(f"not to be blocked, {member.name}", by=member))
        assert words in await door.told(await door.press(panel, "Block the member", door.mo))
        assert not door.rows("SELECT * FROM blocks WHERE user_id = ?", member.id)


async def test_before_the_servers_have_come_roles_places_and_the_owner_are_known_all_the_same(
    tmp_path: Path, picture: bytes
) -> None:
    async with Playground(tmp_path, pace=0.1, plan=SHORT_FILM, settings=QUICK) as playground:
        door = Door(playground, picture)
        world, guild = door.discord.world, door.guild
        patrons, category = guild.role("Patrons"), world.add_channel(guild, "films", kind=ChannelType.CATEGORY)
        door.videos.category = category
        thread = world.add_thread(door.videos, "cats", door.mara)
        guild.add_roles(door.mara, patrons)
        await door.panel("limits role", role=patrons, videos_day=1)
        await door.panel("limits member", videos_day=50)
        await door.discord.hold_guilds_back()
        await door.discord.wait_until_ready()

        await door.finished("the first of the day", by=door.mara)
        assert "limit of 1 video" in await door.told(await door.video("a second one", by=door.mara))
        panel = await door.panel("limits roles")
        await door.shows(await door.discord.choose(door.mo, panel, "limits:roles", [patrons]), "@Patrons")
        assert "@Patrons" in await door.told(await door.video("without the role", by=door.ben))
        guild.add_roles(door.ben, patrons)
        channels = await door.panel("limits channels")
        await door.shows(await door.discord.choose(door.mo, channels, "limits:channels", [category]), "films")
        interaction = await door.video("within the category", by=door.ben, where=thread)
        assert (await door.delivered(interaction))["outcome"] == "success"
        owner = {"member": guild.owner, "duration": "1 day"}
        blocked = await door.discord.slash(door.mo, door.videos, "blocks add", owner)
        assert "owner of this server" in await door.told(blocked)
        await door.discord.send_guilds()
