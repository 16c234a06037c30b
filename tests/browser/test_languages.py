"""A visitor sees the bot in each language: names of commands, forms and replies."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from bot.i18n.translation import _, command, locale_context
from bot.texts.forms import MAKE_VIDEO
from playground.page.languages import LANGUAGES
from tests.browser.tab import PHONE, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("locale", LANGUAGES)
async def test_commands_and_forms_are_in_the_language_that_is_chosen(visit: Visit, locale: str) -> None:
    mo = await visit("Mo")
    await mo.fold()
    await mo.speak(LANGUAGES[locale])
    with locale_context(locale):
        overview, form = command("/usage overview"), _(MAKE_VIDEO)
    await mo.page.get_by_test_id("composer-text").fill("/")
    offers = mo.page.get_by_test_id("suggestions").get_by_role("option")
    await expect(offers.filter(has_text=overview)).to_have_count(1)
    await mo.page.get_by_test_id("composer-text").fill(f"{overview} ")
    await expect(mo.page.get_by_role("group", name=f"Command {overview}")).to_be_visible()

    await mo.page.get_by_role("button", name="Discard the command").click()
    await mo.command("video")  # the name that every language knows
    line = mo.page.get_by_test_id("command-line")
    await line.get_by_test_id("file-input").first.set_input_files(mo.picture)
    await mo.page.get_by_test_id("send").click()
    await expect(mo.page.get_by_role("dialog", name=form)).to_be_visible()
    await mo.screenshot(f"language-{locale}")


async def test_a_video_is_made_in_the_language_that_stays_for_the_next_person_and_visit(visit: Visit) -> None:
    tab = await visit("Mara", viewport=PHONE, has_touch=True)
    await tab.speak("Deutsch")
    reply = await tab.video("Wellen am Abend")
    with locale_context("de"):
        await expect(reply).to_contain_text(_("### ✅ Your video is ready").removeprefix("### "))
    await expect(tab.page.locator(".day").first).to_have_text(re.compile(r"^\d+\. \w+ \d{4}$"))
    await tab.become("Ben")
    await expect(tab.page.get_by_test_id("language")).to_have_attribute("aria-label", "Language: Deutsch")
    await tab.page.reload()
    await expect(tab.page.get_by_test_id("language")).to_have_attribute("aria-label", "Language: Deutsch")
    await tab.speak("English")
    await expect(await tab.command("quota")).to_be_visible()
