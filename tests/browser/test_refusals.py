"""The three kinds of refusal: a neutral line for everyone, the reason for the member alone."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.tab import Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

REVIEWS = {
    "#refuse-image": "Your picture was not accepted",
    "#refuse-prompt": "Your prompt was not accepted",
    "#refuse-result": "The finished video was refused",
}


@pytest.mark.parametrize("word", REVIEWS)
async def test_everybody_sees_a_neutral_line_and_only_the_member_the_reason(visit: Visit, word: str) -> None:
    tab = await visit("Mara")
    await (await tab.panel()).get_by_label("What it does").select_option(word)
    reply = await tab.video("A secret wish")
    await expect(reply).to_contain_text("No video this time")
    await expect(reply).to_contain_text("@Mara can see why")
    await expect(reply).not_to_contain_text("secret")

    private = await tab.reply_after(lambda: tab.press(reply, "Why?"))
    await expect(private).to_contain_text(REVIEWS[word])
    await expect(private.get_by_test_id("only-you")).to_be_visible()
    if word == "#refuse-result":
        await tab.screenshot("refused")

    await tab.become("Ben")
    await expect(reply).to_contain_text("No video this time")
    await expect(tab.messages.get_by_text(REVIEWS[word])).to_have_count(0)
    answer = await tab.reply_after(lambda: tab.press(reply, "Why?"))
    await expect(answer).to_contain_text("for the member who asked")
    await tab.become("Mara")
    await expect(private).to_be_visible()
    await expect(answer).to_have_count(0)


async def test_a_private_reply_is_dismissed(visit: Visit) -> None:
    mara = await visit()
    reply = await mara.video("#refuse-prompt to be put away")
    private = await mara.reply_after(lambda: mara.press(reply, "Why?"))
    await mara.press(private, "Dismiss message")
    await expect(private).to_have_count(0)
    await expect(reply).to_be_visible()
