"""``/video``: a prompt and a picture become a video."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import UserError
from bot.models import VideoModel, VideoRequest
from bot.pictures import PictureStore
from cogs._cancel import CancelButton
from cogs._reply import JobReply

if TYPE_CHECKING:
    from bot.client import KinoraBot

MAX_PROMPT = 4000  # characters


class Video(commands.Cog):
    """Takes requests for videos and shows what becomes of them."""

    def __init__(self, bot: KinoraBot) -> None:
        self._bot = bot
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
        # What needs no network and no database is checked before the public acknowledgement, so that it stays private.
        chosen = self._model(model)
        if not prompt.strip():
            raise UserError("The prompt is empty. Say in a few words what should happen in the video.")
        PictureStore.check_size(image.size)
        deferred = await interaction.response.defer()
        picture = await self._app.pictures.take(image.url)
        request = VideoRequest(
            guild_id=interaction.guild_id or 0,
            channel_id=interaction.channel_id or 0,
            message_id=(deferred.message_id if deferred else None) or 0,
            user_id=interaction.user.id,
            model=chosen,
            prompt=prompt.strip(),
            picture=picture,
        )
        job = await self._app.jobs.submit(request)
        self._bot.tasks.start(JobReply(interaction, job).follow(), f"reply {job.id}")

    @video.autocomplete("model")
    async def _offer_models(
        self, interaction: discord.Interaction[KinoraBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        models = self._app.settings.video_models
        wanted = [m for m in models if typed.lower() in f"{m.name} {m.label}".lower()]
        return [app_commands.Choice(name=m.label[:100], value=m.name) for m in wanted[:25]]

    def _model(self, name: str | None) -> VideoModel:
        model = self._app.settings.model(name)
        if model is None:
            offered = ", ".join(m.label for m in self._app.settings.video_models)
            raise UserError(f"That model is not offered here. Choose one of: {offered}.")
        return model


async def setup(bot: KinoraBot) -> None:
    """Add the feature to ``bot``."""
    bot.add_dynamic_items(CancelButton)
    await bot.add_cog(Video(bot))
