"""The panel's faults: the bot is killed and restarted, tokens expire early, the clock moves forward."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.tab import Visit
from tests.e2e.conftest import Stage
from tests.e2e.test_restarts import backdate

pytestmark = pytest.mark.asyncio(loop_scope="session")

READY = "Your video is ready"


async def test_after_kill_9_the_video_says_interrupted_and_buttons_of_before_work(visit: Visit, stage: Stage) -> None:
    mara = await visit()
    panel = await mara.panel()
    refused = await mara.video("#refuse-image from before")
    await expect(refused).to_contain_text("No video this time")
    await panel.get_by_label("What it does").select_option("#stall")
    reply = await mara.video("to be interrupted")
    await expect(reply).to_contain_text("42%")
    await panel.get_by_role("button", name="Crash").click()
    await expect(mara.page.get_by_test_id("bot-status")).to_contain_text("Kinora stopped")
    await panel.get_by_label("What it does").select_option("")
    backdate(stage, 60)
    await panel.get_by_role("button", name="Start", exact=True).click()

    await expect(reply).to_contain_text("Interrupted")
    await expect(mara.page.get_by_test_id("bot-status")).to_contain_text("Kinora running")
    private = await mara.reply_after(lambda: mara.press(refused, "Why?"))
    await expect(private).to_contain_text("Your picture was not accepted")
    again = await mara.reply_after(lambda: mara.press(reply, "Try again"))
    await expect(again).to_contain_text(READY)


async def test_a_reply_goes_on_past_minute_15_and_with_a_dead_token(visit: Visit) -> None:
    mara = await visit()
    panel = await mara.panel()
    reply = await mara.video("#slow and steady")
    await expect(reply).to_contain_text(re.compile(r"\d%"))
    await panel.get_by_role("button", name="+ 16 min").click()
    await panel.get_by_role("switch", name="Expired replies").check()
    await expect(mara.page.get_by_test_id("bot-status")).to_contain_text("min")
    await expect(reply).to_contain_text(READY)
    await expect(reply.get_by_test_id("video")).to_be_visible()


async def test_a_command_while_the_bot_is_stopped_says_that_it_does_not_answer(visit: Visit) -> None:
    mara = await visit()
    panel = await mara.panel()
    await panel.get_by_role("button", name="Crash").click()
    await expect(mara.page.get_by_test_id("notice")).to_contain_text("will not answer")
    await mara.command("quota")
    failed = await mara.send()
    await expect(failed).to_contain_text("The application did not respond")
    await panel.get_by_role("button", name="Start", exact=True).click()
    await expect(mara.page.get_by_test_id("bot-status")).to_contain_text("Kinora running")
    await mara.command("quota")
    await expect((await mara.send()).get_by_test_id("only-you")).to_be_visible()


async def test_the_wire_lists_requests_lines_and_interactions_without_secrets(visit: Visit, stage: Stage) -> None:
    mara = await visit()
    wire = await mara.panel(tab="Traffic")
    await expect(await mara.video("seen on the wire")).to_contain_text(READY)
    for words in ("INTERACTION_CREATE", "/v1/chat/completions", "/webhooks/:id/:token/messages/@original", "finish"):
        await expect(wire.get_by_role("listitem").filter(has_text=words).first).to_be_visible()
    await mara.screenshot("wire")
    text = await wire.inner_text()
    assert stage.discord.token not in text
    assert stage.service.key not in text
