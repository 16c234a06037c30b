"""A bot whose table of limit kinds has one more line offers it on Discord, enforces it, and words it everywhere."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from playground.bot_process import ROOT
from playground.fake_discord.people.rendering import render
from playground.playground import Playground
from tests.e2e.conftest import FOLDER, QUICK, SHORT_FILM, Stage


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stage(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Stage]:
    """A stage whose bot knows ``videos_week``."""
    path = os.pathsep.join(map(str, (FOLDER / "videos_week", ROOT)))
    settings = QUICK | {"PYTHONPATH": path}
    directory = tmp_path_factory.mktemp("videos_week")
    async with Playground(directory, pace=0.3, plan=SHORT_FILM, settings=settings) as playground:
        yield Stage(playground, picture)


async def told(stage: Stage, command: str, *texts: str, **options: object) -> str:
    interaction = await stage.discord.slash(stage.mo, stage.videos, command, options)
    return render(await stage.shows(interaction, *texts))


async def test_a_kind_that_only_the_table_knows_is_offered_enforced_and_worded(stage: Stage) -> None:
    assert stage.videos.guild
    role = stage.videos.guild.role("Patrons")
    assert "Each member, videos a week: no limit → 1" in await told(stage, "limits member", "It is now:", videos_week=1)
    await told(stage, "limits server", "30 videos a week", videos_week=30)
    await told(stage, "limits role", "Members with @Patrons: 9 videos a week", role=role, videos_week=9)
    choices = await stage.discord.autocomplete(stage.mo, stage.videos, "limits lift", "limit", {"limit": "each"})
    assert choices == [{"name": "Each member: 1 video a week", "value": "member.videos_week"}]

    await stage.delivered(await stage.video("the first one", by=stage.mo))
    refused = await stage.told(await stage.video("one too many", by=stage.mo))
    assert "You have reached this week's limit of 1 video. You can ask again in" in refused

    rules = await told(stage, "limits show", "This server's rules")
    assert "1 of 30 videos this week" in rules
    assert "The next week begins in" in rules
    assert "videos a week: no limit → 1" in await told(stage, "limits changes", "Changes to the rules")
    quota = await told(stage, "quota", "Your videos here")
    assert re.search(r"This week: 1 of 1 video, 0 left · resets in \d", quota)
    assert "1 video a week (1 video today, 1 video this month, 1 video this week)" in await told(
        stage, "help", "Your limits here"
    )
    assert "This week: 29 of 30 videos" in await told(stage, "usage overview", "Left for the server")

    for scope in ("member", "server", f"by_role.{role.id}"):
        await told(stage, "limits lift", "no limit", limit=f"{scope}.videos_week")
