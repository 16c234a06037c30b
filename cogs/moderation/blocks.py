"""``/blocks``: moderators list, add and lift the blocks of members who may not ask for videos."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import UserError
from bot.gateway.answers import defer_privately
from bot.gateway.client import Interaction
from bot.i18n.translation import _
from bot.texts.blocks import LENGTHS, LIFT_BLOCK, MAX_REASON, NOT_A_MEMBER, blocks_view, lift_line, lifted_words
from cogs.moderation.block_form import block_member
from cogs.shared.layout import show_privately
from cogs.shared.localized import GuardedItem

_LENGTHS = [app_commands.Choice(name=words, value=words) for words in LENGTHS]


class LiftSelect(GuardedItem[discord.ui.UserSelect[Any]], command="blocks", template="kinora-blocks:lift"):
    """Lifts the block of the member who is chosen, under whichever list it stands."""

    def __init__(self) -> None:
        super().__init__(discord.ui.UserSelect(custom_id="kinora-blocks:lift", placeholder=_(LIFT_BLOCK)))

    async def use(self, interaction: Interaction) -> None:
        note = await _lift(interaction, self.item.values[0].id)
        await _show(interaction, note)


# The same default as for **Video details**: who can block there has to be able to see and lift it here.
@app_commands.default_permissions(manage_messages=True)
class Blocks(commands.GroupCog, group_name="blocks", group_description="Members who can't make videos here"):
    """Answers moderators, in private and about their own server only."""

    @app_commands.command(name="list", description="Who is blocked or paused, until when, why and by whom")
    async def show(self, interaction: Interaction) -> None:
        await defer_privately(interaction)
        await _show(interaction)

    @app_commands.command(description="Stop a member from making videos here for a while")
    @app_commands.describe(member="Which member", duration="For how long?", reason="Why; the member sees it")
    @app_commands.choices(duration=_LENGTHS)
    async def add(
        self,
        interaction: Interaction,
        member: discord.User,
        duration: str,
        reason: app_commands.Range[str, 1, MAX_REASON] | None = None,
    ) -> None:
        if member.bot:
            raise UserError(_(NOT_A_MEMBER))
        await defer_privately(interaction)
        await block_member(interaction, member.id, duration, reason or "")

    @app_commands.command(description="Let a member make videos again")
    @app_commands.describe(member="Which member")
    async def lift(self, interaction: Interaction, member: discord.User) -> None:
        await defer_privately(interaction)
        await interaction.edit_original_response(content=await _lift(interaction, member.id))


async def _lift(interaction: Interaction, user_id: int) -> str:
    """End a member's block, and return what there is to say about it."""
    guild_id = interaction.guild_id or 0
    found = await interaction.client.app.blocks.lift(guild_id, user_id, datetime.now(UTC))
    if found:
        interaction.client.tell_log(guild_id, lambda: lift_line(interaction.user.id, user_id))
    return lifted_words(user_id, found=found)


async def _show(interaction: Interaction, note: str = "") -> None:
    """Show the list in the private message that ``interaction``, acknowledged before, may edit."""
    blocks = await interaction.client.app.blocks.active(interaction.guild_id or 0, datetime.now(UTC))
    await show_privately(interaction, blocks_view(blocks, note), *([LiftSelect()] if blocks else []))
