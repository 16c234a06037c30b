"""``/limits words``: the words and phrases that a server does not want in prompts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from discord import app_commands

from bot.errors import UserError
from bot.gateway.answers import defer_privately
from bot.gateway.client import Interaction
from bot.i18n.typed_text import typed
from bot.policy.word_list import LONGEST_WORD, MOST_WORDS, WordList, has_word
from bot.texts.word_list import (
    no_word,
    not_listed,
    too_many_words,
    word_list_note,
    word_list_view,
    word_too_long,
)
from cogs.limits.change import show_saved
from cogs.shared.choices import choices
from cogs.shared.layout import show_privately

_TYPED = 2000  # characters at a time
_BETWEEN = re.compile("[,;\n，、；]")


class WordCommands(app_commands.Group):
    """Answers managers, in private and about their own server only."""

    def __init__(self) -> None:
        super().__init__(name="words", description="Words this server doesn't want in prompts")

    @app_commands.command(description="Refuse prompts with these words")
    @app_commands.describe(words="Whole words or phrases, with commas between")
    async def add(self, interaction: Interaction, words: app_commands.Range[str, 1, _TYPED]) -> None:
        found = _separated(words)
        await self._change(interaction, lambda before: _checked(before.with_words(found)))

    @app_commands.command(description="Allow these words again")
    @app_commands.describe(words="Words or phrases from the list, with commas between")
    async def remove(self, interaction: Interaction, words: app_commands.Range[str, 1, _TYPED]) -> None:
        found = _separated(words)
        await self._change(interaction, lambda before: _taken_from(before, found))

    @remove.autocomplete("words")
    async def _offer_words(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        guild = await interaction.client.app.guilds.get(interaction.guild_id or 0)
        return choices((word, word) for word in guild.words.words if typed.casefold() in word.casefold())

    @app_commands.command(name="list", description="Which words this server doesn't want")
    async def show(self, interaction: Interaction) -> None:
        await defer_privately(interaction)
        guild = await interaction.client.app.guilds.get(interaction.guild_id or 0)
        await show_privately(interaction, word_list_view(guild.words))

    @staticmethod
    async def _change(interaction: Interaction, change: Callable[[WordList], WordList]) -> None:
        await defer_privately(interaction)
        bot, guild_id, user_id = interaction.client, interaction.guild_id or 0, interaction.user.id
        before, after = await bot.app.guilds.change_words(guild_id, user_id, datetime.now(UTC), change)
        if before != after:
            bot.tell_log(guild_id, partial(word_list_note, user_id, before, after))
        await show_saved(interaction, partial(word_list_view, after, before))


def _separated(text: str) -> list[str]:
    """Return the words and phrases that were typed. Raises UserError if one of them cannot be compared with."""
    words = [" ".join(word.split()) for word in _BETWEEN.split(typed(text)) if word.strip()]
    for word in words:
        if len(word) > LONGEST_WORD:
            raise UserError(word_too_long(word))
        if not has_word(word):
            raise UserError(no_word(word))
    if not words:
        raise UserError(no_word(text))
    return words


def _checked(words: WordList) -> WordList:
    """Return ``words``. Raises UserError if there are too many."""
    if len(words.words) > MOST_WORDS:
        raise UserError(too_many_words(len(words.words)))
    return words


def _taken_from(words: WordList, taken: list[str]) -> WordList:
    """Return ``words`` without those that are ``taken``. Raises UserError if one of them is not there."""
    for word in taken:
        if words.without([word]) == words:
            raise UserError(not_listed(word))
    return words.without(taken)
