"""Before Discord has told of a server, or where only the commands were added: no rule opens, nothing breaks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from playground.fake_discord.people.rendering import render
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

BROKEN = "Something went wrong"


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["held back", "commands only"])
async def stranger(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, picture: bytes
) -> AsyncIterator[Stage]:
    """A bot that knows nothing of the server it is used in; its rules name a role, a channel and a log."""
    async with Playground(tmp_path_factory.mktemp("own"), pace=0.1, plan=SHORT_FILM, settings=QUICK) as playground:
        stage = Stage(playground, picture)
        world, guild = stage.discord.world, stage.videos.guild
        assert guild is not None
        olga, patrons = guild.owner, next(role for role in guild.roles if role.name == "Patrons")
        commands: dict[str, dict[str, Any]] = {
            "role": {"role": patrons, "videos_day": 3},
            "log": {"channel": world.channel("general")},
        }
        for command, values in commands.items():
            await stage.told(await stage.discord.slash(olga, stage.videos, f"limits {command}", values))
        asked = await stage.discord.slash(olga, stage.videos, "limits channels")
        await stage.told(asked)
        assert asked.message is not None
        await stage.discord.choose(olga, asked.message, "limits:channels", [world.channel("general")])
        await stage.shows(asked.message, "#general", "Where")
        if request.param == "held back":
            await stage.discord.hold_guilds_back()
            await stage.discord.wait_until_ready()
        else:
            await stage.discord.remove_bot(guild)
        yield stage


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("limits show", "@Patrons"),
        ("limits channels", "#general"),
        ("limits roles", "Who"),
        ("limits changes", "@Patrons"),
        ("help", "#general"),
        ("quota", "Your videos here"),
        ("usage overview", "requests"),
        ("blocks list", "blocked"),
    ],
)
async def test_a_command_says_what_holds_and_calls_nothing_gone(stranger: Stage, command: str, said: str) -> None:
    owner = stranger.videos.guild.owner  # type: ignore[union-attr]
    told = await stranger.told(await stranger.discord.slash(owner, stranger.videos, command))

    assert said in told
    assert BROKEN not in told
    assert "no more" not in told


async def test_a_log_channel_is_taken_or_it_is_said_what_is_missing(stranger: Stage) -> None:
    owner, general = stranger.videos.guild.owner, stranger.discord.world.channel("general")  # type: ignore[union-attr]
    chosen = await stranger.discord.slash(owner, stranger.videos, "limits log", {"channel": general})
    told = await stranger.told(chosen)

    assert BROKEN not in told
    assert "No change" in told or "View Channel" in told


async def test_a_rule_on_channels_holds(stranger: Stage) -> None:
    refused = await stranger.video("where it may not be")
    assert "can't be made in this channel" in await stranger.told(refused) or "has left this server" in render(
        refused.message  # type: ignore[arg-type]
    )
    assert not stranger.sent("where it may not be")
