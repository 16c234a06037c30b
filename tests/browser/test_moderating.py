"""A moderator on the page: reports with a chart, another period, the details of one video."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.tab import Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_moderator_reads_the_overview_with_its_chart_and_chooses_another_period(visit: Visit) -> None:
    tab = await visit("Mara")
    await expect(await tab.video("one to be counted")).to_contain_text("Your video is ready")
    await tab.become("Mo")
    await tab.command("usage overview")
    report = await tab.send()
    await expect(report).to_contain_text("Results")
    chart = report.get_by_role("img", name="Bars: requests per day")
    assert await chart.evaluate("async image => (await image.decode(), image.naturalWidth)") > 300
    await tab.screenshot("usage")

    before = await chart.get_attribute("src")
    await report.get_by_test_id("component-select").click()
    await tab.page.get_by_test_id("picker").get_by_role("option", name="365 days").click()
    await expect(report.get_by_test_id("component-select")).to_contain_text("365 days")
    await expect(chart).not_to_have_attribute("src", str(before))
    await tab.become("Mara")
    await expect(tab.messages.first).to_be_visible()
    await expect(report).to_have_count(0)


async def test_the_command_is_offered_to_moderators_only(visit: Visit) -> None:
    tab = await visit("Mo")
    for name, count in (("Mo", 1), ("Mara", 0)):
        await tab.become(name)
        await tab.page.get_by_test_id("composer-text").fill("/")
        offers = tab.page.get_by_role("listbox", name="Commands").get_by_role("option")
        await expect(offers.filter(has_text="/video")).to_be_visible()
        await expect(offers.filter(has_text="/usage overview")).to_have_count(count)


async def test_the_message_menu_shows_the_details_of_a_video(visit: Visit) -> None:
    tab = await visit("Mara")
    reply = await tab.video("whose details are read")
    await expect(reply).to_contain_text("Your video is ready")
    await tab.become("Mo")
    await reply.hover()
    await reply.get_by_role("button", name="More for this message").click()
    details = await tab.reply_after(lambda: tab.page.get_by_role("menuitem", name="Video details").click())
    await expect(details).to_contain_text("whose details are read")
    await expect(details.get_by_test_id("only-you")).to_be_visible()
    await expect(details.get_by_role("button", name="Block the member")).to_be_visible()
    await tab.screenshot("details")
