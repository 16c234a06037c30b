"""The reply of one job: edited while the job goes on, and given the video, or the reasons, at its end."""

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
from bot.refusals import refusal_details
from bot.services import charges_for_refusals
from bot.texts import Asked, job_view
from bot.view import View
from cogs._buttons import job_buttons
from cogs._draw import draw

if TYPE_CHECKING:
    from bot.client import KinoraBot

DOWNLOAD_TIMEOUT = 300.0  # seconds
DISCORD_FAILURES = (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError)

log = logging.getLogger(__name__)


class JobReply:
    """Shows one job in the reply to the interaction that asked for it."""

    def __init__(self, interaction: discord.Interaction[KinoraBot], job: Job) -> None:
        self._interaction = interaction
        self._app = interaction.client.app
        self._job = job
        self._asked = Asked(job.request.user_id, job.request.prompt)
        self._shown: View | None = None

    async def follow(self) -> None:
        """Show the job until its end has been shown. Discord's failures are logged and never reach the job."""
        screen = LatestOnly(self._show, every=lambda: self._app.settings.progress_interval)
        async with screen.running():
            async for update in self._job.updates():
                screen.offer(update)

    async def _show(self, update: JobUpdate) -> None:
        if isinstance(update, Done):
            await self._show_end(update)
        else:
            await self._edit(job_view(update, self._asked, datetime.now(UTC)))

    async def _show_end(self, done: Done) -> None:
        link = done.video_url
        reachable = link is None or self._app.fetcher.permits(link)
        await self._edit(job_view(done, self._asked, datetime.now(UTC), reachable=reachable))
        if link:
            await self._upload(done, link, reachable=reachable)
        elif done.outcome.is_refusal:
            await self._explain(done)

    async def _upload(self, done: Done, link: str, *, reachable: bool) -> None:
        """Put the video itself into the reply, where its link stands already, if it is not too large for Discord."""
        path = self._app.downloads / f"{self._job.id}.mp4"
        try:
            limit = self._interaction.filesize_limit
            await self._app.fetcher.fetch(link, path, limit=limit, within=DOWNLOAD_TIMEOUT)
            view = job_view(done, self._asked, datetime.now(UTC), uploaded=True, reachable=reachable)
            await self._edit(view, path)
        except FetchError as error:
            self._log("the video stays a link: %s", error)
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def _explain(self, done: Done) -> None:
        """Tell the member alone which review said no. The button in the reply tells it again at any time."""
        charged = charges_for_refusals(self._app.settings.video_api_url)
        view = refusal_details(done.outcome, self._job.request.prompt, charged=charged)
        layout = draw(view, buttons=job_buttons(view.actions, self._job.id))
        try:
            await self._interaction.followup.send(
                view=layout, ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
            )
        except DISCORD_FAILURES as error:
            self._log("the reasons could not be told: %s", error)

    async def _edit(self, view: View, file: Path | None = None) -> None:
        """Let the reply show ``view``; what looks the same needs no edit."""
        if view == self._shown and file is None:
            return
        layout = draw(
            view, video="attachment://video.mp4" if file else None, buttons=job_buttons(view.actions, self._job.id)
        )
        try:
            await self._interaction.edit_original_response(
                view=layout,
                attachments=[discord.File(file, "video.mp4")] if file else [],
                allowed_mentions=discord.AllowedMentions.none(),
            )
            self._shown = view
        except DISCORD_FAILURES as error:
            self._log("an edit failed: %s", error)

    def _log(self, message: str, error: Exception) -> None:
        log.warning(message, error, extra={"job": self._job.id, "guild": self._job.request.guild_id})
