"""What Kinora does by itself is at work in a bot that runs, and in nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import open_app
from bot.gateway.client import KinoraBot
from bot.wiring.video_services import load_settings
from playground.fake_discord.server import DiscordServer
from tests.conftest import DiscordGlobals
from tests.test_app import settings

BACKGROUND = {"keep the lease", "erase old prompts", "sweep files", "recovery", "logs"}


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


async def test_the_owner_is_told_at_the_start_which_services_are_switched_off_and_why(
    tmp_path: Path, discord_globals: DiscordGlobals, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "services.toml"
    file.write_text(
        '[[services]]\nname = "home"\napi = "videos"\nurl = "http://gpu:8000"\n'
        '  [[services.models]]\n  name = "wan"\n[[services]]\nname = "relay"\nurl = "https://relay.example"\n'
        'key_env = "RELAY_KEY"\n  [[services.models]]\n  name = "sora"\n',
        "utf-8",
    )
    env = tmp_path / "kinora.env"
    env.write_text(
        f"DISCORD_TOKEN=t\nSERVICES_FILE={file}\nDATABASE_URL=sqlite+aiosqlite:///{tmp_path}/kinora.db\n", "utf-8"
    )
    server = DiscordServer()
    await server.start()
    discord_globals.connect_to(server)
    try:
        async with open_app(load_settings(env)) as app, KinoraBot(app) as bot:
            await bot.login(server.token)
            bot.start_background()
            await bot.app.alerts.close(5)
            await bot.leave(0)
    finally:
        await server.stop()
    told = "".join(message.content for message in server.world.messages.values())
    assert "The video service relay is switched off" in told
    assert "RELAY_KEY is missing" in told
    assert "The video service relay is switched off" in caplog.text
