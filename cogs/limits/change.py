"""Changes a server's rules for a manager, and looks up what exists in the server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import discord

from bot.gateway.client import Interaction
from bot.policy.policy import Policy
from bot.texts.limits import change_note
from bot.texts.policy import KnownServer


def known_server(interaction: Interaction) -> KnownServer:
    """Return what there is in the server that ``interaction`` comes from."""
    models = interaction.client.app.settings.models
    guild = interaction.guild
    if guild is None or guild.owner_id is None:  # its GUILD_CREATE has not come yet
        return KnownServer(models)
    return KnownServer(
        models,
        roles=frozenset(role.id for role in guild.roles),
        channels=frozenset(channel.id for channel in (*guild.channels, *guild.threads)),
        sees=lambda channel: _sees(guild, channel),
    )


def _sees(guild: discord.Guild, channel_id: int) -> bool:
    channel = guild.get_channel(channel_id)
    if channel is None:
        return False
    inside = channel.channels if isinstance(channel, discord.CategoryChannel) else [channel]
    return any(place.permissions_for(guild.me).view_channel for place in inside)


async def change_rules(interaction: Interaction, change: Callable[[Policy], Policy]) -> tuple[Policy, Policy]:
    """Change the server's rules on behalf of the member who uses ``interaction``, tell its log, and return both."""
    bot, guild_id = interaction.client, interaction.guild_id or 0
    before, after = await bot.app.guilds.change(guild_id, interaction.user.id, datetime.now(UTC), change)
    note = partial(change_note, interaction.user.id, before, after, known_server(interaction))
    if note():
        bot.tell_log(guild_id, note)
    return before, after
