"""The buttons under a reply. What they do and for which job stands in the custom_id, so they outlive restarts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.errors import UserError
from bot.i18n.translation import _
from bot.models import JobRecord
from bot.texts.buttons import NO_ACTION, NO_RECORD, button_label
from cogs.shared.localized import GuardedItem

if TYPE_CHECKING:
    from bot.gateway.client import KinoraBot


_STYLES = {
    "cancel": discord.ButtonStyle.danger,
    "delete": discord.ButtonStyle.danger,
    "edit": discord.ButtonStyle.primary,
    "picture": discord.ButtonStyle.primary,
    "again": discord.ButtonStyle.primary,
    "remix": discord.ButtonStyle.primary,
}


class JobButton(
    GuardedItem,
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"kinora:(?P<action>[a-z]+):(?P<job>[0-9a-f]{32})",
):
    """A button for one job. Which function its action stands for is looked up in ``KinoraBot.job_actions``."""

    def __init__(self, action: str, job_id: str) -> None:
        self._action = action
        self._job_id = job_id
        style = _STYLES.get(action, discord.ButtonStyle.secondary)
        super().__init__(
            discord.ui.Button(style=style, label=button_label(action), custom_id=f"kinora:{action}:{job_id}")
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button that was pressed."""
        return cls(match["action"], match["job"])

    async def use(self, interaction: discord.Interaction[KinoraBot]) -> None:
        """Do it, or tell the member why not."""
        perform = interaction.client.job_actions.get(self._action)
        if perform is None:
            raise UserError(_(NO_ACTION))
        await perform(interaction, self._job_id)


async def job_record(interaction: discord.Interaction[Any], job_id: str) -> JobRecord:
    """Return the job behind a button, if it is of this server. Raises UserError."""
    record: JobRecord | None = await interaction.client.app.records.get(job_id, interaction.guild_id or 0)
    if record is None:
        raise UserError(_(NO_RECORD))
    return record


def job_buttons(actions: Sequence[str], job_id: str) -> list[JobButton]:
    """Return a button for each of ``actions``, in order."""
    return [JobButton(action, job_id) for action in actions]
