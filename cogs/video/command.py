"""``/video``: a prompt and a picture become a video, or a prompt alone where the model needs no picture."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.gateway.answers import in_time
from bot.gateway.client import Interaction
from bot.i18n.translation import _
from bot.media.pictures.problems import pictures_as
from bot.media.pictures.store import MAX_BYTES, PictureStore
from bot.models import DiscordLimits, VideoModel
from bot.texts.forms import MAKE_VIDEO
from bot.texts.starting import format_choice, length_choice, model_choice
from cogs.shared.choices import choices
from cogs.video.draft import VideoDraft
from cogs.video.forms import PromptForm
from cogs.video.start import allowed_models, check_draft, model_for, start_video


class VideoCommand(commands.Cog):
    """Takes requests for videos."""

    @app_commands.command(description="Turn a picture and a prompt into a short video")
    @app_commands.describe(
        image="The picture to start from: PNG, JPEG, WebP, GIF or AVIF; optional for some models",
        prompt="What should happen; leave it out to write it in a form",
        image2="A second picture, for models that take several",
        image3="A third picture, for models that take several",
        model="Which model makes it",
        duration="How long the video is, for models with several lengths",
        format="Its shape, for models with several; by default the one nearest to the picture's",
    )
    async def video(
        self,
        interaction: Interaction,
        image: discord.Attachment | None = None,
        prompt: app_commands.Range[str, 1, DiscordLimits.FORM_TEXT] | None = None,
        image2: discord.Attachment | None = None,
        image3: discord.Attachment | None = None,
        model: str | None = None,
        duration: int | None = None,
        format: str | None = None,
    ) -> None:
        app = interaction.client.app
        options = (image, image2, image3)
        images = [picture for picture in options if picture]
        if any(picture.size > MAX_BYTES for picture in images):
            with pictures_as((await model_for(interaction, model)).pictures):
                PictureStore.check_size(*(picture.size for picture in images))
        draft = VideoDraft(
            prompt or "",
            lambda member: app.pictures.take_all([picture.url for picture in images], member),
            count=len(images),
            model=model,
            spoiler=any(picture.is_spoiler() for picture in images),
            length=duration,
            format=format,
            reach=max((place for place, picture in enumerate(options, 1) if picture), default=0),
            names=tuple(picture.filename for picture in images),
        )
        if prompt is None:
            await in_time(interaction, check_draft(interaction, draft))
            await PromptForm(draft, _(MAKE_VIDEO)).open(interaction)
        else:
            await start_video(interaction, draft)

    @video.autocomplete("model")
    async def _offer_models(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        models = await allowed_models(interaction)
        named = [(model_choice(model, is_default=model is models[0]), model.name) for model in models]
        return choices((label, name) for label, name in named if typed.lower() in f"{name} {label}".lower())

    @video.autocomplete("duration")
    async def _offer_lengths(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[int]]:
        model = await self._chosen(interaction)
        lengths = (length for length in model.seconds if str(length).startswith(typed))
        return choices((length_choice(model, length), length) for length in lengths)

    @video.autocomplete("format")
    async def _offer_formats(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        model = await self._chosen(interaction)
        return choices((format_choice(shape), shape) for shape in model.formats if typed in shape)

    @staticmethod
    async def _chosen(interaction: Interaction) -> VideoModel:
        return await model_for(interaction, interaction.namespace.model)
