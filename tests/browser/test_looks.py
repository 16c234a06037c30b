"""How the page looks: first visit, phone, light and dark, reduced motion; and its screenshots."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import expect

from tests.browser.tab import PHONE, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIZE_WITHOUT_ZOOM = 16  # pixels; iOS zooms in on a field of smaller letters


async def test_a_first_visit_shows_where_to_begin(visit: Visit) -> None:
    mara = await visit()
    await expect(mara.page.get_by_test_id("channel-head")).to_contain_text("videos")
    await expect(mara.page.get_by_test_id("hint")).to_contain_text("Make your first video")
    await expect(mara.page.get_by_test_id("bot-status")).to_contain_text("Kinora running")
    await mara.screenshot("first-visit")


async def test_a_finished_video_fits_a_phone_where_another_is_asked_for(visit: Visit) -> None:
    mara = await visit(viewport=PHONE, has_touch=True)
    assert await mara.page.locator("#side").is_hidden()
    reply = await mara.video("The beam sweeps over the waves while the stars come out")
    await expect(reply.get_by_test_id("video")).to_be_visible()
    await mara.screenshot("finished-phone")
    for place in ("html", "#scroller"):
        assert await mara.page.locator(place).evaluate("it => it.scrollWidth <= it.clientWidth"), place
    send = await mara.page.get_by_test_id("send").bounding_box()
    assert send
    assert send["x"] + send["width"] <= PHONE["width"]


async def test_a_phone_is_filled_and_not_zoomed_while_a_command_is_typed(visit: Visit) -> None:
    mara = await visit(viewport=PHONE, has_touch=True, is_mobile=True)
    for typed in ("", "/", "/vid", "/video "):
        await mara.page.get_by_test_id("composer-text").fill(typed)
        main = await mara.page.locator("#main").bounding_box()
        assert main
        assert (main["x"], main["width"]) == (0, PHONE["width"]), typed
        assert await mara.page.evaluate("visualViewport.scale") == 1
        sizes = "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
        assert min(await mara.page.locator("input, select, textarea").evaluate_all(sizes)) >= SIZE_WITHOUT_ZOOM
        if typed == "/":
            await mara.screenshot("slash-phone")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_follows_the_system_in_light_and_dark_until_it_is_told_otherwise(
    visit: Visit, scheme: Any
) -> None:
    mara = await visit(color_scheme=scheme)
    root, other = mara.page.locator("html"), {"light": "dark", "dark": "light"}[scheme]
    await expect(root).to_have_attribute("data-theme", scheme)
    assert (await brightness(mara.page) > 127) is (scheme == "light")
    await mara.page.get_by_test_id("theme").click()
    await expect(root).to_have_attribute("data-theme", other)
    assert (await brightness(mara.page) > 127) is (other == "light")
    await mara.page.reload()
    await expect(root).to_have_attribute("data-theme", other)


async def brightness(page: Any) -> float:
    """How light the middle of the page is, of 255."""
    shot = Image.open(io.BytesIO(await page.locator("#main").screenshot())).convert("L")
    return sum(value * count for value, count in enumerate(shot.histogram())) / (shot.width * shot.height)


async def test_nothing_moves_where_less_motion_is_wished(visit: Visit) -> None:
    mara = await visit(reduced_motion="reduce")
    reply = await mara.video("#stall without motion")
    await expect(reply).to_contain_text("42%")
    moving = "document.getAnimations().filter(each => each.effect.getComputedTiming().activeDuration > 100).length"
    assert await mara.page.evaluate(moving) == 0
    await mara.press(reply, "Cancel")
    await expect(reply).to_contain_text("Cancelled")


async def test_a_finished_video_is_shown_in_the_pictures_of_this_page(visit: Visit) -> None:
    mara = await visit(color_scheme="dark")
    reply = await mara.video("The beam sweeps over the waves while the stars come out")
    await expect(reply.get_by_test_id("video")).to_be_visible()
    await mara.screenshot("finished")
    await mara.panel()
    await mara.screenshot("panel")
