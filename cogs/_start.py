"""Starting a video: the one way from a command, a button or a form to a job and its reply."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import discord

from bot.errors import UserError
from bot.models import Delivery, Done, Outcome, Picture, VideoRequest
from bot.texts import Asked, hidden_channel_view, job_view, kept_view
from cogs._draw import draw
from cogs._reply import JobReply

if TYPE_CHECKING:
    from bot.client import KinoraBot


async def start_video(
    interaction: discord.Interaction[KinoraBot],
    prompt: str,
    model_name: str | None,
    take_picture: Callable[[], Awaitable[Picture]],
) -> None:
    """
    Acknowledge ``interaction`` in public, take the picture, start the job and the showing of it.

    What needs neither network nor database is checked before, so that its complaint stays private. Raises UserError,
    StorageError.
    """
    app = interaction.client.app
    model = app.settings.model(model_name)
    if model is None:
        offered = ", ".join(m.label for m in app.settings.video_models)
        raise UserError(f"That model is not offered here. Choose one of: {offered}.")
    if not prompt.strip():
        raise UserError("The prompt is empty. Say in a few words what should happen in the video.")
    deferred = await interaction.response.defer(thinking=True)
    await _say_beforehand(interaction)
    request = VideoRequest(
        guild_id=interaction.guild_id or 0,
        channel_id=interaction.channel_id or 0,
        message_id=(deferred.message_id if deferred else None) or 0,
        user_id=interaction.user.id,
        model=model,
        prompt=prompt.strip(),
        picture=await take_picture(),
    )
    job = await app.jobs.submit(request)
    interaction.client.tasks.start(JobReply(interaction.client, job, interaction).follow(), f"reply {job.id}")


async def _say_beforehand(interaction: discord.Interaction[KinoraBot]) -> None:
    """Say what has to be said before anything is paid, and hand over what could not be shown before."""
    records = interaction.client.app.records
    hidden = not interaction.app_permissions.view_channel
    kept = await records.kept(interaction.guild_id or 0, interaction.user.id)
    if hidden or kept:
        # Until the reply says something, the first private message would take its place.
        await interaction.edit_original_response(view=draw(hidden_channel_view() if hidden else kept_view()))
    for record in kept:
        done = Done(Outcome.SUCCESS, record.seconds, video_url=record.video_url)
        view = job_view(done, Asked(record.user_id, record.prompt), datetime.now(UTC))
        await interaction.followup.send(view=draw(view), ephemeral=True)
        await records.deliver(record.id, Delivery.REPLY)
