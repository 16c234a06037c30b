"""A service that takes pictures as links alone is handed those of the copies in Kinora's reply, and living ones."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.media.link_expiry import expiry
from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, button_id
from playground.fake_discord.state.cdn import URL_LIFE
from playground.pictures.odd import jpeg_from_a_phone, small_sample
from tests.e2e.conftest import Stage
from tests.e2e.test_restarts import backdate, staged

READY = "Your video is ready"
DYING = timedelta(seconds=8)
LINKS = {"VIDEO_IMAGE_MODE": "url", "MAX_JOBS": "1"}


def links(stage: Stage, prompt: str) -> list[str]:
    """Return where each request with ``prompt`` says that its picture is."""
    found: list[str] = []
    for request in stage.sent(prompt):
        parts: list[dict[str, Any]] = request.body["messages"][0]["content"]
        found += [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
    return found


async def opened(stage: Stage, link: str) -> Image.Image:
    with Image.open(BytesIO(await stage.download(link))) as image:
        image.load()
        return image


async def waits(stage: Stage, prompt: str) -> Interaction:
    """Ask for a video that waits behind another one, with a link to its picture that dies in a moment."""
    await stage.shows(await stage.video("#stall the one before"), "42%")
    stage.discord.cdn.url_life = DYING  # that of the member's own picture, too, which has to be fetched
    waiting = await stage.video(prompt, by=stage.ben)
    await stage.shows(waiting, "You're next")
    await asyncio.sleep(DYING.total_seconds())
    stage.discord.cdn.url_life = URL_LIFE
    return waiting


async def release(stage: Stage) -> None:
    """Let the bot go on without the job that was before, in another process."""
    await stage.playground.bot.kill()
    backdate(stage, 60)
    await stage.playground.start_bot()


async def test_the_link_leads_to_a_copy_that_knows_not_where_it_was_taken(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture, **LINKS) as stage:
        taken = jpeg_from_a_phone(small_sample())
        with Image.open(BytesIO(taken)) as original:
            assert original.getexif()
        asked = await stage.video("#stall a picture from the garden", picture=taken)
        shown = await stage.shows(asked, "42%")
        (link,) = links(stage, "from the garden")
        sent = await opened(stage, link)

        assert not sent.getexif()
        assert "picture1.jpg" in render(shown)  # whoever sees the reply sees what is handed on
        assert link.partition("?")[0].endswith("/picture1.jpg")


async def test_a_link_that_dies_while_the_job_waits_is_renewed_by_the_next_process(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture, **LINKS) as stage:
        waiting = await waits(stage, "renewed in time")
        (row,) = stage.rows("SELECT picture_link FROM jobs WHERE prompt = ?", "renewed in time")
        with pytest.raises(Exception, match="404"):
            await stage.download(row["picture_link"])
        await release(stage)

        await stage.shows(waiting, READY)
        (link,) = links(stage, "renewed in time")
        assert link.partition("?")[0] == row["picture_link"].partition("?")[0]
        until = expiry(link)
        assert until
        assert until > stage.discord.world.clock.now() + timedelta(hours=23)
        assert await opened(stage, link)
        before = stage.rows("SELECT outcome FROM jobs WHERE prompt = ?", "#stall the one before")
        assert before == [{"outcome": "interrupted"}]  # the picture in its reply was taken for no video


async def test_where_discord_renews_no_link_the_job_is_not_started_and_can_be_made_again(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture, **LINKS) as stage:
        waiting = await waits(stage, "renewed no more")
        fault = stage.discord.faults.add("POST /attachments/refresh-urls", status=400, code=50035)
        await release(stage)

        message = await stage.shows(waiting, "Not started", "where yours is gone", "[ Try again ]")
        assert links(stage, "renewed no more") == []
        assert stage.row_of(waiting)["cost"] == 0
        stage.discord.faults.remove(fault)
        again = await stage.discord.click(stage.ben, message, button_id(message, "Try again"))
        await stage.shows(again, READY)
        assert len(links(stage, "renewed no more")) == 1


async def test_without_a_link_nothing_is_started_kept_or_counted(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture, **LINKS) as stage:
        stage.discord.faults.add("PATCH /webhooks/*", status=403, code=50013, uploads_only=True)
        told = await stage.told(await stage.video("never shown"))

        assert "needs your picture shown here, and Discord didn't let me" in told
        assert stage.sent("never shown") == []
        assert stage.rows("SELECT * FROM jobs WHERE prompt = ?", "never shown") == []
        assert list((stage.playground.bot.database.parent / "pictures").glob("*")) == []
