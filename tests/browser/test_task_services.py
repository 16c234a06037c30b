"""A bot that speaks to a task service: its film plays, its percentage rises, and the panel chooses what goes wrong."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from playground.fake_video_service.generation import FilmPlan
from playground.page.server import PageServer
from tests.browser.conftest import staged
from tests.browser.tab import Visit
from tests.browser.test_making import READY, plays
from tests.browser.test_refusals import REVIEWS
from tests.e2e.conftest import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

LONG = FilmPlan(seconds=1, size=(320, 240), work_seconds=10)  # 12 s where it is slow: several polls see it grow


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stage(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Stage]:
    async with staged(tmp_path_factory.mktemp("tasks"), picture, LONG, VIDEO_API="videos") as stage:
        yield stage


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(stage: Stage) -> AsyncIterator[PageServer]:
    server = PageServer(stage.playground)
    await server.start()
    yield server
    await server.stop()


async def test_the_film_of_a_task_plays_after_its_percentage_rose(visit: Visit) -> None:
    mara = await visit()
    reply = await mara.video("#slow waves by a task")
    await expect(reply).to_contain_text(READY)

    assert len({found[0] for state in await mara.states(reply) if (found := re.search(r"[\d.]+%", state))}) > 1
    video = reply.get_by_test_id("video")
    await video.click()
    await plays(video)
    await mara.screenshot("task")


async def test_the_panel_chooses_who_speaks_and_what_goes_wrong_on_the_way(visit: Visit, stage: Stage) -> None:
    mara = await visit()
    panel = await mara.panel()
    await panel.get_by_label("What it does").select_option("#content-late")
    await panel.get_by_label("How it answers").select_option("#vllm-omni")
    await mara.screenshot("task-panel")
    reply = await mara.video("late, but there")
    await expect(reply).to_contain_text(READY)

    video = reply.get_by_test_id("video")
    await video.click()
    await plays(video)
    polls = [request for request in stage.service.requests if "/v1/videos/video_gen_" in request.path]
    assert [request.status for request in polls if request.path.endswith("/content")].count(404) == 2


@pytest.mark.parametrize("word", REVIEWS)
async def test_each_review_of_a_task_service_is_told_to_the_member(visit: Visit, word: str) -> None:
    mara = await visit()
    await (await mara.panel()).get_by_label("What it does").select_option(word)
    reply = await mara.video("A secret wish")
    await expect(reply).to_contain_text("No video this time")
    private = await mara.reply_after(lambda: mara.press(reply, "Why?"))
    await expect(private).to_contain_text(REVIEWS[word])
    await mara.screenshot(f"task-{word.removeprefix('#')}")


async def test_a_film_too_large_for_discord_is_rewritten_and_plays(visit: Visit) -> None:
    mara = await visit()
    reply = await mara.video("#big waves")
    video = reply.get_by_test_id("video")
    await video.click()
    await plays(video)
    await expect(reply).not_to_contain_text("http")
    await mara.screenshot("task-big")
