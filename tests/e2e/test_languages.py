"""Everybody is answered in the language of their own client, also by a process that was not there when they asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.i18n.translation import LANGUAGES, _, locale_context
from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import button_id
from playground.fake_discord.world.entities import User
from tests.e2e.conftest import Stage
from tests.e2e.test_restarts import backdate, staged

REFUSED, WHY = "### 🚫 No video this time", "Why?"


def said(text: str, locale: str) -> str:
    """Return ``text`` as it is said in that language, which must not be as it is said in English."""
    with locale_context(locale):
        words = _(text)
    assert words != text, f"{locale} has no words of its own for {text!r}"
    return words.removeprefix("### ")


@contextmanager
def reading(user: User, locale: str) -> Iterator[None]:
    """Let somebody's client be set to a language for a while."""
    before, user.locale = user.locale, locale
    try:
        yield
    finally:
        user.locale = before


@pytest.mark.parametrize("locale", LANGUAGES)
async def test_a_refusal_is_told_in_the_language_of_the_member_and_its_reasons_in_that_of_whoever_asks(
    stage: Stage, locale: str
) -> None:
    with reading(stage.mara, locale):
        interaction = await stage.video("#refuse-prompt a duel")
        message = await stage.shows(interaction, said(REFUSED, locale), said(WHY, locale))
        pressed = await stage.discord.click(stage.mara, message, button_id(message, said(WHY, locale)))
        assert said("Your prompt was not accepted", locale) in await stage.told(pressed)


async def test_two_members_who_ask_at_the_same_time_are_answered_each_in_their_own_language(stage: Stage) -> None:
    with reading(stage.mara, "de"), reading(stage.ben, "ja"):
        asked = {
            "de": await stage.video("a lighthouse", by=stage.mara),
            "ja": await stage.video("a harbour", by=stage.ben),
            "en-US": await stage.video("a mill", by=stage.mo),
        }
        await stage.shows(asked["de"], said("### ✅ Your video is ready", "de"))
        await stage.shows(asked["ja"], said("### ✅ Your video is ready", "ja"))
        await stage.shows(asked["en-US"], "Your video is ready")


async def test_after_a_kill_the_reply_goes_on_in_the_language_it_began_in(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture) as stage:
        stage.mara.locale = "fr"
        interaction = await stage.video("#stall in French")
        await stage.shows(interaction, said("### 🎬 Making your video", "fr"))
        await stage.playground.bot.kill()
        backdate(stage, 60)
        await stage.playground.start_bot()

        message = await stage.shows(interaction, said("### ⏹️ Interrupted", "fr"))
        assert said("Try again", "fr") in render(message)


async def test_discord_is_told_of_the_commands_in_every_language(stage: Stage) -> None:
    (command,) = [each for each in stage.discord.commands.listing(None) if each["name"] == "video"]

    assert set(command["description_localizations"]) == set(LANGUAGES)
