"""The Cancel button. Its job's id stands in its custom_id, so that it needs no memory and outlives restarts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.client import tell_error
from bot.errors import UserError

if TYPE_CHECKING:
    from bot.client import KinoraBot


class CancelButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"kinora:cancel:(?P<job>[0-9a-f]{32})"):
    """Ends a job; for the member who asked for it, and for those who may manage messages there."""

    def __init__(self, job_id: str) -> None:
        self._job_id = job_id
        super().__init__(
            discord.ui.Button(style=discord.ButtonStyle.danger, label="Cancel", custom_id=f"kinora:cancel:{job_id}")
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button that was pressed."""
        return cls(match["job"])

    async def callback(self, interaction: discord.Interaction[KinoraBot]) -> None:  # type: ignore[override]
        """Cancel the job, or tell the member why not. discord.py would only log what is raised here."""
        try:
            await interaction.response.defer()
            self._cancel(interaction)
        except Exception as error:  # noqa: BLE001 - the rim: everything is told and logged
            await tell_error(interaction, error)

    def _cancel(self, interaction: discord.Interaction[KinoraBot]) -> None:
        jobs = interaction.client.app.jobs
        job = jobs.find(self._job_id)
        if job is None:
            raise UserError("This one has ended already.")
        if interaction.user.id != job.request.user_id and not interaction.permissions.manage_messages:
            raise UserError("Only the member who asked for this video, or a moderator, can cancel it.")
        if not jobs.cancel(job):
            raise UserError("This one is just ending.")
