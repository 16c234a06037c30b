"""The buttons under a reply. What they do and for which job stands in the custom_id, so they outlive restarts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

import discord

from bot.errors import UserError
from bot.gateway.answers import defer_privately, in_time
from bot.gateway.client import Acknowledge, Interaction, JobAction
from bot.i18n.translation import _
from bot.models import JobRecord
from bot.texts.buttons import NO_ACTION, NOT_YOURS, button_label
from cogs.shared.access import check_access
from cogs.shared.localized import GuardedItem

_STYLES = {
    "cancel": discord.ButtonStyle.danger,
    "delete": discord.ButtonStyle.danger,
    "discard": discord.ButtonStyle.danger,
    "remove": discord.ButtonStyle.danger,
    "edit": discord.ButtonStyle.primary,
    "picture": discord.ButtonStyle.primary,
    "again": discord.ButtonStyle.primary,
    "remix": discord.ButtonStyle.primary,
    "model": discord.ButtonStyle.primary,
}
_SIGNS = {"trash": "🗑️"}


class JobButton(
    GuardedItem[discord.ui.Button[Any]], command=None, template=r"kinora:(?P<action>[a-z]+):(?P<job>[0-9a-f]{32})"
):
    """
    A button for one job. What its action stands for is looked up in ``KinoraBot.job_actions``.

    It is an entrance like a command: what has to be asked of every press stands in ``use``, before the action. Which
    command it belongs to depends on the action.
    """

    def __init__(self, action: str, job_id: str) -> None:
        self._action = action
        self._job_id = job_id
        style = _STYLES.get(action, discord.ButtonStyle.secondary)
        label, sign, name = button_label(action) or None, _SIGNS.get(action), f"kinora:{action}:{job_id}"
        super().__init__(discord.ui.Button(style=style, label=label, emoji=sign, custom_id=name))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        return cls(match["action"], match["job"])

    async def acknowledge(self, interaction: Interaction) -> None:
        """Acknowledge as the action wants it."""
        match interaction.client.job_actions.get(self._action):
            case JobAction(acknowledge=Acknowledge.UPDATE):
                await interaction.response.defer()
            case JobAction(acknowledge=Acknowledge.PRIVATE):
                await defer_privately(interaction)

    async def use(self, interaction: Interaction) -> None:
        """Find the job, ask whether the member may, and do it. Raises UserError if there is no such job or action."""
        action = interaction.client.job_actions.get(self._action)
        if action is None:
            raise UserError(_(NO_ACTION))
        await in_time(interaction, check_access(interaction, action.command))
        jobs, guild_id = interaction.client.app.jobs, interaction.guild_id or 0
        record = await in_time(interaction, jobs.record(self._job_id, guild_id))
        if record is None:
            raise UserError(_(action.unknown))
        action.check(interaction, record)
        await action.perform(interaction, record)


def is_requester(interaction: Interaction, record: JobRecord) -> bool:
    """Whether the member who uses ``interaction`` is the one who asked for the job."""
    return interaction.user.id == record.user_id


def requester_only(interaction: Interaction, record: JobRecord) -> None:
    """Raise UserError for others than the member who asked for the job."""
    if not is_requester(interaction, record):
        raise UserError(_(NOT_YOURS))


def job_buttons(actions: Sequence[str], job_id: str) -> list[JobButton]:
    """Return a button for each of ``actions``, in order."""
    return [JobButton(action, job_id) for action in actions]
