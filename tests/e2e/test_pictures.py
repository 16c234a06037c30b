"""Members' pictures on the machine: each job has its own, what is refused leaves none, and nobody else reads them."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest

from benchmarks.heavy_pictures import HEAVY, heaviest
from bot.media.pictures.safe import MAX_TIME
from playground.fake_discord.server import button_id
from tests.e2e.conftest import Stage
from tests.e2e.test_ideas import form, send
from tests.e2e.test_restarts import staged


def kept(stage: Stage) -> set[str]:
    return {path.name for path in (stage.playground.bot.directory / "pictures").glob("*")}


async def test_erasing_ones_pictures_takes_none_from_under_anothers_waiting_job(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture, MAX_JOBS="1") as stage:
        first = await stage.video("mine to erase")
        message = await stage.shows(first, "Your video is ready")
        mine = (await stage.delivered(first))["picture"]
        running = await stage.video("#stall the running one", by=stage.mo)
        shown = await stage.shows(running, "42%")
        waiting = await send(stage, await form(stage, message, "Edit", by=stage.ben))
        await stage.shows(waiting, "You're next")
        theirs = stage.row_of(waiting)["picture"]
        question = await stage.shows(
            await stage.discord.slash(stage.mara, stage.videos, "privacy erase", {}), "What stays"
        )
        await stage.discord.click(stage.mara, question, button_id(question, "Erase my data"))
        await stage.shows(question, "Erased: ")

        assert mine not in kept(stage)
        assert theirs in kept(stage)
        await stage.discord.click(stage.mo, shown, button_id(shown, "Cancel"))
        assert (await stage.delivered(waiting))["outcome"] == "success"


async def test_request_that_is_refused_leaves_no_picture(stage: Stage) -> None:
    blocked = {"member": stage.ben, "duration": "1 hour"}
    await stage.told(await stage.discord.slash(stage.mo, stage.videos, "blocks add", blocked))
    before = kept(stage)
    try:
        for _ in range(3):
            assert "blocked" in await stage.told(await stage.video("kept out", by=stage.ben))
        assert kept(stage) == before
    finally:
        await stage.told(await stage.discord.slash(stage.mo, stage.videos, "blocks lift", {"member": stage.ben}))


async def test_small_file_that_would_unpack_to_a_gigabyte_is_declined_kindly(stage: Stage) -> None:
    before = kept(stage)
    interaction = await stage.video("a bomb", picture=HEAVY["WebP, animated"].of_side(7071))
    assert "more than 13 megapixels" in await stage.told(interaction)
    assert kept(stage) == before


async def test_bot_asked_to_leave_while_a_picture_is_decoded_leaves_at_once_and_nothing_behind(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture) as stage:
        bot = psutil.Process(stage.playground.bot.pid)
        interaction = await stage.video("never made", picture=heaviest("GIF"))
        (decoder,) = await stage.until(bot.children, bool)
        stage.playground.bot.terminate()
        assert "wasn't started" in await stage.told(interaction)
        assert await stage.playground.bot.stop() == 0
        assert not decoder.is_running()
        assert kept(stage) == set()
        assert stage.rows() == []


async def test_bot_killed_while_a_picture_is_decoded_leaves_no_process_behind(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture) as stage:
        bot = psutil.Process(stage.playground.bot.pid)
        await stage.video("never made", picture=heaviest("GIF"))
        (decoder,) = await stage.until(bot.children, bool)
        await stage.playground.bot.kill()
        await asyncio.to_thread(decoder.wait, MAX_TIME + 5)


@pytest.mark.skipif(os.name == "nt", reason="on Windows files take after their folder")
async def test_what_the_bot_writes_is_for_its_own_user_alone(stage: Stage) -> None:
    await stage.delivered(await stage.video("for nobody else"))
    folder = stage.playground.bot.directory
    files = [*folder.glob("kinora.db*"), *(folder / "pictures").iterdir()]
    assert len(files) >= 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((folder / "pictures").stat().st_mode) == 0o700
