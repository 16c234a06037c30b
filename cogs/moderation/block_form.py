"""Blocks a member: the form that asks for how long and why, and what form and command do with the answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import discord

from bot.errors import UserError
from bot.gateway.answers import defer_privately
from bot.gateway.client import Interaction
from bot.gateway.payload import owner_id
from bot.i18n.translation import _
from bot.i18n.typed_text import typed
from bot.policy.blocks import Block
from bot.texts.blocks import LENGTHS, MAX_REASON, NOT_THE_OWNER, NOT_YOURSELF, block_line, blocked_view
from bot.texts.buttons import button_label
from bot.texts.forms import BLOCK_LENGTH, BLOCK_REASON, BLOCK_REASON_HINT
from cogs.shared.layout import show_privately
from cogs.shared.localized import Form

VIDEO_DETAILS = "Video details"  # the command behind the form
_DEFAULT = "1 day"


class BlockForm(Form):
    """Asks a moderator for how long, and why, a member shall be blocked."""

    def __init__(self, user_id: int) -> None:
        super().__init__(button_label("block"), VIDEO_DETAILS)
        self._user_id = user_id
        self._length: discord.ui.Select[Any] = discord.ui.Select(
            custom_id="length",
            options=[discord.SelectOption(label=_(words), value=words, default=words == _DEFAULT) for words in LENGTHS],
        )
        self._reason: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="reason", required=False, max_length=MAX_REASON
        )
        self.add_item(discord.ui.Label(text=_(BLOCK_LENGTH), component=self._length))
        hint = _(BLOCK_REASON_HINT)
        self.add_item(discord.ui.Label(text=_(BLOCK_REASON), description=hint, component=self._reason))

    async def on_submit(self, interaction: Interaction) -> None:  # type: ignore[override]
        await defer_privately(interaction)
        await block_member(interaction, self._user_id, self._length.values[0], self._reason.value)


async def check_blockable(interaction: Interaction, user_id: int) -> None:
    """Raise UserError if the moderator who uses ``interaction`` cannot block that member."""
    if user_id == interaction.user.id:
        raise UserError(_(NOT_YOURSELF))
    if user_id == await owner_id(interaction):
        raise UserError(_(NOT_THE_OWNER))


async def block_member(interaction: Interaction, user_id: int, length: str, reason: str) -> None:
    """
    Block the member of ``interaction``'s server, which was deferred in private, for a ``length`` of ``LENGTHS``, and
    answer. Raises UserError.
    """
    await check_blockable(interaction, user_id)
    now = datetime.now(UTC)
    guild_id = interaction.guild_id or 0
    block = Block(guild_id, user_id, now + LENGTHS[length], typed(reason), interaction.user.id, now)
    await interaction.client.app.blocks.put(block)
    interaction.client.tell_log(guild_id, lambda: block_line(block))
    await show_privately(interaction, blocked_view(block))
