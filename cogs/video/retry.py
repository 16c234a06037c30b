"""The buttons under a refusal or a failure: what happened, and the ways to try again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from bot.concurrency.recent import ExpiringSet
from bot.errors import UserError
from bot.gateway.answers import tell
from bot.i18n.translation import _, set_locale
from bot.models import JobRecord, Outcome
from bot.texts.buttons import NO_DETAILS, NOT_YOURS, TRIED_AGAIN_ALREADY, button_label
from bot.texts.forms import UNKNOWN_FORM
from bot.texts.refusals import RefusalCost, refusal_details
from cogs.shared.layout import draw
from cogs.video.buttons import job_buttons, job_record
from cogs.video.draft import check_remembered, copy_of
from cogs.video.forms import OtherPictureForm, open_edit_form, open_form
from cogs.video.start import start_video

if TYPE_CHECKING:
    from bot.gateway.client import KinoraBot

DOUBLE_CLICK = 5.0  # seconds


class Retry(commands.Cog):
    """What these buttons do, each for the member who asked."""

    def __init__(self) -> None:
        self._clicked = ExpiringSet(DOUBLE_CLICK)

    async def show_details(self, interaction: discord.Interaction[Any], job_id: str) -> None:
        """Tell the member who asked, alone, which review said no and what to change."""
        record = await _own_record(interaction, job_id)
        if record.outcome is None or not record.outcome.is_refusal:
            raise UserError(_(NO_DETAILS))
        app = interaction.client.app
        policy = await app.guilds.policy(record.guild_id)
        view = refusal_details(record.outcome, record.prompt, RefusalCost(app.refusals_cost, policy.refusals_count))
        await interaction.response.send_message(
            view=draw(view, buttons=job_buttons(view.actions, record.id)), ephemeral=True
        )

    async def edit(self, interaction: discord.Interaction[Any], job_id: str) -> None:
        """Ask for another prompt; under a finished video, ask any member who wants to take up its idea."""
        record = await job_record(interaction, job_id)
        if record.user_id == interaction.user.id:
            await open_edit_form(interaction, record, button_label("edit"))
        elif record.outcome is Outcome.SUCCESS:
            await open_edit_form(interaction, record, button_label("idea"))
        else:
            raise UserError(_(NOT_YOURS))

    async def other_picture(self, interaction: discord.Interaction[Any], job_id: str) -> None:
        """Ask for another picture."""
        draft = copy_of(interaction.client.app.pictures, await _own_record(interaction, job_id))
        await open_form(interaction, OtherPictureForm(draft, button_label("again")))

    async def again(self, interaction: discord.Interaction[Any], job_id: str) -> None:
        """Start the same once more; a double click is one click, for each costs a video."""
        record = await _own_record(interaction, job_id)
        check_remembered(record)
        if job_id in self._clicked:
            raise UserError(_(TRIED_AGAIN_ALREADY))
        self._clicked.add(job_id)
        await start_video(interaction, copy_of(interaction.client.app.pictures, record))

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a form that was opened before a restart: discord.py would leave its member without a word."""
        data: Any = interaction.data
        sent = interaction.type is discord.InteractionType.modal_submit
        if sent and data["custom_id"] not in interaction.client.forms:
            set_locale(interaction.locale.value)
            await tell(interaction, _(UNKNOWN_FORM))


async def _own_record(interaction: discord.Interaction[Any], job_id: str) -> JobRecord:
    """Return the job, if it is of this server and the member's own. Raises UserError."""
    record = await job_record(interaction, job_id)
    if record.user_id != interaction.user.id:
        raise UserError(_(NOT_YOURS))
    return record


async def setup(bot: KinoraBot) -> None:
    """Add the feature to ``bot``."""
    retry = Retry()
    bot.job_actions |= {
        "details": retry.show_details,
        "edit": retry.edit,
        "picture": retry.other_picture,
        "again": retry.again,
    }
    await bot.add_cog(retry)
