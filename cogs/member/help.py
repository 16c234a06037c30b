"""``/help``: what Kinora does here, the limits of the member who asks, and what is refused, in one private reply."""

from __future__ import annotations

from datetime import UTC, datetime

import discord
from discord import app_commands
from discord.ext import commands

from bot.gateway.client import KinoraBot
from bot.policy.limit_usage import LimitUsage
from bot.texts.help import help_view
from bot.texts.quota import hindrance_words
from cogs.limits.change import known_server
from cogs.shared.layout import show_privately
from cogs.video.start import allowed_models, role_ids


class Help(commands.Cog):
    """Answers each member in private."""

    def __init__(self, bot: KinoraBot) -> None:
        self._app = bot.app

    @app_commands.command(description="What Kinora does here, your limits, the models, and what is refused")
    async def help(self, interaction: discord.Interaction[KinoraBot]) -> None:
        """Tell it, with the rules that are in force."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id, now = interaction.guild_id or 0, interaction.user.id, datetime.now(UTC)
        guild, roles = await self._app.guilds.get(guild_id), role_ids(interaction)
        policy, counters = guild.policy, self._app.counters
        missing = policy.roles if policy.roles.isdisjoint(roles) else frozenset()
        block = await self._app.blocks.get(guild_id, user_id, now)
        view = help_view(
            policy,
            known_server(interaction),
            LimitUsage(policy.allowance(roles), await counters.used(guild_id, user_id, now), now),
            LimitUsage(policy.server, await counters.used(guild_id, None, now), now),
            allowed_models(self._app.settings.video_models, policy.models),
            hindrance_words(block, missing, offered=guild.allowed),
        )
        await show_privately(interaction, view)
