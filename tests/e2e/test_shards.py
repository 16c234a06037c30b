"""Shards as the operator meets them: too few starts left, twins by mistake, and leaving before all are connected."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playground.bot_process import BotProcess
from playground.clock import Clock
from playground.fake_discord.server import DiscordServer
from playground.fake_discord.world.default_world import wide_world
from playground.fake_video_service.server import VideoService
from tests.e2e.conftest import QUICK, Stage

READY = "Your video is ready"


@asynccontextmanager
async def servers(folder: Path, guilds: int) -> AsyncIterator[tuple[DiscordServer, VideoService]]:
    """Both servers, and no bot yet."""
    clock = Clock()
    discord, service = (
        DiscordServer(clock=clock, world=wide_world(clock, guilds)),
        VideoService("key", folder / "films"),
    )
    await discord.start()
    await service.start()
    try:
        yield discord, service
    finally:
        await service.stop()
        await discord.stop()


async def test_with_no_session_start_left_the_bot_says_until_when_and_identifies_to_nobody(tmp_path: Path) -> None:
    async with servers(tmp_path, guilds=1) as (discord, service):
        discord.session_starts.remaining, discord.session_starts.reset_after = 0, 7200.0
        bot = BotProcess(discord, service, tmp_path, QUICK)
        try:
            await bot.start()
            async with asyncio.timeout(60):
                code = await bot.exited()
        finally:
            await bot.kill()

    words = bot.log.read_text("utf-8")
    assert code == 1
    assert "Discord takes 0 more session starts" in words
    assert "start it again after that time" in words
    assert "Traceback" not in words
    assert not discord.session_starts.identified
    assert not discord.session_starts.early


async def test_of_two_processes_with_the_same_shards_one_does_the_work_and_the_other_says_what_to_look_at(
    stage: Stage,
) -> None:
    starts, first = stage.discord.session_starts, stage.playground.bot
    connected = len(starts.identified)
    own = {**QUICK, "DATABASE_URL": first.environment["DATABASE_URL"]}
    twin = BotProcess(stage.discord, stage.service, first.directory, own, name="twin")
    await twin.start()
    try:
        await stage.until(lambda: len(starts.identified), lambda count: count > connected)
        for interaction in [await stage.video(f"asked of twins {number}") for number in range(4)]:
            await stage.shows(interaction, READY, within=40)
        logs = [bot.log.read_text("utf-8") for bot in (first, twin)]
    finally:
        await twin.stop()

    assert len(stage.sent("asked of twins")) == 4
    assert sum(log.count("another process answered") for log in logs) == 4
    assert "SHARD_IDS" in "".join(logs)
    assert "Traceback" not in logs[1]


async def test_asked_to_leave_while_shards_wait_for_their_turn_the_bot_leaves_at_once(tmp_path: Path) -> None:
    async with servers(tmp_path, guilds=8) as (discord, service):
        discord.session_starts.interval = 5.0
        bot = BotProcess(discord, service, tmp_path, {**QUICK, "SHARD_COUNT": "8"})
        try:
            await bot.start()
            async with asyncio.timeout(60):
                while not discord.session_starts.identified:  # noqa: ASYNC110 - the playground has no event for it
                    await asyncio.sleep(0.05)
            code = await bot.stop(within=20)
        finally:
            await bot.kill()

    assert code == 0
    assert len(discord.session_starts.identified) < 8
    assert "Traceback" not in bot.log.read_text("utf-8")
