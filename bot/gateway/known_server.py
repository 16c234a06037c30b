"""What is known of the server that an interaction comes from."""

from __future__ import annotations

from functools import partial
from typing import Any

import discord

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


def _writes(bot: Any, channel_id: int) -> bool:
    return channel_id not in bot.silent_logs


def _sees(guild: discord.Guild, channel_id: int) -> bool:
    channel = guild.get_channel(channel_id)
    if channel is None:
        return False
    inside = channel.channels if isinstance(channel, discord.CategoryChannel) else [channel]
    return any(place.permissions_for(guild.me).view_channel for place in inside)
