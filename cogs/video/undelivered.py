"""Hands over, in private, videos that could not be shown when they were made."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import discord

from bot.gateway.client import Interaction
from bot.media.videos.problems import VideoProblem
from bot.models import Delivery, Finished, JobRecord, Outcome
from bot.texts.job_reply import Asked, job_view
from bot.texts.view import View
from cogs.shared.layout import draw
from cogs.video.clip import Clip, video_file

log = logging.getLogger(__name__)


async def hand_over(interaction: Interaction, kept: Sequence[JobRecord]) -> None:
    """Show the member of an answered ``interaction`` each of their ``kept`` videos, and record its delivery."""
    app = interaction.client.app
    for record in kept:
        finished = Finished(Outcome.SUCCESS, record.seconds, video_url=record.video_url)
        reachable = app.may_show(record.video_url)
        view = partial(job_view, finished, Asked(record.user_id, record.prompt), datetime.now(UTC), reachable=reachable)
        limit = interaction.client.upload_limits.limit(record.guild_id, interaction.filesize_limit)
        async with video_file(app, record.id, record.video_url, limit) as video:
            clip = video.path and Clip(video.path, record.prompt, record.spoiler)
            if not (clip and await _uploaded(interaction, view(uploaded=True, note=video.note), clip)):
                note = video.note if isinstance(video.note, VideoProblem) else None
                await interaction.followup.send(view=draw(view(note=note)), ephemeral=True)
        await app.job_store.deliver(record.id, Delivery.REPLY)


async def _uploaded(interaction: Interaction, view: View, clip: Clip) -> bool:
    """Send the video itself with ``view``, and return whether Discord takes it."""
    try:
        await interaction.followup.send(view=draw(view, media=clip.item()), file=clip.file(), ephemeral=True)
    except discord.HTTPException as error:
        log.warning("could not upload a video that was kept: HTTP %d, code %d", error.status, error.code)
        return False
    return True
