"""The channel that managers choose for the log: what Discord offers, and what is missing in the one that was chosen."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.texts.limit_problems import LOG_PERMISSIONS


class LogChannelOption(app_commands.Transformer):
    """A text channel as the payload has it: none has to be in the cache, which may be empty."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return [discord.ChannelType.text, discord.ChannelType.news]

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> Any:
        return value


async def missing_in(channel: app_commands.AppCommandChannel) -> list[str]:
    """
    Return which of ``LOG_PERMISSIONS`` Kinora lacks in ``channel``.

    Discord is asked where the server is not known, and then only tells whether it can be seen.
    """
    known = channel.resolve()
    if known is None:
        try:
            await channel.fetch()
        except (discord.NotFound, discord.Forbidden):
            return list(LOG_PERMISSIONS)
        return []
    has = known.permissions_for(known.guild.me)
    return [name for name in LOG_PERMISSIONS if not getattr(has, name)]
