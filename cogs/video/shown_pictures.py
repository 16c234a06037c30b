"""The pictures in a reply whose video is still made: a service that takes links alone fetches them from there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import discord

from bot.errors import UserError
from bot.gateway.answers import UNANSWERED
from bot.gateway.client import Interaction
from bot.i18n.translation import _
from bot.models import JobRecord, Picture
from bot.texts.job_reply import pictures_view
from bot.texts.starting import NO_LINK
from cogs.shared.layout import draw, gallery

_NAME = re.compile(r"(?:SPOILER_)?picture\d\.(?:png|jpg)")


async def with_links(interaction: Interaction, pictures: Sequence[Picture], *, spoiler: bool) -> tuple[Picture, ...]:
    """
    Show ``pictures``, which are safe, in the reply, and return them with Discord's links to them.

    Raises UserError where Discord takes them not, or only for a while, as in a private reply.
    """
    files = files_of(pictures, spoiler=spoiler)
    try:
        message = await interaction.edit_original_response(
            view=draw(pictures_view(), media=gallery(files)),
            attachments=files,
            # discord.py sends the client's default only along with ``content``.
            allowed_mentions=discord.AllowedMentions.none(),
        )
    except UNANSWERED as error:
        raise UserError(_(NO_LINK)) from error
    links = {name_of(link): link for link in _links(message)}
    if message.flags.ephemeral or not all(file.filename in links for file in files):
        raise UserError(_(NO_LINK))
    return tuple(replace(picture, link=links[file.filename]) for picture, file in zip(pictures, files, strict=True))


def files_of(pictures: Iterable[Picture], *, spoiler: bool) -> list[discord.File]:
    """Return ``pictures``, which are safe, for one upload."""
    return [
        discord.File(picture.path, f"picture{number}{picture.path.suffix}", spoiler=spoiler)
        for number, picture in enumerate(pictures, 1)
    ]


def gallery_of(record: JobRecord) -> list[discord.MediaGalleryItem]:
    """Return what shows the pictures that the reply of a job holds, none where it holds none."""
    names = [name_of(link) for _name, link in record.pictures if is_shown(link)]
    return [discord.MediaGalleryItem(f"attachment://{name}", spoiler=record.spoiler) for name in names]


def is_shown(link: str) -> bool:
    """Whether ``link`` leads to a picture of this kind, and not to a finished video."""
    return _NAME.fullmatch(name_of(link)) is not None


def name_of(link: str) -> str:
    """Return the name of the file at ``link``."""
    return urlsplit(link).path.rpartition("/")[2]


def _links(message: discord.Message) -> Iterator[str]:
    """Yield where the files of ``message`` are; those that a gallery shows may stand there alone."""
    yield from (file.url for file in message.attachments)
    view: discord.ui.LayoutView = discord.ui.LayoutView.from_message(message)
    galleries: list[discord.ui.MediaGallery[Any]] = [
        item for item in view.walk_children() if isinstance(item, discord.ui.MediaGallery)
    ]
    yield from (shown.media.url for gallery in galleries for shown in gallery.items)
