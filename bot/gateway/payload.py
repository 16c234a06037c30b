"""Who used an interaction, and where, as Discord's payload says: the cache may be empty, or behind."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

import aiohttp
import discord

PATIENCE = 1.5  # seconds; an interaction has to be answered within three


class Place(NamedTuple):
    """
    Where an interaction comes from: the ids of the channel, of the one that a thread belongs to, and of the category.

    ``age_restricted``: Discord marks the channel so, or the one that a thread belongs to. What cannot be known is not.
    """

    ids: frozenset[int]
    age_restricted: bool


def role_ids(member: discord.Member | discord.User) -> frozenset[int]:
    """Return the ids of a member's roles, @everyone among them; none for those who are not members."""
    if not isinstance(member, discord.Member):
        return frozenset()
    # ``roles`` leaves out those that are not in the cache: after a reconnection, for a moment, all of them.
    return frozenset((*member._roles, member.guild.id))


def permissions_channel_id(interaction: discord.Interaction[Any]) -> int:
    """Return the id of the channel that command permissions are set for: of a thread, the one it belongs to."""
    channel = interaction.channel
    return (channel.parent_id if isinstance(channel, discord.Thread) else interaction.channel_id) or 0


async def owner_id(interaction: discord.Interaction[Any]) -> int | None:
    """Return the id of the server's owner; Discord is asked for it until its GUILD_CREATE has come."""
    guild = interaction.guild
    if guild and guild.owner_id is None:
        guild = await interaction.client.fetch_guild(guild.id, with_counts=False)
    return guild.owner_id if guild else None


async def place(interaction: discord.Interaction[Any]) -> Place:
    """
    Return where ``interaction`` comes from; for a thread whose channel is not cached, Discord is asked.

    A channel that is cached is as new as the payload: the same connection brought its changes before.
    """
    channel: Any = interaction.channel
    if isinstance(channel, discord.Thread):
        channel = channel.parent or await _parent(channel)
    ids = (interaction.channel_id, permissions_channel_id(interaction), getattr(channel, "category_id", None))
    return Place(frozenset(filter(None, ids)), bool(getattr(channel, "nsfw", False)))


async def _parent(thread: discord.Thread) -> object | None:
    """Ask Discord for what the payload does not say: the channel of a thread, for its category and its mark."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await thread.guild.fetch_channel(thread.parent_id)
    except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError):
        return None
