"""``/usage``: what this server used, for its moderators."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.texts import usage_view
from cogs._draw import draw

if TYPE_CHECKING:
    from bot.client import KinoraBot

_PERIODS = (("Today (UTC)", 1), ("7 days", 7), ("30 days", 30))


@app_commands.guild_only()
@app_commands.allowed_installs(guilds=True, users=False)
# A default that the server's own settings may change; a second check in code would undo what its managers chose.
@app_commands.default_permissions(manage_guild=True)
class Usage(commands.GroupCog, group_name="usage", group_description="What this server used, for its moderators"):
    """Answers moderators, in private and about their own server only."""

    def __init__(self, bot: KinoraBot) -> None:
        self._usage = bot.app.usage

    @app_commands.command(description="Totals of today, 7 and 30 days, by outcome and member")
    async def overview(self, interaction: discord.Interaction[KinoraBot]) -> None:
        """Show the totals."""
        await interaction.response.defer(ephemeral=True)
        today = datetime.now(UTC).date()
        guild_id = interaction.guild_id or 0
        totals = [
            (name, await self._usage.totals(guild_id, today - timedelta(days=days - 1))) for name, days in _PERIODS
        ]
        name = interaction.guild.name if interaction.guild else "this server"
        await interaction.edit_original_response(
            view=draw(usage_view(name, totals)), allowed_mentions=discord.AllowedMentions.none()
        )


async def setup(bot: KinoraBot) -> None:
    """Add the feature to ``bot``."""
    await bot.add_cog(Usage(bot))
