"""After a refusal or a failure: what happened, and the ways to try again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.errors import UserError
from bot.models import JobRecord
from bot.refusals import refusal_details
from bot.services import charges_for_refusals
from cogs._buttons import job_buttons
from cogs._draw import draw
from cogs._forms import EditForm, OtherPictureForm, kept_picture
from cogs._start import start_video

if TYPE_CHECKING:
    from bot.client import KinoraBot


async def show_details(interaction: discord.Interaction[Any], job_id: str) -> None:
    """Tell the member who asked, alone, which review said no and what to change."""
    record = await _own_record(interaction, job_id)
    if record.outcome is None or not record.outcome.is_refusal:
        raise UserError("There is nothing more to tell about this one.")
    charged = charges_for_refusals(interaction.client.app.settings.video_api_url)
    view = refusal_details(record.outcome, record.prompt, charged=charged)
    await interaction.response.send_message(
        view=draw(view, buttons=job_buttons(view.actions, record.id)), ephemeral=True
    )


async def edit(interaction: discord.Interaction[Any], job_id: str) -> None:
    """Ask for another prompt."""
    await interaction.response.send_modal(EditForm(await _own_record(interaction, job_id)))


async def other_picture(interaction: discord.Interaction[Any], job_id: str) -> None:
    """Ask for another picture."""
    await interaction.response.send_modal(OtherPictureForm(await _own_record(interaction, job_id)))


async def again(interaction: discord.Interaction[Any], job_id: str) -> None:
    """Start the same once more."""
    record = await _own_record(interaction, job_id)
    pictures = interaction.client.app.pictures
    await start_video(interaction, record.prompt, record.model, lambda: kept_picture(pictures, record))


async def _own_record(interaction: discord.Interaction[Any], job_id: str) -> JobRecord:
    """Return the job, if it is of this server and the member's own. Raises UserError."""
    record: JobRecord | None = await interaction.client.app.records.get(job_id, interaction.guild_id or 0)
    if record is None:
        raise UserError("I have no record of this video any more. Please use /video.")
    if record.user_id != interaction.user.id:
        raise UserError("This is for the member who asked for the video. For one of your own, use /video.")
    return record


async def setup(bot: KinoraBot) -> None:
    """Add the feature to ``bot``."""
    bot.job_actions |= {"details": show_details, "edit": edit, "picture": other_picture, "again": again}
