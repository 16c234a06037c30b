"""Draws views as Components V2: a coloured container of text, the video or a picture, a file, controls."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import discord

from bot.gateway.answers import refused_fields
from bot.i18n.translation import _
from bot.models import DiscordLimits
from bot.texts.buttons import OPEN_VIDEO
from bot.texts.view import Tone, View

log = logging.getLogger(__name__)

_COLOURS = {
    Tone.WAITING: discord.Colour(0x8A8F98),
    Tone.WORKING: discord.Colour(0x4F7CFF),
    Tone.GOOD: discord.Colour(0x2EA66B),
    Tone.REFUSED: discord.Colour(0xE5A50A),
    Tone.BAD: discord.Colour(0xD64545),
    Tone.NEUTRAL: discord.Colour(0x8A8F98),
}


def draw(
    view: View,
    *,
    media: Sequence[discord.MediaGalleryItem] = (),
    file: str | None = None,
    selects: Sequence[discord.ui.Item[Any]] = (),
    buttons: Sequence[discord.ui.Item[Any]] = (),
) -> discord.ui.LayoutView:
    """
    Return ``view`` as a layout. ``media`` is what the gallery shows, a video or pictures, ``file`` what is offered for
    download: ``attachment://`` names both. Each of ``selects`` has a row of its own.
    """
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=_COLOURS[view.tone])
    first, *others = view.paragraphs
    container.add_item(discord.ui.TextDisplay(first))
    if media:
        container.add_item(discord.ui.MediaGallery(*media))
    for paragraph in others:
        container.add_item(discord.ui.TextDisplay(paragraph))
    if file:
        container.add_item(discord.ui.File(file))
    for select in selects:
        container.add_item(discord.ui.ActionRow(select))
    row = list(buttons)
    if view.link and _opens(view.link):
        row.append(discord.ui.Button(style=discord.ButtonStyle.link, label=_(OPEN_VIDEO), url=view.link))
    if row:
        container.add_item(discord.ui.ActionRow(*row))
    layout = discord.ui.LayoutView(timeout=None)
    layout.add_item(container)
    return layout


def _opens(link: str) -> bool:
    """Whether Discord takes a button for ``link``: none that is long, or leads to a host without a dot in its name."""
    try:
        host = urlsplit(link).hostname or ""
    except ValueError:
        return False
    return (
        len(link) <= DiscordLimits.BUTTON_LINK and "." in host.strip(".") and link.startswith(("http://", "https://"))
    )


async def show_privately(
    interaction: discord.Interaction[Any],
    view: View,
    *buttons: discord.ui.Item[Any],
    file: Path | None = None,
    pictures: Sequence[discord.File] = (),
) -> None:
    """
    Put ``view`` in the place of the private reply that was promised or is there. ``file`` is for download.

    What Discord does not take with its ``pictures`` comes without, and what it does not take at all as its heading.
    """
    if pictures:
        try:
            await _put(interaction, draw(view, media=gallery(pictures), buttons=buttons), pictures)
        except discord.HTTPException as error:
            log.warning("Discord refused a view with pictures: HTTP %d, code %d", error.status, error.code)
        else:
            return
    try:
        layout = draw(view, buttons=buttons, file=f"attachment://{file.name}" if file else None)
        await _put(interaction, layout, [discord.File(file)] if file else ())
    except discord.HTTPException as error:
        if error.status != HTTPStatus.BAD_REQUEST or file:
            raise
        log.warning("Discord refused a view: code %d%s", error.code, refused_fields(error))
        await _put(interaction, draw(View(view.tone, view.paragraphs[:1])), ())


def gallery(files: Iterable[discord.File]) -> list[discord.MediaGalleryItem]:
    """Return what shows ``files`` of the same message."""
    return [discord.MediaGalleryItem(f"attachment://{file.filename}", spoiler=file.spoiler) for file in files]


async def _put(
    interaction: discord.Interaction[Any], layout: discord.ui.LayoutView, files: Sequence[discord.File]
) -> None:
    await interaction.edit_original_response(
        view=layout,
        attachments=files or discord.utils.MISSING,
        # discord.py sends the client's default only along with ``content``.
        allowed_mentions=discord.AllowedMentions.none(),
    )
