"""Looks at a reply for the video that it may show already, although nothing of that was saved."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence

import discord

from bot.gateway.client import KinoraBot
from bot.models import JobRecord
from cogs.video.shown_pictures import is_shown

PATIENCE = 10.0  # seconds

log = logging.getLogger(__name__)


async def shown_video(bot: KinoraBot, record: JobRecord) -> str | None:
    """Return where the video is that the reply of a job shows, None if it shows none, or cannot be looked at."""
    channel = bot.get_partial_messageable(record.channel_id, guild_id=record.guild_id)
    try:
        async with asyncio.timeout(PATIENCE):
            message = await channel.get_partial_message(record.message_id).fetch()
    except Exception as error:  # noqa: BLE001 - whatever Discord answers, jobs are looked after
        log.info("could not look at the reply of a job: %s", error, extra={"job": record.id, "guild": record.guild_id})
        return None
    return next(_videos(message.components), None)


def _videos(components: Sequence[object]) -> Iterator[str]:
    """Yield the link of the button, then what the gallery plays: of a job under way these are pictures at most."""
    parts = [part for outer in components if isinstance(outer, discord.Container) for part in outer.children]
    for row in parts:
        if isinstance(row, discord.ActionRow):
            yield from (button.url for button in row.children if isinstance(button, discord.Button) and button.url)
    for gallery in parts:
        if isinstance(gallery, discord.MediaGalleryComponent):
            yield from (item.media.url for item in gallery.items if not is_shown(item.media.url))
