"""Message menu **Animate this**: makes a video of a picture in any message, once a form has asked for the prompt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import discord
from discord import app_commands

from bot.errors import UserError
from bot.gateway.answers import in_time
from bot.gateway.client import Interaction
from bot.i18n.translation import _
from bot.texts.forms import ANIMATE_THIS, EMBEDDED_PICTURE
from bot.texts.starting import NO_PICTURE
from cogs.shared.access import VIDEO, check_access
from cogs.video.draft import VideoDraft
from cogs.video.forms import AnimateForm, FoundPicture
from cogs.video.start import check_draft

_HIDDEN = re.compile(r"\|\|(.+?)\|\|", re.DOTALL)
_ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif")


@app_commands.context_menu(name="Animate this")
async def animate_this(interaction: Interaction, message: discord.Message) -> None:
    """Ask what should happen in the video, and with which of the message's pictures."""
    await in_time(interaction, check_access(interaction, VIDEO))
    found = list({picture.link: picture for picture in _pictures(message)}.values())
    if not found:
        raise UserError(_(NO_PICTURE))
    pictures = interaction.client.app.pictures
    draft = VideoDraft("", lambda member: pictures.take_all([found[0].link], member), count=1)
    await in_time(interaction, check_draft(interaction, draft))
    await AnimateForm(found, draft, _(ANIMATE_THIS)).open(interaction)


def _pictures(message: discord.Message) -> Iterator[FoundPicture]:
    """Yield the pictures of a message, and of the one that it forwards, in the order in which people see them."""
    yield from _attached(message.attachments)
    yield from _embedded(message.embeds, message.content)
    yield from _in_galleries(message)
    for forwarded in message.message_snapshots:
        yield from _attached(forwarded.attachments)
        yield from _embedded(forwarded.embeds, forwarded.content)


def _attached(attachments: Iterable[discord.Attachment]) -> Iterator[FoundPicture]:
    for file in attachments:
        # What it is, is decided by its content later; people send pictures under all kinds of names.
        if (file.content_type or "").startswith("image/") or file.filename.lower().endswith(_ENDINGS):
            yield FoundPicture(file.filename.removeprefix("SPOILER_"), file.url, file.size, file.is_spoiler())


def _embedded(embeds: Iterable[discord.Embed], text: str) -> Iterator[FoundPicture]:
    hidden = " ".join(_HIDDEN.findall(text))
    for embed in embeds:
        name = embed.title or embed.provider.name or _(EMBEDDED_PICTURE)
        for media in (embed.image, embed.thumbnail):
            # Discord's own copy of it, where there is one: the host of the original need not learn of us.
            if link := media.proxy_url or media.url:
                yield FoundPicture(name, link, spoiler=bool(embed.url) and str(embed.url) in hidden)


def _in_galleries(message: discord.Message) -> Iterator[FoundPicture]:
    for item in discord.ui.LayoutView.from_message(message).walk_children():
        if isinstance(item, discord.ui.MediaGallery):
            for shown in item.items:
                yield from _unfurled(shown.media, shown.spoiler)
        elif isinstance(item, discord.ui.Thumbnail):
            yield from _unfurled(item.media, item.spoiler)


def _unfurled(media: discord.UnfurledMediaItem, spoiler: bool) -> Iterator[FoundPicture]:
    if (media.content_type or "").startswith("image/"):
        yield FoundPicture(
            media.url.partition("?")[0].rpartition("/")[2], media.proxy_url or media.url, spoiler=spoiler
        )
