"""``/video``: a prompt and a picture become a video; **Cancel** ends it before its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import UserError
from bot.models import State
from bot.pictures import PictureStore
from cogs._buttons import JobButton
from cogs._start import start_video

if TYPE_CHECKING:
    from bot.client import KinoraBot

MAX_PROMPT = 4000  # characters


class Video(commands.Cog):
    """Takes requests for videos."""

    def __init__(self, bot: KinoraBot) -> None:
        self._app = bot.app

    @app_commands.command(description="Turn a picture into a short video, with a prompt that says what happens")
    @app_commands.describe(
        prompt="What should happen in the video",
        image="The picture it starts from: PNG, JPEG, WebP, GIF or AVIF",
        model="Which model makes it",
    )
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def video(
        self,
        interaction: discord.Interaction[KinoraBot],
        prompt: app_commands.Range[str, 1, MAX_PROMPT],
        image: discord.Attachment,
        model: str | None = None,
    ) -> None:
        """Start a video."""
        PictureStore.check_size(image.size)
        await start_video(interaction, prompt, model, lambda: self._app.pictures.take(image.url))

    @video.autocomplete("model")
    async def _offer_models(
        self, interaction: discord.Interaction[KinoraBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        models = self._app.settings.video_models
        wanted = [m for m in models if typed.lower() in f"{m.name} {m.label}".lower()]
        return [app_commands.Choice(name=m.label[:100], value=m.name) for m in wanted[:25]]


async def cancel(interaction: discord.Interaction[Any], job_id: str) -> None:
    """End a job; for the member who asked for it, and for those who may manage messages there."""
    jobs = interaction.client.app.jobs
    job = jobs.find(job_id)
    if job is None or job.record.guild_id != interaction.guild_id:
        record = await interaction.client.app.records.get(job_id, interaction.guild_id or 0)
        if record and record.state is not State.DONE:
            raise UserError("I was restarted and am about to look after this one. Please try once more in a moment.")
        raise UserError("Nobody is working on this one any more.")
    if interaction.user.id != job.record.user_id and not interaction.permissions.manage_messages:
        raise UserError("Only the member who asked for this video, or a moderator, can cancel it.")
    if not jobs.cancel(job):
        raise UserError("This one is just ending.")
    await interaction.response.defer()


async def setup(bot: KinoraBot) -> None:
    """Add the feature to ``bot``."""
    bot.add_dynamic_items(JobButton)
    bot.job_actions["cancel"] = cancel
    await bot.add_cog(Video(bot))
