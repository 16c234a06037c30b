"""Support for REST and gateway proxies in front of Discord."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import aiohttp
import discord
import yarl
from discord.webhook.async_ import async_context

from bot.gateway.callbacks import CallbackAdapter
from bot.settings import Settings

TRIES = 5  # as many as discord.py makes where Discord itself asks to wait
LONGEST_WAIT = 60.0  # seconds; a longer wait is not a busy proxy but a ban
_DEFAULT_WAIT = 1.0  # seconds, where nothing is said: what nirn-proxy says (lib/queue_manager.go, Generate429)
Request = Callable[..., Coroutine[Any, Any, Any]]

_API = re.compile(r"/api(/v\d+)?$")

log = logging.getLogger(__name__)


def configure_endpoints(settings: Settings) -> None:
    """Point discord.py at the operator's REST or gateway proxy. It keeps these addresses in its classes."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    if settings.discord_api_url:
        # With or without a path, and whichever version stands in it: v10 is what discord.py speaks.
        discord.http.Route.BASE = f"{_API.sub('', settings.discord_api_url)}/api/v10"
    if settings.discord_gateway_url:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url)


def retry_proxy_429(client: discord.Client) -> None:
    """
    Retry every request of ``client``, in this task and those it starts, that a proxy in front of Discord asks to.

    discord.py takes a 429 without a ``Via`` header for a ban by Cloudflare and raises at once (http.py and
    webhook/async_.py, both in ``request``); busy REST proxies send just that. All requests pass one of these two
    methods: the bot's by its HTTP client, those by a token (acknowledgements, edits, follow-ups) by the adapter of the
    context. A ``TraceConfig`` or a middleware would not do: they cannot rewind the files of an upload.
    """
    adapter = CallbackAdapter(lambda: client.application_id)
    client.http.request = _retrying(client.http.request)  # type: ignore[method-assign]
    adapter.request = _retrying(adapter.request)  # type: ignore[method-assign]
    async_context.set(adapter)


def _retrying(request: Request) -> Request:
    async def retrying(*args: Any, files: Sequence[discord.File] | None = None, **options: Any) -> Any:
        for _ in range(TRIES - 1):
            try:
                return await request(*args, files=files, **options)
            except discord.HTTPException as error:
                wait = await _retry_after(error.response)
                if wait is None:
                    raise
            log.info("a proxy in front of Discord is busy (HTTP 429), retrying in %.1f s", wait)
            await asyncio.sleep(wait)
            for file in files or ():
                file.reset()
        return await request(*args, files=files, **options)

    return retrying


async def _retry_after(response: Any) -> float | None:
    """Return the seconds that a busy proxy asks for, None if the answer is not of that kind."""
    # What has a Via comes from Discord, and discord.py has waited for it already.
    if response.status != 429 or response.headers.get("Via"):
        return None
    try:
        said = (await response.json(content_type=None))["retry_after"]
    except (aiohttp.ClientError, ValueError, KeyError, TypeError):  # a page for people, or nothing
        said = response.headers.get("Retry-After")  # in whole seconds
    wait = _seconds(said)
    return wait if wait <= LONGEST_WAIT else None


def _seconds(value: Any) -> float:
    try:
        return max(0.0, float(value))
    except (TypeError, ValueError):
        return _DEFAULT_WAIT  # nothing, or a date
