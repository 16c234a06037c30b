"""Links to files on Discord: each dies after a day or so, and Discord gives another one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import discord

from bot.gateway.answers import UNANSWERED

PATIENCE = 30.0  # seconds
MOST = 50  # links that Discord renews at once

log = logging.getLogger(__name__)


async def renewed_links(client: discord.Client, links: Sequence[str]) -> tuple[str, ...] | None:
    """Return a living link to the file of each of ``links``, at most ``MOST``; None where Discord gives none."""
    route = discord.http.Route("POST", "/attachments/refresh-urls")
    try:
        async with asyncio.timeout(PATIENCE):
            answer = await client.http.request(route, json={"attachment_urls": list(links)})
        fresh = {one["original"]: one["refreshed"] for one in answer["refreshed_urls"]}
        found = tuple(fresh[link] for link in links)
    except (*UNANSWERED, LookupError, TypeError) as error:
        log.warning("Discord did not renew the links to pictures: %s", type(error).__name__)
        return None
    return found if all(isinstance(link, str) for link in found) else None
