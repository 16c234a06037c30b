"""Draws views as Components V2: a coloured container of text, the video or a picture, a file, controls."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import discord

from bot.i18n.translation import _
from bot.models import DiscordLimits
from bot.texts.buttons import OPEN_VIDEO
from bot.texts.view import Tone, View

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
    if view.link and len(view.link) <= DiscordLimits.BUTTON_LINK:
        row.append(discord.ui.Button(style=discord.ButtonStyle.link, label=_(OPEN_VIDEO), url=view.link))
    if row:
        container.add_item(discord.ui.ActionRow(*row))
    layout = discord.ui.LayoutView(timeout=None)
    layout.add_item(container)
    return layout


async def show_privately(
    interaction: discord.Interaction[Any], view: View, *buttons: discord.ui.Item[Any], file: Path | None = None
) -> None:
    """Put ``view`` in the place of the private reply that was promised or is there. ``file`` is for download."""
    await interaction.edit_original_response(
        view=draw(view, buttons=buttons, file=f"attachment://{file.name}" if file else None),
        attachments=[discord.File(file)] if file else discord.utils.MISSING,
        # discord.py sends the client's default only along with ``content``.
        allowed_mentions=discord.AllowedMentions.none(),
    )
