"""``/help``: what Kinora does here, the limits of the member who asks, and what is refused, in one private reply."""

from __future__ import annotations

from discord import app_commands
from discord.ext import commands

from bot.gateway.answers import defer_privately
from bot.gateway.client import Interaction
from bot.gateway.known_server import known_server
from bot.texts.help import help_view
from cogs.member.quota import limits_and_hindrances
from cogs.shared.layout import show_privately
from cogs.video.start import allowed_models


class Help(commands.Cog):
    """Answers each member in private."""

    @app_commands.command(description="How to make videos, your limits, models, and what is refused")
    async def help(self, interaction: Interaction) -> None:
        await defer_privately(interaction)
        app, here = interaction.client.app, known_server(interaction)
        rules = await app.guilds.get(interaction.guild_id or 0)
        own, server, hindrances = await limits_and_hindrances(interaction, rules)
        models = await allowed_models(interaction)
        ids = await interaction.client.access.ids()
        await show_privately(interaction, help_view(rules.policy, here, own, server, models, hindrances, ids))
