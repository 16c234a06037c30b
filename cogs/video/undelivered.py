"""Hands over, in private, videos that could not be shown when they were made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from bot.gateway.client import Interaction
from bot.models import Delivery, Finished, JobRecord, Outcome
from bot.texts.job_reply import Asked, job_view
from bot.texts.view import View
from cogs.shared.layout import draw
from cogs.video.clip import Clip, is_file_alone, video_file
from cogs.video.reply_message import EditResult, attempt


async def hand_over(interaction: Interaction, kept: Sequence[JobRecord]) -> None:
    """
    Show the member of an answered ``interaction`` each of their ``kept`` videos, and record its delivery.

    One that is a file alone stays kept while Discord does not answer as it should.
    """
    app = interaction.client.app
    for record in kept:
        finished = Finished(Outcome.SUCCESS, record.seconds, video_url=record.video_url)
        reachable = app.may_show(record.video_url)
        view = partial(job_view, finished, Asked(record.user_id, record.prompt), datetime.now(UTC), reachable=reachable)
        limit = interaction.client.upload_limits.limit(record.guild_id, interaction.filesize_limit)
        async with video_file(app, record.video_url, limit) as video:
            clip = video.path and Clip(video.path, record.prompt, record.spoiler)
            shown = view(uploaded=True, note=video.note)
            result = await _upload(interaction, shown, clip) if clip else EditResult.TOO_LARGE
            if result in (EditResult.RETRY, EditResult.UNREACHABLE) and is_file_alone(record.video_url):
                continue
            if result is not EditResult.DONE:
                await interaction.followup.send(view=draw(view(note=video.problem)), ephemeral=True)
        await app.job_store.deliver(record.id, Delivery.REPLY)


async def _upload(interaction: Interaction, view: View, clip: Clip) -> EditResult:
    """Send the video itself with ``view``."""
    layout = draw(view, media=[clip.item()])
    return await attempt(lambda: interaction.followup.send(view=layout, file=clip.file(), ephemeral=True), upload=True)
