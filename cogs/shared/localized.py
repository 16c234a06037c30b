"""Base classes of buttons, selects and forms: they answer in the member's language, and ask whether the member may."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Self, TypeVar

import discord

from bot.gateway.answers import in_time, tell_error
from bot.gateway.client import FORM_LIFE, Interaction
from bot.i18n.translation import set_locale
from bot.models import DiscordLimits
from cogs.shared.access import check_access

ItemT = TypeVar("ItemT", bound=discord.ui.Item[Any], covariant=True)


class LocalizedItem:
    """Base of every item and form; must come first in the bases. discord.py calls it in the task of the callback."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Speak the language of the member who uses this, from here on."""
        set_locale(interaction.locale.value)
        return True


class GuardedItem(LocalizedItem, discord.ui.DynamicItem[ItemT], template="(?!)"):
    """
    Base of buttons and selects that outlive restarts: tells errors to the member; discord.py would only log them.

    ``command`` is the one that the member must be allowed to use, None if it is everybody's, or if ``use`` asks itself.
    """

    command: ClassVar[str | None]

    def __init_subclass__(cls, *, command: str | None, template: str) -> None:
        super().__init_subclass__(template=template)
        cls.command = command

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the item that was used."""
        return cls.from_match(match)

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Return the item whose custom_id is ``match``, by the template of the class; here, one without any state."""
        return cls()  # type: ignore[call-arg]

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Acknowledge, call ``use`` if the member may, and tell them of any error."""
        try:
            await self.acknowledge(interaction)
            await check_access(interaction, self.command)
            await self.use(interaction)
        except Exception as error:  # noqa: BLE001 - the rim: everything is told and logged
            await tell_error(interaction, error)

    async def acknowledge(self, interaction: Interaction) -> None:
        """Answer before anything is asked of the database or the network; here, that the message is to be edited."""
        await interaction.response.defer()

    async def use(self, interaction: Interaction) -> None:
        """Do what the item stands for. Any error is told to the member."""
        raise NotImplementedError


class Form(LocalizedItem, discord.ui.Modal):
    """
    The base of every form: reports errors to the member; discord.py would only log them.

    ``command`` is the one that the member must be allowed to use when they send it.
    """

    def __init__(self, title: str, command: str) -> None:
        super().__init__(title=title[: DiscordLimits.FORM_TITLE], timeout=FORM_LIFE)
        self._command = command

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Raise UserError, which is told, for those who may not send it any more."""
        await super().interaction_check(interaction)
        await in_time(interaction, check_access(interaction, self._command))
        return True

    async def open(self, interaction: Interaction) -> None:
        """Answer ``interaction`` with this form."""
        interaction.client.forms.add(self.custom_id)
        await interaction.response.send_modal(self)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception) -> None:  # type: ignore[override]
        await tell_error(interaction, error)
