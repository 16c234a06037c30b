"""``/quota``: what a member used here, what is left for them, and videos that wait for them."""

from __future__ import annotations

from datetime import UTC, datetime

import discord
from discord import app_commands
from discord.ext import commands

from bot.gateway.client import KinoraBot
from bot.policy.limit_usage import LimitUsage
from bot.texts.quota import hindrance_words, quota_view
from cogs.shared.layout import show_privately
from cogs.video.start import role_ids
from cogs.video.undelivered import hand_over


class Quota(commands.Cog):
    """Answers each member in private, about themselves."""

    def __init__(self, bot: KinoraBot) -> None:
        self._app = bot.app

    @app_commands.command(description="What you used here, what is left and when it begins anew; your latest videos")
    async def quota(self, interaction: discord.Interaction[KinoraBot]) -> None:
        """Show it, and hand over what could not be shown before."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id, now = interaction.guild_id or 0, interaction.user.id, datetime.now(UTC)
        guild, roles = await self._app.guilds.get(guild_id), role_ids(interaction)
        policy = guild.policy
        missing = policy.roles if policy.roles.isdisjoint(roles) else frozenset()
        block = await self._app.blocks.get(guild_id, user_id, now)
        page = await self._app.history.page(guild_id, member=user_id)
        view = quota_view(
            LimitUsage(policy.allowance(roles), await self._app.counters.used(guild_id, user_id, now), now),
            LimitUsage(policy.server, await self._app.counters.used(guild_id, None, now), now),
            hindrance_words(block, missing, offered=guild.allowed),
            page.jobs,
            refusals_count=policy.refusals_count,
        )
        await show_privately(interaction, view)
        await hand_over(interaction, await self._app.job_store.kept(guild_id, user_id))
