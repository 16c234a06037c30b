"""Message menu **Video details**: shows moderators one request, and lets them delete its reply or block its member."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import discord
from discord import app_commands

from bot.app import App
from bot.errors import UserError
from bot.gateway.answers import defer_privately, in_time
from bot.gateway.client import Acknowledge, Interaction, JobAction
from bot.i18n.translation import _
from bot.models import JobRecord, Outcome
from bot.storage.moderation.blocks import REFUSALS_WITHIN
from bot.texts import details
from cogs.moderation.block_form import VIDEO_DETAILS, BlockForm, check_blockable
from cogs.shared.layout import show_privately
from cogs.video.buttons import job_buttons
from cogs.video.deletion import ask_before_deleting, delete_reply
from cogs.video.shown_pictures import files_of

_BUTTON = re.compile(r"kinora:[a-z]+:([0-9a-f]{32})")


@app_commands.context_menu(name=VIDEO_DETAILS)
# A default that the server's own settings may change. The buttons under the private answer ask once more.
@app_commands.default_permissions(manage_messages=True)
async def video_details(interaction: Interaction, message: discord.Message) -> None:
    """Show a moderator the request behind ``message``."""
    await defer_privately(interaction)
    app: App = interaction.client.app
    mine = interaction.client.user and interaction.client.user.id == message.author.id
    record = await _find(app, message, interaction.guild_id or 0) if mine else None
    if record is None:
        raise UserError(_(details.NOT_MINE))
    block = await app.blocks.get(record.guild_id, record.user_id, datetime.now(UTC))
    refused = await _refused_prompts(app, record)
    view = details.details_view(record, app.settings.models, block, refused)
    pictures = files_of(await app.pictures.find_all(record.pictures) or (), spoiler=record.spoiler)
    await show_privately(interaction, view, *job_buttons(view.actions, record.id), pictures=pictures)


async def ask_for_block(interaction: Interaction, record: JobRecord) -> None:
    """Ask the moderator for how long the member behind a job shall be blocked."""
    await in_time(interaction, check_blockable(interaction, record.user_id))
    await BlockForm(record.user_id).open(interaction)


async def _find(app: App, message: discord.Message, guild_id: int) -> JobRecord | None:
    """Return the job that ``message`` shows: the one of its buttons, else the one that was told in it."""
    for job_id in _jobs_of_buttons(message):
        if record := await app.job_store.get(job_id, guild_id):
            return record
    return await app.job_store.by_message(guild_id, message.id)


def _jobs_of_buttons(message: discord.Message) -> Iterator[str]:
    for item in discord.ui.LayoutView.from_message(message).walk_children():
        if found := _BUTTON.fullmatch(getattr(item, "custom_id", None) or ""):
            yield found[1]


async def _refused_prompts(app: App, record: JobRecord) -> int:
    since = datetime.now(UTC) - REFUSALS_WITHIN
    page = await app.history.page(
        record.guild_id, member=record.user_id, outcome=Outcome.MODERATION_PROMPT, count=details.MANY_REFUSED
    )
    return sum(job.finished_at is not None and job.finished_at > since for job in page.jobs)


async def _ask_to_delete(interaction: Interaction, record: JobRecord) -> None:
    await ask_before_deleting(interaction, record, "remove")


JOB_ACTIONS = {
    "delete": JobAction(VIDEO_DETAILS, _ask_to_delete, unknown=details.NOT_MINE, acknowledge=Acknowledge.PRIVATE),
    "remove": JobAction(VIDEO_DETAILS, delete_reply, unknown=details.NOT_MINE, acknowledge=Acknowledge.UPDATE),
    "block": JobAction(VIDEO_DETAILS, ask_for_block, unknown=details.NOT_MINE),
}
