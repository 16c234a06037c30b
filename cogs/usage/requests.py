"""Lists the single requests of a server, a few at a time, with buttons that turn the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

import discord

from bot.gateway.client import Interaction
from bot.i18n.translation import _
from bot.models import Outcome
from bot.texts.requests import NEWER, OLDER, jobs_view
from cogs.shared.layout import show_privately
from cogs.shared.localized import GuardedItem

PAGE = 5  # requests


@dataclass(frozen=True, slots=True)
class JobsPage:
    """Which page: the newest one, or the one on the ``side`` of a job. 0 and "any" stand for every member and end."""

    member: int = 0
    outcome: str = "any"
    side: Literal["older", "newer"] = "older"
    job_id: str = ""


async def show_jobs(interaction: Interaction, page: JobsPage) -> None:
    """Show the page in the private message that ``interaction``, deferred before, may edit."""
    app = interaction.client.app
    guild_id = interaction.guild_id or 0
    edge = await app.job_store.get(page.job_id, guild_id) if page.job_id else None
    cursor = {f"{page.side}_than": (edge.created_at, edge.id)} if edge else {}
    outcome = next((outcome for outcome in Outcome if outcome.value == page.outcome), None)
    member = page.member or None
    found = await app.history.page(guild_id, member=member, outcome=outcome, count=PAGE, **cursor)
    buttons = []
    if found.jobs:
        first, last = found.jobs[0].id, found.jobs[-1].id
        buttons = [
            TurnButton(replace(page, side="newer", job_id=first), enabled=found.has_newer),
            TurnButton(replace(page, side="older", job_id=last), enabled=found.has_older),
        ]
    view = jobs_view(found, app.settings.models, member=member, outcome=outcome)
    await show_privately(interaction, view, *buttons)


class TurnButton(
    GuardedItem[discord.ui.Button[Any]],
    command="usage",
    template=r"usage:(?P<side>older|newer):(?P<job>[0-9a-f]{32}):(?P<member>\d+):(?P<outcome>[a-z_]+)",
):
    """Turns to the page on one side of a job. All it needs stands in its custom_id."""

    def __init__(self, page: JobsPage, *, enabled: bool = True) -> None:
        self._page = page
        label = NEWER if page.side == "newer" else OLDER
        custom_id = f"usage:{page.side}:{page.job_id}:{page.member}:{page.outcome}"
        super().__init__(discord.ui.Button(label=_(label), custom_id=custom_id, disabled=not enabled))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        side: Literal["older", "newer"] = "newer" if match["side"] == "newer" else "older"
        return cls(JobsPage(int(match["member"]), match["outcome"], side, match["job"]))

    async def use(self, interaction: Interaction) -> None:
        await show_jobs(interaction, self._page)
