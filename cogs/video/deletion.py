"""Deletes the reply of a job, once its member, or a moderator, has said so twice."""

from __future__ import annotations

from functools import partial

import discord

from bot.gateway.answers import UNANSWERED
from bot.gateway.client import Interaction, KinoraBot
from bot.models import JobRecord
from bot.texts import deletion
from cogs.shared.layout import show_privately
from cogs.video.buttons import job_buttons


async def ask_before_deleting(interaction: Interaction, record: JobRecord, confirm: str) -> None:
    """Ask in private; the button of the question has the action ``confirm``."""
    await show_privately(interaction, deletion.question(record, confirm), *job_buttons((confirm,), record.id))


async def delete_reply(interaction: Interaction, record: JobRecord) -> None:
    """Delete the reply of a job, which is not shown again; a job that has not ended is cancelled first."""
    bot: KinoraBot = interaction.client
    if record.delivery is None:
        bot.withdrawn.add(record.id)  # else its end would be shown in a new message
    cancelled = await bot.app.jobs.cancel_anywhere(record, interaction.user.id)
    problem = await _delete(bot, record)
    if cancelled or not problem:
        line = partial(deletion.log_line, interaction.user.id, record, cancelled=cancelled, deleted=not problem)
        bot.tell_log(record.guild_id, line)
    await show_privately(interaction, deletion.answer(problem, cancelled=cancelled))


async def _delete(bot: KinoraBot, record: JobRecord) -> str:
    """Delete the message that shows a job, as the bot's own, and return what stood against it, "" if nothing did."""
    channel = bot.get_partial_messageable(record.channel_id, guild_id=record.guild_id)
    try:
        await channel.get_partial_message(record.message_id).delete()
    except discord.NotFound:
        return deletion.ALREADY_GONE
    except discord.Forbidden:
        return deletion.NOT_ALLOWED_TO_DELETE
    except UNANSWERED:
        return deletion.NOT_DELETED
    return ""
