"""A model, or all of a server's videos, kept to channels that Discord marks as age-restricted, and to their threads."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from playground.bot_process import BotProcess
from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, Upload
from playground.fake_discord.world.entities import Channel, Guild
from playground.fake_discord.world.permissions import Overwrite, Permission
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage
from tests.e2e.test_ideas import form, press, send
from tests.e2e.test_restarts import LONG, backdate
from tests.e2e.test_waiting import cancel

READY = "Your video is ready"
WILD = {"name": "wild", "label": "Wild One", "age_restricted": True}
SORA = {"name": "sora", "label": "Sora 2"}
ONLY_THERE = "That model is only for age-restricted channels"
SERVER_RULE = "Videos can only be made in age-restricted channels here"


class Den(Stage):
    """A stage with a channel that is marked as age-restricted, and a thread in it."""

    def __init__(self, playground: Playground, picture: bytes) -> None:
        super().__init__(playground, picture)
        world = playground.discord.world
        self.den = world.add_channel(self.guild, "den", age_restricted=True)
        self.nook = world.add_thread(self.den, "nook", self.mara)

    @property
    def guild(self) -> Guild:
        return self.discord.world.guild("Kinora Test Server")

    async def keep_to_marked(self, only: bool) -> str:
        asked = await self.discord.slash(self.guild.owner, self.videos, "limits age_restricted", {"only": only})
        return await self.told(asked)

    def pictures(self) -> list[str]:
        """What is kept of members' pictures, and what a fetch has left."""
        return sorted(file.name for file in (self.playground.bot.directory / "pictures").glob("*"))


@asynccontextmanager
async def opened(directory: Path, picture: bytes, **settings: str) -> AsyncIterator[Den]:
    told = {**QUICK, "VIDEO_MODELS": json.dumps([WILD, SORA]), **settings}
    playground = Playground(directory, pace=0.3, plan=SHORT_FILM, settings=told)
    stage = Den(playground, picture)
    async with playground:
        yield stage


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stage(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Den]:
    async with opened(tmp_path_factory.mktemp("age"), picture) as stage:
        yield stage


async def offered(stage: Den, where: Channel) -> list[str]:
    choices = await stage.discord.autocomplete(stage.mara, where, "video", "model", {"model": ""})
    return [choice["name"] for choice in choices]


PLACES: list[tuple[Callable[[Den], Channel], str]] = [
    (lambda stage: stage.videos, "sora"),
    (lambda stage: stage.den, "wild"),
    (lambda stage: stage.nook, "wild"),
]


@pytest.mark.parametrize(("place", "model"), PLACES, ids=["unmarked", "marked", "thread of a marked one"])
async def test_a_restricted_model_is_offered_and_the_default_in_marked_channels_alone(
    stage: Den, place: Callable[[Den], Channel], model: str
) -> None:
    where = place(stage)
    assert await offered(stage, where) == (
        ["Wild One · default", "Sora 2"] if model == "wild" else ["Sora 2 · default"]
    )
    asked = await stage.video(f"the default in {where.name}", where=where)
    await stage.shows(asked, READY)
    assert stage.row_of(asked)["model"] == model
    told = await stage.told(await stage.discord.slash(stage.ben, where, "help", {}))
    assert ("Wild One" in told) is (model == "wild")


async def test_a_restricted_model_is_refused_elsewhere_in_private_before_anything_is_fetched(stage: Den) -> None:
    before = stage.pictures()
    asked = await stage.video("named in the open", model="wild")
    told = await stage.told(asked)
    assert ONLY_THERE in told
    assert "Elsewhere, choose Sora 2." in told
    upload = Upload("picture.png", stage.picture, content_type="image/png")
    form = await stage.discord.slash(stage.mara, stage.videos, "video", {"image": upload, "model": "wild"})
    assert ONLY_THERE in await stage.told(form)
    assert form.modal is None
    assert stage.pictures() == before
    assert not stage.sent("named in the open")
    assert stage.rows("SELECT * FROM jobs WHERE prompt = ?", "named in the open") == []


async def test_buttons_and_forms_do_no_more_where_the_mark_is_taken_off(stage: Den) -> None:
    message = await stage.shows(await stage.video("made while marked", where=stage.den), READY)
    filled_in = await form(stage, message, "Edit")
    await stage.discord.mark_channel(stage.den, age_restricted=False)
    try:
        for label in ("Again", "Edit", "Remix"):
            pressed = await press(stage, message, label)
            assert ONLY_THERE in await stage.told(pressed)
            assert pressed.modal is None
        idea = await press(stage, message, "Edit", by=stage.ben)
        assert ONLY_THERE in await stage.told(idea)
        assert ONLY_THERE in await stage.told(await send(stage, filled_in, "made while marked, edited"))
        assert len(stage.sent("made while marked")) == 1
    finally:
        await stage.discord.mark_channel(stage.den, age_restricted=True)


async def animated(stage: Den, where: Channel) -> Interaction:
    upload = Upload("cat.png", stage.picture, content_type="image/png")
    message = stage.discord.say(stage.ben, where, "look", [upload])
    asked = await stage.discord.message_menu(stage.mara, where, "Animate this", message)
    await asked.acknowledged.wait()
    return asked


async def test_managers_keep_all_videos_to_marked_channels_and_it_is_shown_and_logged(stage: Den) -> None:
    assert "age-restricted ones only" in await stage.keep_to_marked(True)
    try:
        before = stage.pictures()
        assert SERVER_RULE in await stage.told(await stage.video("kept out of the open"))
        menu = await animated(stage, stage.videos)
        assert SERVER_RULE in await stage.told(menu)
        assert menu.modal is None
        assert stage.pictures() == before
        for where in (stage.den, stage.nook):
            await stage.shows(await stage.video("kept in the den", where=where, model="sora"), READY)
        assert (await animated(stage, stage.den)).modal is not None
        manager = stage.guild.owner
        for panel in ("limits show", "limits changes"):
            told = await stage.told(await stage.discord.slash(manager, stage.videos, panel, {}))
            assert "Channels for videos: " in told
            assert "age-restricted ones only" in told
        assert "age-restricted ones only" in await stage.told(
            await stage.discord.slash(stage.ben, stage.videos, "help", {})
        )
    finally:
        await stage.keep_to_marked(False)
    await stage.shows(await stage.video("in the open again"), READY)


async def test_before_the_servers_have_come_a_thread_goes_by_its_channel_as_discord_tells_when_asked(
    tmp_path: Path, picture: bytes
) -> None:
    async with opened(tmp_path, picture) as stage:
        hidden = {stage.guild.id: Overwrite(deny=Permission.VIEW_CHANNEL)}
        members = {stage.mara.id: Overwrite(allow=Permission.VIEW_CHANNEL)}
        cellar = stage.discord.world.add_channel(stage.guild, "cellar", hidden | members, age_restricted=True)
        hole = stage.discord.world.add_thread(cellar, "hole", stage.mara)
        await stage.discord.hold_guilds_back()
        await stage.discord.wait_until_ready()

        await stage.shows(await stage.video("in the den", where=stage.den, model="wild"), READY)
        await stage.shows(await stage.video("in the nook", where=stage.nook, model="wild"), READY)
        refused = await stage.video("where Kinora cannot look", where=hole, model="wild")
        assert ONLY_THERE in await stage.told(refused)
        await stage.discord.send_guilds()


async def test_what_waits_is_judged_by_the_rule_of_the_moment_and_the_mark_it_was_asked_under(
    tmp_path: Path, picture: bytes
) -> None:
    async with opened(tmp_path, picture, **LONG, MAX_JOBS="1") as stage:
        running = await stage.video("#stall the running one")
        await stage.shows(running, "42%")
        outside = await stage.video("waits outside", by=stage.ben)
        await stage.shows(outside, "You're next")
        inside = await stage.video("waits inside", by=stage.ben, where=stage.den)
        await stage.shows(inside, "Number 2")
        await stage.keep_to_marked(True)
        await cancel(stage, running)

        assert SERVER_RULE in render(await stage.shows(outside, "Not started"))
        await stage.shows(inside, READY)
        assert not stage.sent("waits outside")


async def test_after_a_restart_a_waiting_job_is_held_against_the_models_as_they_are_offered_by_then(
    tmp_path: Path, picture: bytes
) -> None:
    async with opened(tmp_path, picture, **LONG, MAX_JOBS="1") as stage:
        await stage.shows(await stage.video("#stall the running one"), "42%")
        gone = await stage.video("with what is gone", by=stage.ben, where=stage.den, model="wild")
        outside = await stage.video("with what is restricted", by=stage.ben, model="sora")
        inside = await stage.video("with what was allowed all along", by=stage.ben, where=stage.den, model="sora")
        for waiting in (gone, outside, inside):
            await stage.shows(waiting, "Queued")
        await stage.playground.bot.kill()
        backdate(stage, 60)
        world = stage.playground
        settings = {**LONG, "VIDEO_MODELS": json.dumps([{**SORA, "age_restricted": True}])}
        successor = BotProcess(world.discord, world.service, world.bot.directory, settings, name="successor")
        await successor.start()
        try:
            await stage.shows(gone, "Not started", "That model is no longer offered")
            await stage.shows(outside, "Not started", ONLY_THERE)
            await stage.shows(inside, READY)
            assert not stage.sent("with what is gone")
            assert not stage.sent("with what is restricted")
        finally:
            await successor.stop()
