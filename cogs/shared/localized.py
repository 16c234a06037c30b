"""Answering in the language of the member who uses a button, a select or a form, whoever it was made for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.gateway.answers import tell_error
from bot.i18n.translation import set_locale

if TYPE_CHECKING:
    from bot.gateway.client import KinoraBot


class LocalizedItem:
    """The first base of every item and form: discord.py asks it in the task in which the callback runs after it."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Speak the language of whoever uses this, from here on."""
        set_locale(interaction.locale.value)
        return True


class GuardedItem(LocalizedItem):
    """The first base of every button and select: what goes wrong with it is told; discord.py would only log it."""

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what it stands for, or tell the member why not."""
        try:
            await self.use(interaction)
        except Exception as error:  # noqa: BLE001 - the rim: everything is told and logged
            await tell_error(interaction, error)

    async def use(self, interaction: discord.Interaction[KinoraBot]) -> None:
        """Do what it stands for; whatever is raised is told."""
        raise NotImplementedError
