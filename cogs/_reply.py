"""The reply of one job: edited while the job goes on, and given the video at its end."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.errors import FetchError
from bot.job import Job
from bot.models import Done, JobUpdate
from bot.progress import LatestOnly
from bot.texts import Asked, job_view
from cogs._cancel import CancelButton
from cogs._draw import draw

if TYPE_CHECKING:
    from bot.client import KinoraBot

DOWNLOAD_TIMEOUT = 300.0  # seconds
TOO_LARGE = 40005  # Discord's code for an upload beyond its limit

log = logging.getLogger(__name__)


class JobReply:
    """Shows one job in the reply to the interaction that asked for it."""

    def __init__(self, interaction: discord.Interaction[KinoraBot], job: Job) -> None:
        self._interaction = interaction
        self._app = interaction.client.app
        self._job = job
        self._asked = Asked(job.request.user_id, job.request.prompt)
        self._shown: object = None

    async def follow(self) -> None:
        """Show the job until its end has been shown. Discord's failures are logged and never reach the job."""
        screen = LatestOnly(self._show, every=lambda: self._app.settings.progress_interval)
        async with screen.running():
            async for update in self._job.updates():
                screen.offer(update)

    async def _show(self, update: JobUpdate) -> None:
        reachable = not (isinstance(update, Done) and update.video_url) or self._app.fetcher.permits(update.video_url)
        view = job_view(update, self._asked, datetime.now(UTC), reachable=reachable)
        if view != self._shown:  # what looks the same needs no edit
            buttons = [CancelButton(self._job.id)] if view.can_cancel else []
            if await self._edit(draw(view, buttons=buttons)):
                self._shown = view
        if isinstance(update, Done) and update.video_url:
            await self._upload(update, update.video_url, reachable=reachable)

    async def _upload(self, done: Done, link: str, *, reachable: bool) -> None:
        """Put the video itself into the reply, where its link stands already, if Discord takes files of its size here."""
        path = self._app.downloads / f"{self._job.id}.mp4"
        try:
            limit = self._interaction.filesize_limit
            await self._app.fetcher.fetch(link, path, limit=limit, within=DOWNLOAD_TIMEOUT)
            view = job_view(done, self._asked, datetime.now(UTC), uploaded=True, reachable=reachable)
            await self._edit(draw(view, video="attachment://video.mp4"), path)
        except FetchError as error:
            self._log("the video stays a link: %s", error)
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def _edit(self, layout: discord.ui.LayoutView, file: Path | None = None) -> bool:
        """Edit the reply and return whether Discord took it."""
        attachments = [discord.File(file, "video.mp4")] if file else []
        try:
            await self._interaction.edit_original_response(
                view=layout, attachments=attachments, allowed_mentions=discord.AllowedMentions.none()
            )
        except (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError) as error:
            self._log("an edit failed: %s", error)
            return False
        return True

    def _log(self, message: str, error: Exception) -> None:
        log.warning(message, error, extra={"job": self._job.id, "guild": self._job.request.guild_id})
