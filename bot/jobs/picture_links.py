"""Keeps the links to the pictures of a job alive until its request leaves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.media.link_expiry import expiry
from bot.models import VideoRequest

# What a link must live at least when the request leaves: services that have a queue of their own fetch it late.
LASTING = timedelta(hours=1)

Renew = Callable[[Sequence[str]], Awaitable[Sequence[str] | None]]
"""Gives a living link for each, None where there is one without."""


async def with_living_links(request: VideoRequest, now: datetime, renew: Renew | None) -> VideoRequest | None:
    """Return ``request``, its links renewed where one is about to die; None where that is not possible."""
    links = [picture.link for picture in request.pictures if picture.link]
    if not any((until := expiry(link)) and until < now + LASTING for link in links):
        return request
    fresh = await renew(links) if renew else None
    if fresh is None:
        return None
    renewed = dict(zip(links, fresh, strict=True))
    pictures = (replace(picture, link=renewed.get(picture.link, "")) for picture in request.pictures)
    return replace(request, pictures=tuple(pictures))
