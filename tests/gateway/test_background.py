"""What Kinora does by itself is at work in a bot that runs, and in nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import open_app
from bot.gateway.client import KinoraBot
from playground.fake_discord.server import DiscordServer
from tests.conftest import DiscordGlobals
from tests.test_app import settings

BACKGROUND = {"keep the lease", "erase old prompts", "sweep pictures", "recovery", "logs"}


def at_work() -> set[str]:
    return BACKGROUND & {task.get_name() for task in asyncio.all_tasks()}


@pytest.fixture
async def bot(tmp_path: Path, discord_globals: DiscordGlobals) -> AsyncIterator[KinoraBot]:
    """A bot as ``sync`` opens it: logged in, with all of its cogs."""
    server = DiscordServer()
    await server.start()
    discord_globals.connect_to(server)
    try:
        async with open_app(settings(tmp_path)) as app, KinoraBot(app) as bot:
            await bot.login(server.token)
            yield bot
            await bot.leave(0)
    finally:
        await server.stop()


async def test_bot_that_is_only_logged_in_does_nothing_by_itself(bot: KinoraBot) -> None:
    assert bot.told_commands
    assert at_work() == set()


async def test_bot_that_runs_keeps_its_jobs_posts_logs_and_forgets_what_is_due(bot: KinoraBot) -> None:
    bot.start_background()
    assert at_work() == BACKGROUND


async def test_bot_that_was_asked_to_leave_while_it_logged_in_starts_nothing(bot: KinoraBot) -> None:
    await bot.app.jobs.close(0)
    bot.start_background()
    assert at_work() == set()
