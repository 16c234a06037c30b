"""The bot leaves by itself, and with a sentence, at whatever moment it is asked to or has to."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web

from playground.fake_discord.people.rendering import render
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage
from tests.e2e.test_process import shell


def playground(directory: Path) -> Playground:
    return Playground(directory, pace=0.3, plan=SHORT_FILM, settings={**QUICK, "SHUTDOWN_GRACE": "1"})


async def test_asked_to_leave_while_a_picture_is_fetched_it_tells_the_member(
    tmp_path: Path, picture: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = playground(tmp_path)
    asked = asyncio.Event()

    async def never(_request: web.Request) -> web.StreamResponse:
        asked.set()
        await asyncio.sleep(60)
        return web.Response()

    monkeypatch.setattr(world.discord.cdn, "serve", never)
    async with world:
        stage = Stage(world, picture)
        interaction = await stage.video("half begun")
        async with stage.deadline(10):
            await asked.wait()
        assert await world.bot.stop() == 0

        assert "wasn't started" in await stage.told(interaction)
        assert interaction.message is not None
        assert "was not started" in render(interaction.message)
        assert not stage.service.requests


async def test_asked_to_leave_while_the_database_is_locked_it_tells_the_member_and_takes_the_request_back(
    tmp_path: Path, picture: bytes
) -> None:
    async with playground(tmp_path) as world:
        stage = Stage(world, picture)
        with closing(sqlite3.connect(world.bot.database)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            interaction = await stage.video("cut off")
            await interaction.acknowledged.wait()
            await asyncio.sleep(0.5)  # until the request waits for the database
            world.bot.terminate()
            assert "wasn't started" in await stage.told(interaction)
            assert interaction.message
            assert "was not started" in render(interaction.message)
        assert await world.bot.exited() == 0
        await world.start_bot()

        # What is asked for later runs; of the other nothing is left, whether or not it had been stored.
        await stage.delivered(await stage.video("asked for later"))
        assert [row["outcome"] for row in stage.rows() if row["prompt"] == "cut off"] in ([], ["interrupted"])
        assert not stage.sent("cut off")
        await stage.until(lambda: list(world.bot.directory.glob("*.spool")), lambda left: not left)


async def test_asked_to_leave_while_it_logs_in_it_leaves_at_once(tmp_path: Path, picture: bytes) -> None:
    world = playground(tmp_path)
    async with world:
        await world.bot.stop()
        fault = world.discord.faults.add(route="GET /users/@me", delay=30, times=1)
        await world.bot.start()
        await Stage(world, picture).until(lambda: fault.times, lambda left: left == 0)
        world.bot.terminate()
        async with asyncio.timeout(10):
            assert await world.bot.exited() == 0

        assert "Traceback" not in world.bot.log.read_text("utf-8")


@pytest.mark.parametrize("fault", [{"drop_connection": True}, {"status": 503}])
async def test_a_discord_that_is_not_well_at_the_start_ends_the_bot_with_a_sentence(
    tmp_path: Path, fault: dict[str, object]
) -> None:
    async with playground(tmp_path / "p") as world:
        world.discord.faults.add(route="GET /users/@me", **fault)  # type: ignore[arg-type]
        code, output = await shell(tmp_path, "run", **world.bot.environment)

    assert code == 1
    assert "No connection to Discord" in output
    assert "Traceback" not in output


async def test_a_token_that_is_reset_while_the_bot_runs_ends_it_with_a_sentence(tmp_path: Path) -> None:
    async with playground(tmp_path) as world:
        async with asyncio.timeout(30):
            # Earlier than that discord.py takes it for a failed launch of the shard, and identifies anew.
            while "ready as" not in world.bot.log.read_text("utf-8"):  # noqa: ASYNC110 - a log has no event here
                await asyncio.sleep(0.05)
            await world.discord.drop_gateway(4004)
            code = await world.bot.exited()

        log = world.bot.log.read_text("utf-8")
        assert code == 2
        assert "Discord does not accept DISCORD_TOKEN" in log
        assert "Traceback" not in log
