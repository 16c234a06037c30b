"""Whether a member may go on with a button, a select or a form: each belongs to a command."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.errors import UserError
from bot.gateway.client import Interaction
from bot.i18n.translation import _
from bot.texts.access import NO_LONGER, NO_VIDEOS, TOO_OLD

VIDEO = "video"  # stands for making videos: who may not use it makes none, by any button, form or menu
REPLY_LIFE = timedelta(minutes=15)  # of what stands in the private replies of moderators


async def check_access(interaction: Interaction, command: str | None) -> None:
    """
    Raise UserError unless the member may use ``command``, None for what is everybody's, here and at this moment.

    Under the private reply of any other command than ``VIDEO`` nothing works for longer than ``REPLY_LIFE``.
    """
    if command is None:
        return
    message = interaction.message
    if command != VIDEO and message and datetime.now(UTC) - message.created_at > REPLY_LIFE:
        raise UserError(_(TOO_OLD))
    if not await interaction.client.access.allows(interaction, command):
        raise UserError(_(NO_VIDEOS if command == VIDEO else NO_LONGER))
