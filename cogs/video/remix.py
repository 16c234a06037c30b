"""The buttons under a finished video: the same again, a remix, and its idea for other members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from bot.concurrency.recent import ExpiringSet
from bot.errors import UserError
from bot.i18n.translation import _
from bot.models import JobRecord
from bot.texts.buttons import MADE_AGAIN_ALREADY, button_label
from cogs.video.buttons import job_record
from cogs.video.draft import check_remembered, copy_of
from cogs.video.forms import open_edit_form, open_remix_form
from cogs.video.retry import DOUBLE_CLICK
from cogs.video.start import start_video

if TYPE_CHECKING:
    from bot.gateway.client import KinoraBot


class Remix(commands.Cog):
    """What these buttons do. All members see the same ones; what they do depends on who presses."""

    def __init__(self) -> None:
        self._clicked = ExpiringSet(DOUBLE_CLICK)

    async def same(self, interaction: discord.Interaction[Any], job_id: str) -> None:
        """Make the same once more, for the member who asked; a double click is one click, for each costs a video."""
        record = await job_record(interaction, job_id)
        pictures = interaction.client.app.pictures
        if not _is_own(interaction, record) or not await pictures.find_all(record.pictures):
            await self.idea(interaction, job_id)
            return
        check_remembered(record)
        if job_id in self._clicked:
            raise UserError(_(MADE_AGAIN_ALREADY))
        self._clicked.add(job_id)
        await start_video(interaction, copy_of(pictures, record))

    async def remix(self, interaction: discord.Interaction[Any], job_id: str) -> None:
        """Ask the member who asked for the video what to change in it."""
        record = await job_record(interaction, job_id)
        if _is_own(interaction, record):
            await open_remix_form(interaction, record)
        else:
            await self.idea(interaction, job_id)

    async def idea(self, interaction: discord.Interaction[Any], job_id: str) -> None:
        """Let the member who presses start from the same prompt and picture, on their own allowance."""
        await open_edit_form(interaction, await job_record(interaction, job_id), button_label("idea"))


def _is_own(interaction: discord.Interaction[Any], record: JobRecord) -> bool:
    return record.user_id == interaction.user.id


async def setup(bot: KinoraBot) -> None:
    """Add the feature to ``bot``."""
    cog = Remix()
    bot.job_actions |= {"same": cog.same, "remix": cog.remix, "idea": cog.idea}
    await bot.add_cog(cog)
