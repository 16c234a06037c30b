"""What members read about their own use and limits, and that what waited for them is handed over."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from playground.fake_discord.people.rendering import render
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

PRICED = '[{"name": "sora_video2", "label": "Sora", "price": "0.29"}]'


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stage(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Stage]:
    """A stage of its own: what members used is told as a whole, and here videos have a price."""
    directory: Path = tmp_path_factory.mktemp("quota")
    async with Playground(
        directory, pace=0.3, plan=SHORT_FILM, settings=QUICK | {"VIDEO_MODELS": PRICED}
    ) as playground:
        yield Stage(playground, picture)


async def quota(stage: Stage, by: str = "Ben") -> str:
    interaction = await stage.discord.slash(stage.discord.world.person(by), stage.videos, "quota", {})
    message = await stage.shows(interaction, "Your videos here")
    assert message.only_for is interaction.person
    return render(message)


async def limits(stage: Stage, command: str, **options: object) -> None:
    await stage.told(await stage.discord.slash(stage.mo, stage.videos, f"limits {command}", options))


async def test_somebody_who_asked_for_nothing_reads_that_and_that_there_is_no_limit(stage: Stage) -> None:
    page = await quota(stage, "Olga")

    assert "Today: 0 videos" in page
    assert "There are no limits" in page
    assert "haven't made a video here yet" in page


async def test_what_was_used_and_the_latest_requests_are_told_newest_first(stage: Stage) -> None:
    await stage.delivered(await stage.video("the oldest one", by=stage.mara))
    for number in range(4):
        await stage.delivered(await stage.video(f"number {number}", by=stage.mara))
    refused = await stage.video("#refuse-prompt the latest", by=stage.mara)
    await stage.delivered(refused)
    page = await quota(stage, "Mara")

    assert "Today: 5 videos · 1.45 spent" in page
    lines = [line for line in page.splitlines() if "open" in line]
    assert len(lines) == 5
    assert "refused for the prompt" in lines[0]
    assert "the latest" in lines[0]
    assert f"/{refused.message and refused.message.id}" in lines[0]
    assert "number 0" in lines[-1]
    assert "the oldest one" not in page


async def test_what_is_left_of_each_limit_is_told_with_its_end(stage: Stage) -> None:
    await limits(stage, "member", videos_day=3)
    await limits(stage, "server", videos_month=50)
    try:
        await stage.delivered(await stage.video("one of three", by=stage.ben))
        page = await quota(stage)
        assert re.search(r"Today: 1 of 3 videos, 2 left · 0\.29 spent · resets in \d", page)
        assert re.search("everyone together\\n\\W*This month: \\d+ of 50 videos, \\d+ left", page)
    finally:
        await limits(stage, "lift", limit="member.videos_day")
        await limits(stage, "lift", limit="server.videos_month")


async def test_a_block_is_told_with_its_reason_and_end(stage: Stage) -> None:
    await stage.told(
        await stage.discord.slash(
            stage.mo, stage.videos, "blocks add", {"member": stage.ben, "duration": "1 day", "reason": "too much"}
        )
    )
    try:
        page = await quota(stage)
        assert "blocked you from making videos until" in page
        assert "too much" in page
    finally:
        await stage.told(await stage.discord.slash(stage.mo, stage.videos, "blocks lift", {"member": stage.ben}))
    assert "blocked" not in await quota(stage)


async def test_a_kept_video_is_handed_over_once(stage: Stage) -> None:
    staff = stage.discord.world.channel("staff")
    interaction = await stage.video("#slow no letters please", by=stage.mo, where=staff)
    await stage.shows(interaction, "Making your video")
    stage.mo.accepts_direct_messages = False
    try:
        stage.discord.kill_token(interaction)
        row = await stage.delivered(interaction)
    finally:
        stage.mo.accepts_direct_messages = True
    assert row["delivery"] == "kept"

    asked = await stage.discord.slash(stage.mo, stage.videos, "quota", {})
    page = await stage.shows(asked, "here it comes")
    await stage.until(lambda: stage.row_of(interaction)["delivery"], lambda delivery: delivery == "reply")
    (video,) = asked.followups
    assert page.only_for is video.only_for is stage.mo
    assert row["video_url"] in render(video)
    again = await stage.discord.slash(stage.mo, stage.videos, "quota", {})
    assert "here it comes" not in render(await stage.shows(again, "Your videos here"))
    assert not again.followups


async def test_another_servers_use_is_not_mixed_in(stage: Stage) -> None:
    world = stage.discord.world
    elsewhere = world.channel("general", world.guild("Another Server"))
    await stage.delivered(await stage.video("over there", by=stage.ben, where=elsewhere))

    assert "over there" not in await quota(stage)
    interaction = await stage.discord.slash(stage.ben, elsewhere, "quota", {})
    assert "Today: 1 video · 0.29 spent" in render(await stage.shows(interaction, "over there"))
