"""The page as `make playground` shows it: two services that stand in for each other, lengths to choose, large films."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import av
import pytest
import pytest_asyncio
from playwright.async_api import expect

from playground.fake_video_service.generation import FilmPlan
from playground.page.server import PageServer
from playground.playground import Playground
from playground.services_file import HOME, RELAY
from tests.browser.conftest import QUICK
from tests.browser.tab import Visit
from tests.browser.test_making import READY, plays
from tests.e2e.conftest import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

SMALLER = "Made smaller for Discord"
LARGE_FILM = 90_000  # milliseconds until one is made, and then made smaller, on a busy machine


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stage(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Stage]:
    directory = tmp_path_factory.mktemp("two")
    plan = FilmPlan(work_seconds=3)
    async with Playground(directory, pace=0.3, plan=plan, settings=QUICK, relay_api="chat") as playground:
        stage = Stage(playground, picture)
        await stage.without_pauses()
        yield stage


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(stage: Stage) -> AsyncIterator[PageServer]:
    server = PageServer(stage.playground)
    await server.start()
    yield server
    await server.stop()


def asked(stage: Stage, service: str, prompt: str) -> int:
    """How many videos a service was asked for with that prompt."""
    return sum(
        bool(request.body) and prompt in str(request.body) for request in stage.playground.services[service].requests
    )


async def test_while_a_service_is_down_the_other_one_makes_the_video_and_the_operator_reads_why(
    visit: Visit, stage: Stage
) -> None:
    mara = await visit()
    await expect(await mara.video("a calm sea")).to_contain_text(READY)
    panel = await mara.panel()
    which = panel.get_by_label("Which service")
    await expect(which).to_have_value(RELAY)
    await panel.get_by_role("switch", name="Is down").check()
    await expect(which.get_by_role("option").first).to_have_text("relay (down)")

    reply = await mara.video("a stormy sea")
    await expect(reply).to_contain_text(READY)
    video = reply.get_by_test_id("video")
    await video.click()
    await plays(video)
    await expect(panel.get_by_role("log")).to_contain_text("the service relay did not begin, asking home instead")
    await mara.screenshot("failover")
    assert [asked(stage, name, "a calm sea") for name in (RELAY, HOME)] == [1, 0]
    assert [asked(stage, name, "a stormy sea") for name in (RELAY, HOME)] == [0, 1]

    await (await mara.panel()).get_by_role("switch", name="Is down").uncheck()
    await expect(await mara.video("a sea at rest")).to_contain_text(READY)
    assert [asked(stage, name, "a sea at rest") for name in (RELAY, HOME)] == [1, 0]


async def test_each_service_does_what_is_chosen_for_it(visit: Visit, stage: Stage) -> None:
    mara = await visit()
    panel = await mara.panel()
    await panel.get_by_label("What it does").select_option("#quota")
    await expect(await mara.video("out of credit")).to_contain_text(READY)
    await panel.get_by_label("Which service").select_option(HOME)
    await expect(panel.get_by_label("What it does")).to_have_value("")
    await panel.get_by_label("What it does").select_option("#refuse-prompt")
    await expect(await mara.video("out of credit, and refused")).to_contain_text("No video this time")
    await panel.get_by_label("Which service").select_option(RELAY)
    await expect(panel.get_by_label("What it does")).to_have_value("#quota")


async def test_a_length_is_chosen_by_its_price_and_made_so(visit: Visit, stage: Stage) -> None:
    mara = await visit()
    line = await mara.command("video")
    await line.get_by_test_id("file-input").first.set_input_files(mara.picture)
    await line.get_by_role("textbox", name=re.compile("^prompt")).fill("eight seconds of waves")
    await mara.fold()
    for option, price in (("model", "Wan 2.2 · 0.08"), ("duration", "8 s · 0.16")):
        await line.get_by_role("button", name=re.compile(f"^Add {option}:")).click()
        choice = line.get_by_role("option", name=price)
        await expect(choice).to_be_visible()
        if option == "duration":
            await mara.screenshot("duration")
        await choice.click()
    await expect(await mara.send()).to_contain_text(READY, timeout=LARGE_FILM)

    (request,) = [r for r in stage.playground.services[HOME].requests if r.body and "eight seconds" in str(r.body)]
    assert (request.body["seconds"], request.body["size"]) == ("8", "848x480")
    assert request.film
    with av.open(str(request.film)) as film:
        assert (film.streams.video[0].width, round(film.duration / av.time_base)) == (848, 8)


async def test_a_film_too_large_for_discord_is_made_smaller_and_plays(visit: Visit) -> None:
    mara = await visit()
    reply = await mara.video("#grainy waves")
    await expect(reply).to_contain_text(SMALLER, timeout=LARGE_FILM)
    video = reply.get_by_test_id("video")
    await video.click()
    await plays(video)
    await mara.screenshot("fitted")


async def test_the_picture_in_the_docs_of_a_failover_is_small_enough(visit: Visit) -> None:
    mara = await visit(viewport={"width": 1280, "height": 770}, color_scheme="dark")
    await mara.page.get_by_role("button", name="Hide this").click()
    await (await mara.panel()).get_by_role("switch", name="Is down").check()
    reply = await mara.video("The beam sweeps over the waves while the stars come out")
    await expect(reply).to_contain_text(READY)
    await expect(mara.page.get_by_role("log")).to_contain_text("asking home instead")
    picture = await mara.save_picture("two-services.png", reply.get_by_test_id("video"))
    assert picture.stat().st_size < 400_000
