"""What is known of the server that an interaction comes from."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import compress
from typing import Any

import aiohttp
import discord

from bot.gateway.payload import PATIENCE
from bot.texts.policy import KnownServer


def known_server(interaction: discord.Interaction[Any]) -> KnownServer:
    """Return what there is in the server that ``interaction`` comes from."""
    models = interaction.client.app.settings.models
    guild = interaction.guild
    writes = partial(_writes, interaction.client)
    if guild is None or guild.owner_id is None:  # its GUILD_CREATE has not come, or only the commands were added
        return KnownServer(models, writes=writes)
    return KnownServer(
        models,
        roles=frozenset(role.id for role in guild.roles),
        channels=frozenset(channel.id for channel in (*guild.channels, *guild.threads)),
        sees=lambda channel: _sees(guild, channel),
        writes=writes,
    )


async def known_places(interaction: discord.Interaction[Any], channels: Iterable[int]) -> KnownServer:
    """
    Return ``known_server`` with those of ``channels`` that are threads too.

    Discord is asked for what is not cached: a thread that is archived is in no cache, and yet not gone.
    """
    here, guild = known_server(interaction), interaction.guild
    if guild is None or here.channels is None:
        return here
    unsure = [channel for channel in channels if not here.has_channel(channel)]
    there = await asyncio.gather(*(_is_there(guild, channel) for channel in unsure))
    return replace(here, channels=here.channels.union(compress(unsure, there)))


async def _is_there(guild: discord.Guild, channel_id: int) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            await guild.fetch_channel(channel_id)
    except discord.NotFound:
        return False
    except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError):
        pass  # what Discord does not tell is not taken for gone
    return True


def _writes(bot: Any, channel_id: int) -> bool:
    return channel_id not in bot.silent_logs


def _sees(guild: discord.Guild, channel_id: int) -> bool:
    channel = guild.get_channel(channel_id)
    if channel is None:
        return False
    inside = channel.channels if isinstance(channel, discord.CategoryChannel) else [channel]
    return any(place.permissions_for(guild.me).view_channel for place in inside)
