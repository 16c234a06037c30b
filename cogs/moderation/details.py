"""Message menu **Video details**: shows moderators one request, and lets them delete its reply or block its member."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

import discord
from discord import app_commands

from bot.app import App
from bot.errors import UserError
from bot.gateway.answers import UNANSWERED, defer_privately, in_time
from bot.gateway.client import Acknowledge, Interaction, JobAction, KinoraBot
from bot.i18n.translation import _
from bot.models import JobRecord, Outcome
from bot.storage.moderation.blocks import REFUSALS_WITHIN
from bot.texts import details
from cogs.moderation.block_form import VIDEO_DETAILS, BlockForm, check_blockable
from cogs.shared.layout import show_privately
from cogs.video.buttons import job_buttons

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
    await show_privately(interaction, view, *job_buttons(view.actions, record.id))


async def delete_reply(interaction: Interaction, record: JobRecord) -> None:
    """Delete the reply of a job, which is not shown again; a job that has not ended is cancelled first."""
    bot: KinoraBot = interaction.client
    if record.delivery is None:
        bot.withdrawn.add(record.id)  # else its end would be shown in a new message
    cancelled = await bot.app.jobs.cancel_anywhere(record)
    problem = await _delete(bot, record)
    if cancelled or not problem:
        line = partial(details.delete_line, interaction.user.id, record, cancelled=cancelled, deleted=not problem)
        bot.tell_log(record.guild_id, line)
    await interaction.edit_original_response(content=details.deleted_words(problem, cancelled=cancelled))


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


async def _delete(bot: KinoraBot, record: JobRecord) -> str:
    """Delete the message that shows a job, as the bot's own, and return what stood against it, "" if nothing did."""
    channel = bot.get_partial_messageable(record.channel_id, guild_id=record.guild_id)
    try:
        await channel.get_partial_message(record.message_id).delete()
    except discord.NotFound:
        return details.ALREADY_GONE
    except discord.Forbidden:
        return details.NOT_ALLOWED_TO_DELETE
    except UNANSWERED:
        return details.NOT_DELETED
    return ""


JOB_ACTIONS = {
    "delete": JobAction(VIDEO_DETAILS, delete_reply, unknown=details.NOT_MINE, acknowledge=Acknowledge.PRIVATE),
    "block": JobAction(VIDEO_DETAILS, ask_for_block, unknown=details.NOT_MINE),
}
