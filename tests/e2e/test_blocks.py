"""Blocks, as moderators list, add and lift them, and as they hold for members."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import CannotDo, NotAllowed, button_id
from playground.fake_discord.world.components import walk
from playground.fake_discord.world.entities import Channel, User
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

ADD, LIFT, LIST = "blocks add", "blocks lift", "blocks list"


async def blocks(
    stage: Stage, command: str, by: User | None = None, where: Channel | None = None, **options: object
) -> str:
    """Let a moderator use one of the commands, and return what they are told in private."""
    return await stage.told(await stage.discord.slash(by or stage.mo, where or stage.videos, command, options))


async def test_a_block_holds_here_alone_and_ends_when_it_is_lifted(stage: Stage) -> None:
    world = stage.discord.world
    elsewhere = world.channel("general", world.guild("Another Server"))
    told = await blocks(stage, ADD, member=stage.ben, duration="7 days", reason="**Spam** @everyone")
    try:
        assert "@Ben is blocked until" in told
        assert "by @Mo · reason: **Spam** @everyone" in told
        assert "Spam" in await stage.told(await stage.video("kept out", by=stage.ben))
        listed = await blocks(stage, LIST)
        assert "@Ben blocked until" in listed
        there = await blocks(stage, LIST, by=world.person("Olga"), where=elsewhere)
        assert "No one is blocked" in there
        await stage.delivered(await stage.video("let in over there", by=stage.ben, where=elsewhere))
        assert "isn't blocked here" in await blocks(
            stage, LIFT, by=world.person("Olga"), where=elsewhere, member=stage.ben
        )
        assert "@Ben" in await blocks(stage, LIST)
    finally:
        lifted = await blocks(stage, LIFT, member=stage.ben)
    assert "can make videos again" in lifted
    assert "isn't blocked here" in await blocks(stage, LIFT, member=stage.ben)
    assert (await stage.delivered(await stage.video("let in again", by=stage.ben)))["outcome"] == "success"


async def test_what_a_blocked_member_asks_for_takes_no_picture_and_opens_no_form(
    tmp_path: Path, picture: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = Playground(tmp_path, pace=0.3, plan=SHORT_FILM, settings=QUICK)
    fetched: list[str] = []
    serve = world.discord.cdn.serve

    async def noting(request: web.Request) -> web.StreamResponse:
        fetched.append(request.path)
        return await serve(request)

    monkeypatch.setattr(world.discord.cdn, "serve", noting)
    async with world:
        stage = Stage(world, picture)
        made = await stage.shows(await stage.video("by ben", by=stage.ben), "Your video is ready")
        pictures = world.bot.directory / "pictures"
        before = len(fetched), set(pictures.iterdir())
        await blocks(stage, ADD, member=stage.ben, duration="1 hour")
        for _ in range(5):
            assert "blocked" in await stage.told(await stage.video("kept out", by=stage.ben))
        pressed = await stage.discord.click(stage.ben, made, button_id(made, "Edit"))
        assert "blocked" in await stage.told(pressed)
        assert (len(fetched), set(pictures.iterdir())) == before
        assert len(fetched) > 0


async def test_one_is_lifted_from_the_list_which_then_shows_the_others(stage: Stage) -> None:
    await blocks(stage, ADD, member=stage.ben, duration="indefinitely")
    await blocks(stage, ADD, member=stage.mara, duration="1 hour", reason="calm down")
    try:
        listing = await stage.shows(await stage.discord.slash(stage.mo, stage.videos, LIST, {}), "@Ben", "@Mara")
        assert listing.only_for is stage.mo
        assert "@Ben blocked indefinitely by @Mo" in render(listing)
        await stage.discord.choose(stage.mo, listing, "kinora-blocks:lift", [stage.ben])
        left = await stage.shows(listing, "@Ben can make videos again")
        assert "@Ben blocked" not in render(left)
        assert "@Mara blocked until" in render(left)
        await stage.discord.choose(stage.mo, listing, "kinora-blocks:lift", [stage.mo])
        await stage.shows(listing, "@Mo isn't blocked here")
    finally:
        for member in (stage.ben, stage.mara):
            await blocks(stage, LIFT, member=member)
    empty = await stage.shows(await stage.discord.slash(stage.mo, stage.videos, LIST, {}), "No one is blocked")
    assert not any("custom_id" in component for _, component in walk(empty.components))


async def test_a_second_block_takes_the_place_of_the_first(stage: Stage) -> None:
    await blocks(stage, ADD, member=stage.ben, duration="indefinitely", reason="first")
    try:
        await blocks(stage, ADD, member=stage.ben, duration="1 day", reason="second")
        listed = await blocks(stage, LIST)
        assert ("first" in listed, "second" in listed) == (False, True)
    finally:
        await blocks(stage, LIFT, member=stage.ben)


async def test_a_bot_cannot_be_blocked_and_no_other_length_be_chosen(stage: Stage) -> None:
    assert "Bots can't make videos" in await blocks(stage, ADD, member=stage.discord.world.bot, duration="1 day")
    with pytest.raises(CannotDo):
        await blocks(stage, ADD, member=stage.ben, duration="2 days")


@pytest.mark.parametrize("command", [ADD, LIFT, LIST])
async def test_a_member_is_not_offered_the_commands(stage: Stage, command: str) -> None:
    with pytest.raises(NotAllowed):
        await stage.discord.slash(stage.ben, stage.videos, command, {})
