"""Exports the requests of a server as a file for spreadsheets, from the command or the button of a report."""

from __future__ import annotations

import re
import tempfile
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

import discord

from bot.app import App
from bot.errors import UserError
from bot.gateway.answers import defer_privately
from bot.gateway.client import Interaction
from bot.i18n.translation import _
from bot.models import JobRecord
from bot.texts.requests import TOO_LARGE, csv_view, no_csv
from bot.texts.usage import CSV
from cogs.shared.layout import show_privately
from cogs.shared.localized import GuardedItem
from cogs.video.reply_message import TOO_LARGE_CODE


@dataclass(frozen=True, slots=True)
class Selection:
    """Which requests: those from ``since`` to ``until``, both included; 0 stands for any member and any channel."""

    since: date
    until: date
    member: int = 0
    channel: int = 0


async def send_file(interaction: Interaction, selection: Selection) -> None:
    """Answer ``interaction``, which was deferred in private, with the file. Raises UserError if it is too large."""
    from bot.reports.csv_export import pack, write_csv  # only who exports pays for it

    app = interaction.client.app
    with tempfile.TemporaryDirectory(dir=app.downloads) as directory:
        path = Path(directory) / f"kinora-{selection.since}-{selection.until}.csv"
        async with aclosing(_chunks(app, interaction.guild_id or 0, selection)) as chunks:
            count = await write_csv(chunks, path)
        if not count:
            raise UserError(no_csv(selection.since, selection.until))
        file = await pack(path, interaction.filesize_limit)
        view = csv_view(count, selection.since, selection.until, packed=file != path)
        try:
            await show_privately(interaction, view, file=file)
        except discord.HTTPException as error:
            if error.status == 413 or error.code == TOO_LARGE_CODE:
                raise UserError(_(TOO_LARGE)) from None
            raise


async def _chunks(app: App, guild_id: int, selection: Selection) -> AsyncGenerator[list[JobRecord], None]:
    jobs = app.history.export(guild_id, selection.since, selection.until, member=selection.member or None)
    async for chunk in jobs:
        yield [job for job in chunk if selection.channel in (0, job.channel_id)]


class CsvButton(
    GuardedItem[discord.ui.Button[Any]],
    command="usage",
    template=r"usage:csv:(?P<since>[\d-]{10}):(?P<until>[\d-]{10}):(?P<member>\d+):(?P<channel>\d+)",
):
    """Asks for what the report shows, as a file. All it needs stands in its custom_id."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        custom_id = f"usage:csv:{selection.since}:{selection.until}:{selection.member}:{selection.channel}"
        super().__init__(discord.ui.Button(label=_(CSV), emoji="📄", custom_id=custom_id))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        since, until = (date.fromisoformat(match[name]) for name in ("since", "until"))
        return cls(Selection(since, until, int(match["member"]), int(match["channel"])))

    async def acknowledge(self, interaction: Interaction) -> None:
        """Promise a private message of its own: the report stays as it is."""
        await defer_privately(interaction)

    async def use(self, interaction: Interaction) -> None:
        await send_file(interaction, self._selection)
