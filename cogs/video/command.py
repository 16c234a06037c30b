"""``/video``, which makes a video of a prompt and a picture, and **Cancel**, which ends it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import UserError
from bot.gateway.answers import tell
from bot.i18n.translation import _
from bot.media.pictures import PictureStore
from bot.models import DiscordLimits, JobState
from bot.texts.buttons import CANCELLED_SOON, ENDING, NOT_RUNNING, NOT_YOURS_TO_CANCEL
from bot.texts.forms import MAKE_VIDEO
from bot.texts.starting import model_choice
from cogs.shared.choices import choices
from cogs.video.buttons import JobButton
from cogs.video.draft import VideoDraft
from cogs.video.forms import PromptForm, open_form
from cogs.video.start import allowed_models, check_model, start_video

if TYPE_CHECKING:
    from bot.gateway.client import KinoraBot


class VideoCommand(commands.Cog):
    """Takes requests for videos."""

    def __init__(self, bot: KinoraBot) -> None:
        self._app = bot.app

    @app_commands.command(description="Turn a picture into a short video, with a prompt that says what happens")
    @app_commands.describe(
        image="The picture it starts from: PNG, JPEG, WebP, GIF or AVIF",
        prompt="What should happen in the video; left out, you are asked for it with more room",
        image2="A second picture, for models that take several",
        image3="A third picture, for models that take several",
        model="Which model makes it",
    )
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def video(
        self,
        interaction: discord.Interaction[KinoraBot],
        image: discord.Attachment,
        prompt: app_commands.Range[str, 1, DiscordLimits.FORM_TEXT] | None = None,
        image2: discord.Attachment | None = None,
        image3: discord.Attachment | None = None,
        model: str | None = None,
    ) -> None:
        """Start a video, or ask for the prompt first."""
        images = [picture for picture in (image, image2, image3) if picture]
        for picture in images:
            PictureStore.check_size(picture.size)
        draft = VideoDraft(
            prompt or "",
            lambda: self._app.pictures.take_all([picture.url for picture in images]),
            count=len(images),
            model=model,
            spoiler=any(picture.is_spoiler() for picture in images),
        )
        if prompt is None:
            check_model(self._app, draft)
            await open_form(interaction, PromptForm(draft, _(MAKE_VIDEO)))
        else:
            await start_video(interaction, draft)

    @video.autocomplete("model")
    async def _offer_models(
        self, interaction: discord.Interaction[KinoraBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        policy = await self._app.guilds.policy(interaction.guild_id or 0)
        models = allowed_models(self._app.settings.video_models, policy.models)
        named = [(model_choice(model), model.name) for model in models]
        return choices((label, name) for label, name in named if typed.lower() in f"{name} {label}".lower())


async def cancel(interaction: discord.Interaction[Any], job_id: str) -> None:
    """End a job; for the member who asked for it, and for those who may manage messages there."""
    app, guild_id = interaction.client.app, interaction.guild_id or 0
    job = app.jobs.find(job_id)
    record = job.record if job else await app.records.get(job_id, guild_id)
    if record is None or record.guild_id != guild_id or record.state is JobState.DONE:
        raise UserError(_(NOT_RUNNING))
    if interaction.user.id != record.user_id and not interaction.permissions.manage_messages:
        raise UserError(_(NOT_YOURS_TO_CANCEL))
    if not (app.jobs.cancel(job) if job else await app.records.ask_to_cancel(job_id, guild_id, datetime.now(UTC))):
        raise UserError(_(ENDING))
    if job:
        await interaction.response.defer()
    else:
        await tell(interaction, _(CANCELLED_SOON))


async def setup(bot: KinoraBot) -> None:
    """Add the feature to ``bot``."""
    bot.add_dynamic_items(JobButton)
    bot.job_actions["cancel"] = cancel
    await bot.add_cog(VideoCommand(bot))
