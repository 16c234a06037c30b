"""Who used an interaction, and where, as Discord's payload says: the cache may be empty, or behind."""

from __future__ import annotations

from typing import Any

import aiohttp
import discord


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


async def channel_ids(interaction: discord.Interaction[Any]) -> frozenset[int]:
    """Return the ids of the channel, of the one that a thread belongs to, and of the category."""
    channel: Any = interaction.channel
    if isinstance(channel, discord.Thread):
        channel = channel.parent or await _parent(channel)
    ids = (interaction.channel_id, permissions_channel_id(interaction), getattr(channel, "category_id", None))
    return frozenset(filter(None, ids))


async def _parent(thread: discord.Thread) -> object | None:
    """Ask Discord for what the payload does not say: the channel of a thread, for its category."""
    try:
        return await thread.guild.fetch_channel(thread.parent_id)
    except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError):
        return None
