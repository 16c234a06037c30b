"""The buttons under a job's reply. What they do and for which job stands in the custom_id: they outlive restarts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import discord

from bot.errors import UserError
from bot.i18n.translation import N_, _
from bot.models import JobRecord
from cogs.shared.localized import GuardedItem

if TYPE_CHECKING:
    from bot.gateway.client import KinoraBot


class _Look(NamedTuple):
    label: str
    style: discord.ButtonStyle


_LOOKS = {
    "cancel": _Look(N_("Cancel"), discord.ButtonStyle.danger),
    "details": _Look(N_("What happened?"), discord.ButtonStyle.secondary),
    "edit": _Look(N_("Edit and try again"), discord.ButtonStyle.primary),
    "picture": _Look(N_("Try another picture"), discord.ButtonStyle.primary),
    "again": _Look(N_("Try again"), discord.ButtonStyle.primary),
    "same": _Look(N_("Again"), discord.ButtonStyle.secondary),
    "remix": _Look(N_("Remix"), discord.ButtonStyle.primary),
    "idea": _Look(N_("Use this idea"), discord.ButtonStyle.secondary),
    "delete": _Look(N_("Delete the reply"), discord.ButtonStyle.danger),
    "block": _Look(N_("Block the member"), discord.ButtonStyle.secondary),
}
_UNKNOWN = _Look("…", discord.ButtonStyle.secondary)


class JobButton(
    GuardedItem,
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"kinora:(?P<action>[a-z]+):(?P<job>[0-9a-f]{32})",
):
    """A button for one job. Which function its action stands for is looked up in ``KinoraBot.job_actions``."""

    def __init__(self, action: str, job_id: str) -> None:
        self._action = action
        self._job_id = job_id
        look = _LOOKS.get(action, _UNKNOWN)  # an older Kinora may have known actions that this one does not
        super().__init__(
            discord.ui.Button(style=look.style, label=_(look.label), custom_id=f"kinora:{action}:{job_id}")
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
            raise UserError(_("This button no longer works. Please use /video."))
        await perform(interaction, self._job_id)


async def job_record(interaction: discord.Interaction[Any], job_id: str) -> JobRecord:
    """Return the job behind a button, if it is of this server. Raises UserError."""
    record: JobRecord | None = await interaction.client.app.records.get(job_id, interaction.guild_id or 0)
    if record is None:
        raise UserError(_("I have no record of this video any more. Please use /video."))
    return record


def job_buttons(actions: Sequence[str], job_id: str) -> list[JobButton]:
    """Return a button for each of ``actions``, in order."""
    return [JobButton(action, job_id) for action in actions]
