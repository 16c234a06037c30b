"""The report on a server, or on one of its members, with its chart, and the select that changes its period."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Self

import discord

from bot.gateway.client import Interaction
from bot.gateway.known_server import known_places
from bot.gateway.payload import role_ids
from bot.i18n.translation import _
from bot.installation.extras import Extra
from bot.policy.limit_usage import LimitUsage
from bot.policy.policy import Policy
from bot.reports.usage_report import UsageReport
from bot.texts.policy import KnownServer
from bot.texts.usage import CHART_DESCRIBED, FEW, PERIODS, member_view, overview_view
from bot.texts.view import View
from cogs.shared.layout import draw
from cogs.shared.localized import GuardedItem
from cogs.usage.export import CsvButton, Selection
from cogs.usage.periods import Period

_CHART = "usage.png"


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Which report: a server's, or where ``personal`` a member's own. 0 stands for all members and channels."""

    period: Period
    member: int = 0
    channel: int = 0
    personal: bool = False


async def show_report(interaction: Interaction, page: ReportPage, roles: Iterable[int] | None = None) -> None:
    """
    Show the report in the private message that ``interaction``, deferred before, may edit.

    ``roles`` are those of the member a personal report is about, None where Discord did not tell them.
    """
    now = datetime.now(UTC)
    since, until = page.period.span(now.date())
    report = await interaction.client.app.usage.report(
        interaction.guild_id or 0, since, until, member=page.member or None, channel=page.channel or None
    )
    here = await known_places(
        interaction, [page.channel] if page.channel else [place for place, _ in report.channels[:FEW]]
    )
    view = await (
        _personal(interaction, page, report, here, roles, now)
        if page.personal
        else _overview(interaction, page, report, here, now)
    )
    files = []
    if Extra.CHARTS.is_installed:
        files = [discord.File(BytesIO(await asyncio.to_thread(_chart, report)), _CHART)]
    charts = [discord.MediaGalleryItem(f"attachment://{_CHART}", description=_(CHART_DESCRIBED))] if files else []
    buttons = [CsvButton(Selection(since, until, page.member, page.channel))] if report.total.jobs else []
    await interaction.edit_original_response(
        view=draw(view, media=charts, selects=[PeriodSelect(page)], buttons=buttons),
        attachments=files,
        allowed_mentions=discord.AllowedMentions.none(),
    )


def _chart(report: UsageReport) -> bytes:
    from bot.reports.chart import draw_usage  # in the thread that draws, which loads matplotlib too
    from bot.texts.chart import chart_words

    return draw_usage(report, chart_words)


async def _overview(
    interaction: Interaction, page: ReportPage, report: UsageReport, here: KnownServer, now: datetime
) -> View:
    app, guild_id = interaction.client.app, interaction.guild_id or 0
    limits = None
    if not page.member and not page.channel:
        policy = await app.guilds.policy(guild_id)
        limits = LimitUsage(policy.server, await app.counters.used(guild_id, None, now), now)
    return overview_view(
        report,
        interaction.guild.name if interaction.guild else "",
        here,
        member=page.member or None,
        channel=page.channel or None,
        limits=limits,
        charted=Extra.CHARTS.is_installed,
    )


async def _personal(
    interaction: Interaction,
    page: ReportPage,
    report: UsageReport,
    here: KnownServer,
    roles: Iterable[int] | None,
    now: datetime,
) -> View:
    app, guild_id = interaction.client.app, interaction.guild_id or 0
    policy = await app.guilds.policy(guild_id)
    if roles is None:
        roles = await _roles(interaction, policy, page.member)
    held = frozenset(roles or ())
    return member_view(
        report,
        page.member,
        here,
        LimitUsage(policy.allowance(held), await app.counters.used(guild_id, page.member, now), now),
        block=await app.blocks.get(guild_id, page.member, now),
        without_role=roles is not None and bool(policy.roles) and not policy.roles & held,
        charted=Extra.CHARTS.is_installed,
    )


async def _roles(interaction: Interaction, policy: Policy, member: int) -> Iterable[int] | None:
    """Ask Discord for a member's roles, if any rule looks at them; None for people who are not there any more."""
    if not interaction.guild or not (policy.by_role or policy.roles):
        return None
    try:
        return role_ids(await interaction.guild.fetch_member(member))
    except discord.NotFound:
        return None


class PeriodSelect(
    GuardedItem[discord.ui.Select[Any]],
    command="usage",
    template=r"usage:(?P<kind>overview|member):(?P<member>\d+):(?P<channel>\d+)",
):
    """Changes the period of a report. All else it needs stands in its custom_id."""

    def __init__(self, page: ReportPage) -> None:
        self._page = page
        options = [
            discord.SelectOption(label=_(PERIODS[period]), value=period, default=period is page.period)
            for period in Period
        ]
        kind = "member" if page.personal else "overview"
        super().__init__(discord.ui.Select(custom_id=f"usage:{kind}:{page.member}:{page.channel}", options=options))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        personal = match["kind"] == "member"
        return cls(ReportPage(Period.DAYS_30, int(match["member"]), int(match["channel"]), personal))

    async def use(self, interaction: Interaction) -> None:
        await show_report(interaction, replace(self._page, period=Period.of(self.item.values[0])))
