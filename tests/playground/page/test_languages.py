"""The language of the visitor's Discord: what the bot is told, and what the commands are called."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import app_commands

from bot.i18n.translation import ENGLISH
from bot.i18n.translation import LANGUAGES as SPOKEN
from playground.fake_discord.server import DiscordServer
from playground.page.languages import LANGUAGES, language_list, localized
from tests.playground.discord_client import StartClient
from tests.playground.page_visitor import Visit


def commands(tree: app_commands.CommandTree[Any]) -> None:
    @tree.command(description="Say which language it is")
    async def greet(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"speaks {interaction.locale.value}, here {interaction.guild_locale}")


async def test_the_bot_is_told_the_language_that_each_page_chose(visit: Visit, start_client: StartClient) -> None:
    await start_client(commands)
    for locale in LANGUAGES:
        mara = await visit("Mara", locale=locale)
        assert mara.hello["me"]["locale"] == locale
        await mara.slash("greet")
        await mara.message(f"speaks {locale}, here en-US")  # the server keeps a language of its own


@pytest.mark.parametrize("locale", ["", "xx", "de-DE", "EN-US"])
async def test_an_unknown_language_is_english(visit: Visit, locale: str) -> None:
    await visit("Mara", locale="ja")
    assert (await visit("Mara", locale=locale)).hello["me"]["locale"] == ENGLISH


async def test_a_page_that_chose_no_language_is_in_english_whatever_another_one_chose(visit: Visit) -> None:
    await visit("Mara", locale="ja")
    assert (await visit("Mara")).hello["me"]["locale"] == ENGLISH


async def test_commands_have_their_names_in_the_language_of_the_page(visit: Visit, server: DiscordServer) -> None:
    names = {"de": "grüßen", "fr": "saluer"}
    server.commands.replace(None, [{"name": "greet", "description": "Say hello", "name_localizations": names}])
    for locale, name in (("fr", "saluer"), ("de", "grüßen"), ("ja", None)):
        mara = await visit("Mara", locale=locale)
        await mara.do("open", channel_id=mara.channel("videos"))
        (greet,) = (await mara.frame("commands"))["commands"]
        assert (greet["name"], greet.get("name_localized")) == ("greet", name)


def test_words_of_options_and_choices_are_localized_and_those_of_other_languages_left_out() -> None:
    said = {"name_localizations": {"de": "wort", "ja": "語"}, "description_localizations": {"de": "Ein Wort"}}
    choice = {"name": "one", "value": 1, "name_localizations": {"de": "eins"}}
    command = {"name": "word", "options": [{"name": "a", "options": [{"name": "b", "choices": [choice], **said}]}]}
    inner = localized(command, "de")["options"][0]["options"][0]
    assert (inner["name"], inner["name_localized"], inner["description_localized"]) == ("b", "wort", "Ein Wort")
    assert inner["choices"] == [{"name": "one", "value": 1, "name_localized": "eins"}]
    assert "eins" not in str(localized(command, "ja"))
    assert "localizations" not in str(localized(command, "ja"))


def test_each_language_that_the_bot_speaks_can_be_chosen_once() -> None:
    offered = [row["locale"].partition("-")[0] for row in language_list()]
    assert sorted(offered) == sorted({locale.partition("-")[0] for locale in [ENGLISH, *SPOKEN]})
