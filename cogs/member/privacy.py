"""``/privacy``: what is kept of a member, shown, exported as a file, or erased."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import UserError
from bot.gateway.answers import defer_privately
from bot.gateway.client import Interaction
from bot.i18n.translation import _
from bot.media.pictures.folder import RETENTION
from bot.texts.privacy import ERASE, NOTHING_TO_EXPORT, erase_view, erased_view, export_view, privacy_view
from cogs.shared.layout import draw, show_privately
from cogs.shared.localized import GuardedItem

_BEGINNING = date(2015, 1, 1)  # before Discord itself


class EraseButton(GuardedItem[discord.ui.Button[Any]], command=None, template="kinora-privacy:erase"):
    """The confirmation. It erases the words of the member who presses it."""

    def __init__(self) -> None:
        super().__init__(
            discord.ui.Button(style=discord.ButtonStyle.danger, label=_(ERASE), custom_id="kinora-privacy:erase")
        )

    async def use(self, interaction: Interaction) -> None:
        app = interaction.client.app
        erased = await app.history.erase_member(interaction.guild_id or 0, interaction.user.id)
        await app.pictures.forget(erased.pictures)
        await show_privately(interaction, erased_view(erased.jobs))


class Privacy(commands.GroupCog, group_name="privacy", group_description="What Kinora stores about you on this server"):
    """Answers each member in private, about themselves and this server only."""

    @app_commands.command(description="What is stored about you, how long, and who sees it")
    async def show(self, interaction: Interaction) -> None:
        await defer_privately(interaction)
        app = interaction.client.app
        policy = await app.guilds.policy(interaction.guild_id or 0)
        hours = int(RETENTION.total_seconds() // 3600)
        view = privacy_view(policy.prompt_days, hours, link_sent=any(map(app.sends_link, app.settings.models)))
        await show_privately(interaction, view)

    @app_commands.command(description="All of your requests on this server as a file")
    async def export(self, interaction: Interaction) -> None:
        from bot.reports.csv_export import pack, write_csv  # only who exports pays for it

        await defer_privately(interaction)
        app, guild_id, today = interaction.client.app, interaction.guild_id or 0, datetime.now(UTC).date()
        with tempfile.TemporaryDirectory(dir=app.downloads) as directory:
            path = Path(directory) / "kinora-my-requests.csv"
            jobs = app.history.export(guild_id, _BEGINNING, today, member=interaction.user.id)
            count = await write_csv(jobs, path)
            if not count:
                raise UserError(_(NOTHING_TO_EXPORT))
            file = await pack(path, interaction.filesize_limit)
            await show_privately(interaction, export_view(count), file=file)

    @app_commands.command(description="Erase your prompts, links and pictures; asks first")
    async def erase(self, interaction: Interaction) -> None:
        await interaction.response.send_message(view=draw(erase_view(), buttons=[EraseButton()]), ephemeral=True)
