"""The commands of ``/usage``: who used what on this server, at what cost and with what result."""

from __future__ import annotations

from datetime import UTC, datetime

import discord
from discord import app_commands
from discord.ext import commands

from bot.gateway.answers import defer_privately
from bot.gateway.client import Interaction
from bot.gateway.payload import role_ids
from bot.models import Outcome
from bot.texts.refused_members import refusals_view
from bot.texts.requests import label_of
from cogs.shared.layout import show_privately
from cogs.usage.export import Selection, send_file
from cogs.usage.periods import PERIOD_CHOICES, Period, chosen_span
from cogs.usage.report import ReportPage, show_report
from cogs.usage.requests import JobsPage, show_jobs

_REFUSED_NAMED = 20  # members
_OUTCOMES = [app_commands.Choice(name=label_of(outcome), value=outcome.value) for outcome in Outcome]


# A default that the server's own settings may change; a second check in code would undo what its managers chose.
@app_commands.default_permissions(manage_guild=True)
class UsageCommands(
    commands.GroupCog, group_name="usage", group_description="What this server used, for its moderators"
):
    """Answers moderators, in private and about their own server only."""

    @app_commands.command(description="How many videos, who asked, costs and results")
    @app_commands.describe(
        period="Which days, in UTC; 30 days by default",
        member="Only this member's requests",
        channel="Only this channel's or thread's requests",
    )
    @app_commands.choices(period=PERIOD_CHOICES)
    async def overview(
        self,
        interaction: Interaction,
        period: str | None = None,
        member: discord.Member | discord.User | None = None,
        channel: app_commands.AppCommandChannel | app_commands.AppCommandThread | None = None,
    ) -> None:
        await defer_privately(interaction)
        page = ReportPage(Period.of(period), member.id if member else 0, channel.id if channel else 0)
        await show_report(interaction, page)

    @app_commands.command(description="What a member used, what is left, and any block")
    @app_commands.describe(member="Which member", period="Which days, in UTC; 30 days by default")
    @app_commands.choices(period=PERIOD_CHOICES)
    async def member(
        self, interaction: Interaction, member: discord.Member | discord.User, period: str | None = None
    ) -> None:
        await defer_privately(interaction)
        roles = role_ids(member) or None
        await show_report(interaction, ReportPage(Period.of(period), member.id, personal=True), roles)

    @app_commands.command(description="All requests, newest first, with links")
    @app_commands.describe(member="Only this member's requests", outcome="Only those with this result")
    @app_commands.choices(outcome=_OUTCOMES)
    async def jobs(
        self, interaction: Interaction, member: discord.Member | discord.User | None = None, outcome: str | None = None
    ) -> None:
        await defer_privately(interaction)
        await show_jobs(interaction, JobsPage(member.id if member else 0, outcome or "any"))

    @app_commands.command(description="Who was refused most, and at which stage")
    @app_commands.describe(period="Which days, in UTC; 30 days by default")
    @app_commands.choices(period=PERIOD_CHOICES)
    async def refusals(self, interaction: Interaction, period: str | None = None) -> None:
        await defer_privately(interaction)
        since, until = Period.of(period).span(datetime.now(UTC).date())
        report = await interaction.client.app.usage.refusals(interaction.guild_id or 0, since, until, _REFUSED_NAMED)
        await show_privately(interaction, refusals_view(report))

    @app_commands.command(description="All requests as a spreadsheet file")
    @app_commands.rename(first="from", last="to")
    @app_commands.describe(
        first="First day, such as 2026-03-01 (UTC); 30 days back by default",
        last="Last day, such as 2026-03-31 (UTC); today by default",
    )
    async def export(self, interaction: Interaction, first: str | None = None, last: str | None = None) -> None:
        since, until = chosen_span(first, last, datetime.now(UTC).date())
        await defer_privately(interaction)
        await send_file(interaction, Selection(since, until))
