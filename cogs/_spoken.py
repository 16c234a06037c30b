"""Answering in the language of the member who uses a button, a select or a form, whoever it was made for."""

from __future__ import annotations

from typing import Any

import discord

from bot.language import speak


class Spoken:
    """The first base of every item and form: discord.py asks it in the task in which the callback runs after it."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Speak the language of whoever uses this, from here on."""
        speak(interaction.locale.value)
        return True
