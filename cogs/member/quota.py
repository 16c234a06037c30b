"""``/quota``: what a member used here, what is left for them, and videos that wait for them."""

from __future__ import annotations

from datetime import UTC, datetime

from discord import app_commands
from discord.ext import commands

from bot.gateway.answers import defer_privately
from bot.gateway.client import Interaction
from bot.gateway.known_server import known_server
from bot.gateway.payload import role_ids
from bot.policy.limit_usage import LimitUsage
from bot.storage.guilds import GuildRules
from bot.texts.quota import hindrance_words, quota_view
from cogs.shared.layout import show_privately
from cogs.video.undelivered import hand_over


class Quota(commands.Cog):
    """Answers each member in private, about themselves."""

    @app_commands.command(description="What you used, what is left and when it resets; your videos")
    async def quota(self, interaction: Interaction) -> None:
        """Show it, and hand over what could not be shown before."""
        await defer_privately(interaction)
        app, guild_id, user_id = interaction.client.app, interaction.guild_id or 0, interaction.user.id
        rules = await app.guilds.get(guild_id)
        own, server, hindrances = await limits_and_hindrances(interaction, rules)
        page = await app.history.page(guild_id, member=user_id)
        view = quota_view(own, server, hindrances, page.jobs, refusals_count=rules.policy.refusals_count)
        await show_privately(interaction, view)
        await hand_over(interaction, await app.job_store.kept(guild_id, user_id))


async def limits_and_hindrances(
    interaction: Interaction, rules: GuildRules
) -> tuple[LimitUsage, LimitUsage, list[str]]:
    """Return what the asking member may use and has used, the same of the server, and why they cannot ask at all."""
    app, guild_id, user_id = interaction.client.app, interaction.guild_id or 0, interaction.user.id
    policy, roles, now = rules.policy, role_ids(interaction.user), datetime.now(UTC)
    missing = policy.roles if policy.roles.isdisjoint(roles) else frozenset()
    block = await app.blocks.get(guild_id, user_id, now)
    own = LimitUsage(policy.allowance(roles), await app.counters.used(guild_id, user_id, now), now)
    server = LimitUsage(policy.server, await app.counters.used(guild_id, None, now), now)
    here = known_server(interaction)
    hindrances = hindrance_words(block, missing, offered=rules.allowed, pause=rules.pause_at(now), here=here)
    return own, server, hindrances
