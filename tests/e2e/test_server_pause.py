"""A pause of the whole server: who asks is told until when and why, what waits goes on, and it ends when resumed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import CannotDo, Interaction, NotAllowed, button_id
from playground.fake_discord.world.entities import Channel, User
from playground.fake_discord.world.messages import Message
from tests.e2e.conftest import Stage
from tests.e2e.test_restarts import staged

PAUSE, RESUME, SHOW, CHANGES = "limits pause", "limits resume", "limits show", "limits changes"


async def manage(
    stage: Stage, command: str, by: User | None = None, where: Channel | None = None, **options: object
) -> str:
    """Let a manager use one of the commands, and return what they are told in private."""
    return await stage.told(await stage.discord.slash(by or stage.mo, where or stage.videos, command, options))


def visible(interaction: Interaction) -> list[Message]:
    """Return what others than the member could read of an answer."""
    return [m for m in (*interaction.followups, interaction.message) if m and not m.only_for and not m.deleted]


async def test_a_paused_server_tells_until_when_and_why_and_resumes(stage: Stage) -> None:
    world = stage.discord.world
    elsewhere = world.channel("general", world.guild("Another Server"))
    requests = len(stage.service.requests)
    told = await manage(stage, PAUSE, **{"for": "1 day", "reason": "A raid @everyone"})
    try:
        assert "New videos are paused on this server until" in told
        asked = await stage.video("kept out by the pause", by=stage.ben)
        answer = await stage.told(asked)
        assert "New videos are paused on this server. Reason: A raid @everyone." in answer
        assert re.search(r"You can ask again .+\. This didn't use up a video\.", answer)
        assert visible(asked) == []
        assert "paused on this server until" in await manage(stage, SHOW)
        assert "paused on this server until" in await manage(stage, "quota", by=stage.ben)
        assert "paused on this server until" in await manage(stage, "help", by=stage.ben)
        assert "New videos: not paused → paused until" in await manage(stage, CHANGES)
        there = await stage.delivered(await stage.video("let in over there", by=stage.ben, where=elsewhere))
        assert there["outcome"] == "success"
        assert "again" not in await manage(stage, RESUME, by=world.person("Olga"), where=elsewhere)
    finally:
        resumed = await manage(stage, RESUME)
    assert "Members can make videos here again" in resumed
    assert "aren't paused here" in await manage(stage, RESUME)
    assert "paused on this server" not in await manage(stage, SHOW)
    assert len(stage.service.requests) == requests + 1
    assert (await stage.delivered(await stage.video("let in again", by=stage.ben)))["outcome"] == "success"


async def test_what_waits_goes_on_while_no_button_starts_another_and_the_log_channel_is_told(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture, MAX_JOBS="1") as stage:
        log = stage.discord.world.channel("general", stage.videos.guild)
        await manage(stage, "limits log", channel=log)
        made = await stage.shows(await stage.video("made before"), "[ Remix ]")
        running = await stage.video("#stall the running one")
        await stage.shows(running, "42%")
        waiting = await stage.video("waits", by=stage.ben)
        await stage.shows(waiting, "You're next")
        assert "until a moderator resumes them" in await manage(stage, PAUSE, reason="lunch")
        for member, button in (
            (stage.mara, "Again"),
            (stage.mara, "Edit"),
            (stage.mara, "Remix"),
            (stage.ben, "Edit"),
        ):
            pressed = await stage.discord.click(member, made, button_id(made, button))
            assert "New videos are paused" in await stage.told(pressed), button
        message = await stage.shows(running, "42%")
        await stage.discord.click(stage.mara, message, button_id(message, "Cancel"))
        assert (await stage.delivered(waiting))["outcome"] == "success"
        assert len(stage.rows()) == 3
        await manage(stage, RESUME)

        def told() -> str:
            return "\n".join(render(message) for message in stage.discord.world.messages_of(log))

        lines = await stage.until(told, lambda text: "resumed" in text)
        assert "@Mo paused new videos on this server. Reason: lunch" in lines
        assert "@Mo resumed new videos on this server." in lines


async def test_no_other_length_can_be_chosen_and_no_member_may_pause(stage: Stage) -> None:
    with pytest.raises(CannotDo):
        await manage(stage, PAUSE, **{"for": "2 days"})
    for command in (PAUSE, RESUME):
        with pytest.raises(NotAllowed):
            await stage.discord.slash(stage.ben, stage.videos, command, {})
