"""Discord's and the database's bad days: the job goes on, and its end arrives when they are over."""

from __future__ import annotations

import re
import resource
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from playground.fake_discord.people.rendering import render
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

READY = "Your video is ready"
UPLOADED = "[video: video.mp4"


@asynccontextmanager
async def trouble(stage: Stage, **fault: Any) -> AsyncIterator[None]:
    added = stage.discord.faults.add(**fault)
    try:
        yield
    finally:
        stage.discord.faults.remove(added)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "times": 3},
        {"status": 429, "times": 3, "via": False},
        {"status": 500, "times": 2},
        {"status": 503, "times": 1},
        {"drop_connection": True, "times": 3},
        {"drop_connection": True, "times": 3, "takes_effect": True},
        {"delay": 1.0, "times": 3},
    ],
    ids=lambda fault: "-".join(f"{name}-{value}" for name, value in fault.items()),
)
async def test_the_end_arrives_whatever_befell_the_edits(stage: Stage, fault: dict[str, Any]) -> None:
    async with trouble(stage, route="PATCH *", **fault):
        interaction = await stage.video(f"edits meet {fault}")
        await stage.shows(interaction, READY, within=40)

    assert (await stage.delivered(interaction))["outcome"] == "success"


async def test_an_upload_that_discord_finds_too_large_leaves_the_link(stage: Stage) -> None:
    async with trouble(stage, route="PATCH *", status=413, code=40005, uploads_only=True):
        interaction = await stage.video("too large for you")
        row = await stage.delivered(interaction)

    message = await stage.shows(interaction, READY)
    assert UPLOADED not in render(message)
    assert row["video_url"] in render(message)


@pytest.mark.parametrize("invalidated", [False, True])
async def test_a_lost_gateway_changes_nothing_for_a_running_job(stage: Stage, invalidated: bool) -> None:
    interaction = await stage.video("#slow while the gateway is away")
    await stage.shows(interaction, "Making your video")
    if invalidated:
        await stage.discord.invalidate_sessions()
    else:
        await stage.discord.drop_gateway()
    await stage.shows(interaction, UPLOADED)
    await stage.discord.wait_until_ready()

    again = await stage.video("after the gateway is back")
    await stage.shows(again, READY)


@asynccontextmanager
async def own_stage(directory: Path, picture: bytes) -> AsyncIterator[Stage]:
    async with Playground(directory, pace=0.3, plan=SHORT_FILM, settings=QUICK) as playground:
        yield Stage(playground, picture)


async def test_what_automod_blocks_is_shown_without_the_prompt(tmp_path: Path, picture: bytes) -> None:
    async with own_stage(tmp_path, picture) as stage:
        stage.discord.faults.add(route="PATCH *", status=400, code=200000, message="blocked by AutoMod", times=1)
        message = await stage.shows(await stage.video("words that this server forbids"), READY)

        assert "forbids" not in render(message)


async def test_a_locked_database_starts_nothing_and_says_so(tmp_path: Path, picture: bytes) -> None:
    async with own_stage(tmp_path, picture) as stage:
        with closing(sqlite3.connect(stage.playground.bot.database, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            told = await stage.told(await stage.video("nobody can write this down"), within=30)
            other.execute("ROLLBACK")

        assert "Nothing was started" in told
        assert not stage.service.requests
        assert "database is locked" in stage.log()
        await stage.shows(await stage.video("now it can be"), READY)


async def test_a_video_is_shown_although_its_end_cannot_be_written_down_yet(tmp_path: Path, picture: bytes) -> None:
    async with own_stage(tmp_path, picture) as stage:
        interaction = await stage.video("#slow the file locks in between")
        await stage.discord.wait_for(interaction, lambda m: re.search(r"\d%", render(m)) is not None, timeout=20)
        with closing(sqlite3.connect(stage.playground.bot.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await stage.shows(interaction, READY, within=40)
            assert stage.row_of(interaction)["state"] == "running"
            other.execute("ROLLBACK")
        await stage.until(lambda: stage.row_of(interaction), lambda row: row["outcome"] == "success")


async def test_a_full_disk_starts_nothing_and_a_running_video_is_still_shown(tmp_path: Path, picture: bytes) -> None:
    async with own_stage(tmp_path, picture) as stage:
        interaction = await stage.video("#slow before the disk is full")
        await stage.discord.wait_for(interaction, lambda m: re.search(r"\d%", render(m)) is not None, timeout=20)
        resource.prlimit(stage.playground.bot.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        await stage.shows(interaction, READY)
        told = await stage.told(await stage.video("no room for this"))
        assert "didn't use up a video" in told
        assert len(stage.service.requests) == 1
        resource.prlimit(stage.playground.bot.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)

        await stage.until(lambda: stage.row_of(interaction), lambda row: row["outcome"] == "success")
        await stage.shows(await stage.video("room again"), READY)
