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
_SPOILER = "SPOILER_"  # how the name of a hidden file begins
_ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".bmp", ".ico", ".heic", ".heif")


@app_commands.context_menu(name="Animate this")
async def animate_this(interaction: Interaction, message: discord.Message) -> None:
    """Ask what should happen in the video, and with which of the message's pictures."""
    await in_time(interaction, check_access(interaction, VIDEO))
    found = list({picture.link: picture for picture in _pictures(message)}.values())
    if not found:
        raise UserError(_(NO_PICTURE))
    pictures = interaction.client.app.pictures
    names = (found[0].name,) if len(found) == 1 else ()
    draft = VideoDraft("", lambda member: pictures.take_all([found[0].link], member), count=1, names=names)
    await in_time(interaction, check_draft(interaction, draft))
    await AnimateForm(found, draft, _(ANIMATE_THIS)).open(interaction)


def _pictures(message: discord.Message) -> Iterator[FoundPicture]:
    """Yield the pictures of a message, and of the one that it forwards, in the order in which people see them."""
    messages: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    for shown in messages:
        yield from _attached(shown.attachments)
        yield from _embedded(shown.embeds, shown.content)
        yield from _in_components(shown.components)
        yield from _stuck(shown.stickers)


def _attached(attachments: Iterable[discord.Attachment]) -> Iterator[FoundPicture]:
    for file in attachments:
        if _is_picture(file.content_type, file.filename):
            yield FoundPicture(file.filename.removeprefix(_SPOILER), file.url, file.size, file.is_spoiler())


def _is_picture(content_type: str | None, name: str) -> bool:
    # What it is, is decided by its content later; people send pictures under all kinds of names.
    return (content_type or "").startswith("image/") or name.lower().endswith(_ENDINGS)


def _embedded(embeds: Iterable[discord.Embed], text: str) -> Iterator[FoundPicture]:
    hidden = " ".join(_HIDDEN.findall(text))
    for embed in embeds:
        name = embed.title or embed.provider.name or _(EMBEDDED_PICTURE)
        for media in (embed.image, embed.thumbnail):
            # Discord's own copy of it, where there is one: the host of the original need not learn of us.
            if link := media.proxy_url or media.url:
                yield FoundPicture(name, link, spoiler=bool(embed.url) and str(embed.url) in hidden)


def _in_components(components: Iterable[discord.Component], *, hidden: bool = False) -> Iterator[FoundPicture]:
    """Yield what containers, sections, galleries and files show; ``hidden``: all of it is a spoiler."""
    for part in components:
        spoiler = hidden or getattr(part, "spoiler", False)
        match part:
            case discord.Container():
                yield from _in_components(part.children, hidden=spoiler)
            case discord.SectionComponent():
                yield from _in_components([part.accessory], hidden=hidden)
            case discord.MediaGalleryComponent():
                for item in part.items:
                    yield from _unfurled(item.media, spoiler or item.spoiler)
            case discord.ThumbnailComponent() | discord.FileComponent():
                yield from _unfurled(part.media, spoiler)


def _unfurled(media: discord.UnfurledMediaItem, spoiler: bool) -> Iterator[FoundPicture]:
    name = media.url.partition("?")[0].rpartition("/")[2]
    if _is_picture(media.content_type, name):
        spoiler = spoiler or name.startswith(_SPOILER)
        yield FoundPicture(name.removeprefix(_SPOILER), media.proxy_url or media.url, spoiler=spoiler)


def _stuck(stickers: Iterable[discord.StickerItem]) -> Iterator[FoundPicture]:
    for sticker in stickers:
        if sticker.format is not discord.StickerFormatType.lottie:  # a drawing that moves by a program
            yield FoundPicture(sticker.name, sticker.url)
