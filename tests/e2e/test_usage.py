"""What moderators see of their server, and that nobody else sees it."""

from __future__ import annotations

import pytest

from playground.discord_server import NotAllowed
from playground.terminal import render
from tests.e2e.conftest import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_moderator_sees_the_outcomes_and_members_of_this_server_in_private(stage: Stage) -> None:
    await stage.shows(await stage.video("one for the book", by=stage.ben), "Your video is ready")
    await stage.shows(await stage.video("#refuse-prompt", by=stage.ben), "No video this time")

    message = await stage.shows(await stage.discord.slash(stage.mo, stage.videos, "usage overview", {}), "30 days")
    page = render(message)
    assert message.only_for is stage.mo
    assert "Today (UTC)" in page
    assert "made" in page
    assert "refused for the prompt" in page
    (today,) = stage.rows(
        "SELECT sum(jobs) AS n FROM usage WHERE guild_id = ? AND user_id = ?", stage.videos.guild.id, stage.ben.id
    )
    assert f"<@{stage.ben.id}> {today['n']}" in str(message.components)


async def test_a_member_without_rights_does_not_get_the_command(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        await stage.discord.slash(stage.mara, stage.videos, "usage overview", {})


async def test_one_servers_numbers_are_not_seen_in_another(stage: Stage) -> None:
    await stage.shows(await stage.video("only here", by=stage.ben), "Your video is ready")
    world = stage.discord.world
    elsewhere = world.channel("general", world.guild("Another Server"))

    interaction = await stage.discord.slash(world.person("Olga"), elsewhere, "usage overview", {})
    page = render(await stage.shows(interaction, "30 days"))
    assert "Today (UTC): none" in page
