"""Hands over, in private, videos that could not be shown when they were made."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bot.errors import StorageError
from bot.gateway.client import Interaction
from bot.models import Delivery, Finished, JobRecord, Outcome
from bot.texts.job_reply import Asked, job_view
from bot.texts.view import View
from cogs.shared.layout import draw
from cogs.video.clip import Clip, FetchedVideo, is_file_alone
from cogs.video.plainer import send_plainer
from cogs.video.reply_message import EditResult, attempt
from cogs.video.uploads import try_uploads

log = logging.getLogger(__name__)


async def hand_over(interaction: Interaction, kept: Sequence[JobRecord]) -> None:
    """
    Show the member of an answered ``interaction`` each of their ``kept`` videos, and record its delivery.

    Nothing is raised: what Discord does not take in any way stays kept, and so does one that is a file alone while
    Discord does not answer as it should, or this machine has no room for it.
    """
    for record in kept:
        if await _hand_over(interaction, record) is not EditResult.DONE:
            log.warning("could not hand over a video, it stays kept", extra={"job": record.id})
            continue
        try:
            await interaction.client.app.job_store.deliver(record.id, Delivery.REPLY)
        except StorageError as error:
            log.warning("could not save that a video was handed over: %s", error, extra={"job": record.id})


async def _hand_over(interaction: Interaction, record: JobRecord) -> EditResult:
    """Show one video, or at least its link and why it is not there itself."""
    app = interaction.client.app
    finished = Finished(Outcome.SUCCESS, record.seconds, video_url=record.video_url)
    reachable = app.may_show(record.video_url)
    asked, now = Asked(record.user_id, record.prompt), datetime.now(UTC)
    view = partial(job_view, finished, now=now, reachable=reachable)
    limit = interaction.client.upload_limits.limit(record.guild_id, interaction.filesize_limit)

    async def upload(video: FetchedVideo) -> EditResult:
        path = video.path
        if path is None:
            return EditResult.REFUSED

        async def send(view: View, asked: Asked) -> EditResult:
            return await _send(interaction, view, Clip(path, asked.prompt, record.spoiler))

        return (await send_plainer(partial(view, uploaded=True, note=video.note), asked, send)).result

    result, video = await try_uploads(app, record.video_url, limit, upload)
    if result in (EditResult.RETRY, EditResult.UNREACHABLE) and is_file_alone(record.video_url):
        return result
    if result is not EditResult.DONE:
        told = partial(view, note=video.problem)
        result = (await send_plainer(told, asked, lambda view, _: _send(interaction, view))).result
    return result


async def _send(interaction: Interaction, view: View, clip: Clip | None = None) -> EditResult:
    """Send ``view`` in private, with the video itself if there is one."""
    layout = draw(view, media=[clip.item()] if clip else ())
    file: dict[str, Any] = {"file": clip.file()} if clip else {}
    return await attempt(lambda: interaction.followup.send(view=layout, ephemeral=True, **file), upload=bool(clip))
