"""Forms that ask for a prompt, or for another picture, before a video is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.errors import UserError
from bot.gateway.answers import in_time
from bot.gateway.client import Interaction
from bot.i18n.translation import _
from bot.media.pictures.problems import pictures_as
from bot.media.pictures.store import PictureStore
from bot.models import DiscordLimits, JobRecord, VideoModel
from bot.texts.buttons import button_label
from bot.texts.forms import CHANGE, EXAMPLE, OTHER_PICTURE, PICTURE_HINT, PROMPT, WHICH_MODEL, WHICH_PICTURE
from bot.texts.picture_roles import OPTIONS, role_word
from bot.texts.starting import NO_OTHER_MODEL, draft_facts, model_choice
from cogs.shared.access import VIDEO
from cogs.shared.localized import Form
from cogs.video.draft import VideoDraft, check_kept, check_remembered, copy_of, follow_up
from cogs.video.start import allowed_models, request_for, start_video


class PromptForm(Form):
    """Asks for the prompt of ``draft``, filled in with the one it has, and makes the video."""

    def __init__(self, draft: VideoDraft, title: str, label: str | None = None) -> None:
        super().__init__(title, VIDEO)
        self._draft = draft
        self._prompt: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph,
            default=draft.prompt[: DiscordLimits.FORM_TEXT] or None,
            max_length=DiscordLimits.FORM_TEXT,
            placeholder=_(EXAMPLE)[: DiscordLimits.CHOICE],
        )
        asked = label or _(PROMPT)
        self._label: discord.ui.Label[Any] = discord.ui.Label(
            text=asked[: DiscordLimits.FORM_TITLE], component=self._prompt
        )
        self.add_item(self._label)

    async def open(self, interaction: Interaction) -> None:
        """Open it, unless what it asks for will not be let in. Raises LimitReached, ShuttingDown and StorageError."""
        request = await in_time(interaction, request_for(interaction, self._draft))
        await in_time(interaction, interaction.client.app.jobs.preview(request, lasting=True))
        self._label.description = draft_facts(request.model, request.length, self._draft.names)
        await super().open(interaction)

    async def on_submit(self, interaction: Interaction) -> None:  # type: ignore[override]
        await start_video(interaction, self._filled_in(interaction.client.app.pictures))

    def _filled_in(self, pictures: PictureStore) -> VideoDraft:
        return replace(self._draft, prompt=self._prompt.value)


class OtherPictureForm(PromptForm):
    """
    Asks for another picture, or for each that ``model`` names; the prompt may be changed as well. No conversation goes
    on with another picture.
    """

    def __init__(self, draft: VideoDraft, title: str, model: VideoModel | None) -> None:
        super().__init__(draft, title)
        self._roles = model.pictures[: len(OPTIONS)] if model else ()
        needed = max(1, model.min_images if model else 1)
        self._uploads: list[discord.ui.FileUpload[Any]] = []
        for place, label in enumerate(list(map(role_word, self._roles)) or [_(OTHER_PICTURE)]):
            upload: discord.ui.FileUpload[Any] = discord.ui.FileUpload(required=place < needed, max_values=1)
            self._uploads.append(upload)
            self.add_item(discord.ui.Label(text=label, description=_(PICTURE_HINT), component=upload))

    def _filled_in(self, pictures: PictureStore) -> VideoDraft:
        """Look at the pictures' sizes before anything is promised in public."""
        given = [upload.values[0] if upload.values else None for upload in self._uploads]
        files = [file for file in given if file]
        with pictures_as(self._roles):
            PictureStore.check_size(*(file.size for file in files))
        return replace(
            super()._filled_in(pictures),
            take_pictures=lambda member: pictures.take_all([file.url for file in files], member),
            count=len(files),
            reach=max((place for place, file in enumerate(given, 1) if file), default=0),
            parent=None,
            spoiler=self._draft.spoiler or any(file.is_spoiler() for file in files),
        )


@dataclass(frozen=True, slots=True)
class FoundPicture:
    """A picture that stands in a message; ``size`` is in bytes, 0 where it is not known."""

    name: str
    link: str
    size: int = 0
    spoiler: bool = False


class ModelForm(PromptForm):
    """Asks for one of ``models``, none of which is that of ``draft``; the prompt may be changed as well."""

    def __init__(self, draft: VideoDraft, title: str, models: Sequence[VideoModel]) -> None:
        super().__init__(draft, title)
        self._choice: discord.ui.Select[Any] = discord.ui.Select(
            options=[
                discord.SelectOption(label=model_choice(model), value=str(number), default=number == 0)
                for number, model in enumerate(models[: DiscordLimits.CHOICES])
            ]
        )
        self._models = models
        self.add_item(discord.ui.Label(text=_(WHICH_MODEL), component=self._choice))

    def _filled_in(self, pictures: PictureStore) -> VideoDraft:
        model = self._models[int(self._choice.values[0]) if self._choice.values else 0]
        length, shape = model.still_makes(self._draft.length, self._draft.format)
        # What was said to another model stays with it.
        return replace(super()._filled_in(pictures), model=model.name, length=length, format=shape, parent=None)


class AnimateForm(PromptForm):
    """Asks for the prompt and, of several pictures, for the one."""

    def __init__(self, found: Sequence[FoundPicture], draft: VideoDraft, title: str) -> None:
        super().__init__(draft, title)
        self._found = found[: DiscordLimits.CHOICES]
        self._choice: discord.ui.Select[Any] = discord.ui.Select(
            options=[
                discord.SelectOption(
                    label=f"{number}. {picture.name}"[: DiscordLimits.CHOICE],
                    value=str(number - 1),
                    default=number == 1,
                )
                for number, picture in enumerate(self._found, 1)
            ]
        )
        if len(self._found) > 1:
            self.add_item(discord.ui.Label(text=_(WHICH_PICTURE), component=self._choice))

    def _filled_in(self, pictures: PictureStore) -> VideoDraft:
        picture = self._found[int(self._choice.values[0]) if self._choice.values else 0]
        PictureStore.check_size(picture.size)
        return replace(
            super()._filled_in(pictures),
            take_pictures=lambda member: pictures.take_all([picture.link], member),
            spoiler=picture.spoiler,
        )


async def open_edit_form(interaction: Interaction, record: JobRecord, title: str) -> None:
    """Ask for another prompt for what a job was made of, and for a picture if that is gone. Raises UserError."""
    check_remembered(record)
    app = interaction.client.app
    draft = copy_of(app, record)
    kept = await in_time(interaction, app.pictures.find_all(record.pictures))
    if kept is None:
        await other_picture_form(interaction, draft, title).open(interaction)
    else:
        await PromptForm(draft, title).open(interaction)


async def open_model_form(interaction: Interaction, record: JobRecord, title: str) -> None:
    """Ask for another model that takes what a job was made of. Raises UserError."""
    check_remembered(record)
    app = interaction.client.app
    await in_time(interaction, check_kept(app.pictures, record))
    allowed = await in_time(interaction, allowed_models(interaction))
    others = [model for model in allowed if model.name != record.model and model.takes(len(record.pictures))]
    if not others:
        raise UserError(_(NO_OTHER_MODEL))
    draft = replace(copy_of(app, record), model=others[0].name)
    await ModelForm(draft, title, others).open(interaction)


def other_picture_form(interaction: Interaction, draft: VideoDraft, title: str) -> OtherPictureForm:
    """Return the form that asks for other pictures, as the model of ``draft`` wants them."""
    model = interaction.client.app.settings.model(draft.model) if draft.model else None
    return OtherPictureForm(draft, title, model)


async def open_remix_form(interaction: Interaction, record: JobRecord) -> None:
    """Ask what to change in a finished video, while all it was made of is still there. Raises UserError."""
    check_remembered(record)
    app = interaction.client.app
    await in_time(interaction, check_kept(app.pictures, record))
    await PromptForm(follow_up(app, record), button_label("remix"), _(CHANGE)).open(interaction)
