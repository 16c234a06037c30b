"""The forms that ask for another prompt, or another picture, before a job is tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.client import FORM_LIFE, tell_error
from bot.errors import UserError
from bot.models import JobRecord, Picture
from bot.pictures import PictureStore
from cogs._start import start_video

if TYPE_CHECKING:
    from bot.client import KinoraBot

MAX_PROMPT = 4000  # characters, Discord's limit for a form's field


class _RetryForm(discord.ui.Modal):
    """A form with the prompt filled in, of which a new job comes when it is sent."""

    def __init__(self, record: JobRecord) -> None:
        super().__init__(title="Try again", timeout=FORM_LIFE)
        self._record = record
        self._prompt: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, default=record.prompt[:MAX_PROMPT], max_length=MAX_PROMPT
        )
        self.add_item(discord.ui.Label(text="What should happen in the video", component=self._prompt))

    async def on_submit(self, interaction: discord.Interaction[KinoraBot]) -> None:  # type: ignore[override]
        """Start the new job."""
        await start_video(
            interaction, self._prompt.value, self._record.model, lambda: self._picture(interaction.client.app.pictures)
        )

    async def on_error(  # type: ignore[override]
        self, interaction: discord.Interaction[KinoraBot], error: Exception
    ) -> None:
        """Tell the member; discord.py would only log it."""
        await tell_error(interaction, error)

    async def _picture(self, pictures: PictureStore) -> Picture:
        raise NotImplementedError


class EditForm(_RetryForm):
    """Asks for the prompt; the picture stays."""

    async def _picture(self, pictures: PictureStore) -> Picture:
        return await kept_picture(pictures, self._record)


class OtherPictureForm(_RetryForm):
    """Asks for another picture; the prompt may be changed as well."""

    def __init__(self, record: JobRecord) -> None:
        super().__init__(record)
        self._upload: discord.ui.FileUpload[Any] = discord.ui.FileUpload(max_values=1)
        hint = "PNG, JPEG, WebP, GIF or AVIF"
        self.add_item(discord.ui.Label(text="Another picture", description=hint, component=self._upload))

    async def on_submit(self, interaction: discord.Interaction[KinoraBot]) -> None:  # type: ignore[override]
        """Look at the picture's size before anything is promised in public."""
        PictureStore.check_size(self._upload.values[0].size)
        await super().on_submit(interaction)

    async def _picture(self, pictures: PictureStore) -> Picture:
        return await pictures.take(self._upload.values[0].url)


async def kept_picture(pictures: PictureStore, record: JobRecord) -> Picture:
    """Return the picture of an earlier job. Raises UserError when it has been deleted."""
    picture = await pictures.find(record.picture, record.picture_link)
    if picture is None:
        raise UserError("That picture is kept for two days only, and it is gone. Please use /video with it once more.")
    return picture
