"""Changes a server's rules for a manager, and looks up what exists in the server."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import discord

from bot.gateway.answers import tell
from bot.gateway.client import Interaction, KinoraBot
from bot.i18n.translation import _
from bot.policy.policy import Policy
from bot.texts.limits import SAVED, change_note
from bot.texts.policy import KnownServer
from bot.texts.view import View
from cogs.shared.layout import show_privately

log = logging.getLogger(__name__)


def known_server(interaction: Interaction) -> KnownServer:
    """Return what there is in the server that ``interaction`` comes from."""
    models = interaction.client.app.settings.models
    guild = interaction.guild
    writes = partial(_writes, interaction.client)
    if guild is None or guild.owner_id is None:  # its GUILD_CREATE has not come, or only the commands were added
        return KnownServer(models, writes=writes)
    return KnownServer(
        models,
        roles=frozenset(role.id for role in guild.roles),
        channels=frozenset(channel.id for channel in (*guild.channels, *guild.threads)),
        sees=lambda channel: _sees(guild, channel),
        writes=writes,
    )


def _writes(bot: KinoraBot, channel_id: int) -> bool:
    return channel_id not in bot.silent_logs


def _sees(guild: discord.Guild, channel_id: int) -> bool:
    channel = guild.get_channel(channel_id)
    if channel is None:
        return False
    inside = channel.channels if isinstance(channel, discord.CategoryChannel) else [channel]
    return any(place.permissions_for(guild.me).view_channel for place in inside)


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
