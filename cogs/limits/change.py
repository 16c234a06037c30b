"""Changes a server's rules for a manager, and looks up what exists in the server."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import discord

from bot.gateway.answers import tell
from bot.gateway.client import Interaction
from bot.gateway.known_server import known_server
from bot.i18n.translation import _
from bot.policy.policy import Policy
from bot.texts.limits import SAVED, change_note
from bot.texts.view import View
from cogs.shared.layout import show_privately

log = logging.getLogger(__name__)


async def change_rules(interaction: Interaction, change: Callable[[Policy], Policy]) -> tuple[Policy, Policy]:
    """Change the server's rules on behalf of the member who uses ``interaction``, tell its log, and return both."""
    bot, guild_id = interaction.client, interaction.guild_id or 0
    before, after = await bot.app.guilds.change(guild_id, interaction.user.id, datetime.now(UTC), change)
    if before != after:
        bot.tell_log(guild_id, partial(change_note, interaction.user.id, before, after, known_server(interaction)))
    return before, after


async def show_saved(
    interaction: Interaction, view: Callable[[], View], buttons: Callable[[], Sequence[discord.ui.Item[Any]]] = tuple
) -> None:
    """Show what a change that is saved has led to; whatever becomes of that, tell that it is saved."""
    try:
        await show_privately(interaction, view(), *buttons())
    except Exception:  # the change is made, and must not be told as failed
        log.exception("a change of the rules is saved, but could not be shown", extra={"guild": interaction.guild_id})
        await tell(interaction, _(SAVED))
