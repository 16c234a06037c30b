"""
Whether a member may use a command, as the server's managers have set it under Integrations.

Discord asks that of commands alone. A button or a form that does what a command does has to ask by itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.concurrency.tasks import Tasks
from bot.errors import UserError
from bot.gateway.answers import UNANSWERED
from bot.gateway.payload import permissions_channel_id, role_ids
from bot.i18n.translation import _
from bot.texts.access import CANNOT_CHECK

PATIENCE = 1.5  # seconds; an interaction has to be answered within three
_ROLE, _USER, _CHANNEL = 1, 2, 3

Overwrites = Mapping[tuple[int, int], bool]  # what is allowed or denied, by type and id

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants to use a command, and where; ``permissions`` are theirs in that channel."""

    guild_id: int
    channel_id: int
    user_id: int
    roles: frozenset[int]
    permissions: discord.Permissions

    @classmethod
    def of(cls, interaction: discord.Interaction[Any]) -> Asker:
        """Return who uses ``interaction``, as they are at this moment."""
        return cls(
            interaction.guild_id or 0,
            permissions_channel_id(interaction),
            interaction.user.id,
            role_ids(interaction.user),
            interaction.permissions,
        )


def permits(asker: Asker, needed: discord.Permissions | None, own: Overwrites, general: Overwrites) -> bool:
    """
    Whether Discord lets ``asker`` use a command with the default permissions ``needed``.

    ``own`` overwrites are the command's, ``general`` those of the application, which the command's go before. Source:
    support.discord.com, "Updates to Command Permissions".
    """
    if asker.permissions.administrator:
        return True
    channels = [(_CHANNEL, asker.channel_id), (_CHANNEL, asker.guild_id - 1)]  # the second stands for all channels
    here = [level[key] for level in (own, general) for key in channels if key in level]
    if not asker.permissions.use_application_commands or not all(here[:1]):
        return False
    allowed = _of_member(asker, own)
    if allowed is None and _of_member(asker, general) is not False:
        # An application that is allowed does not open the commands that are for moderators.
        return needed is None or (needed.value != 0 and needed <= asker.permissions)
    return bool(allowed)


def _of_member(asker: Asker, overwrites: Overwrites) -> bool | None:
    if (_USER, asker.user_id) in overwrites:
        return overwrites[_USER, asker.user_id]
    roles = asker.roles - {asker.guild_id}
    of_roles = [overwrites[_ROLE, role] for role in roles if (_ROLE, role) in overwrites]
    return any(of_roles) if of_roles else overwrites.get((_ROLE, asker.guild_id))


class CommandAccess:
    """What the servers have set for the commands of ``bot``, fetched when first asked for and kept until it changes."""

    def __init__(self, bot: commands.AutoShardedBot, tasks: Tasks) -> None:
        self._bot = bot
        self._tasks = tasks
        self._commands: dict[str, app_commands.AppCommand] = {}
        self._known: dict[int, dict[int, Overwrites]] = {}
        self._changes = 0

    async def allows(self, interaction: discord.Interaction[Any], name: str) -> bool:
        """
        Whether the member may use the command ``name`` where ``interaction`` comes from.

        Raises UserError while Discord cannot be asked: the command itself is always there, and Discord checks it.
        """
        asker = Asker.of(interaction)
        try:
            async with asyncio.timeout(PATIENCE):
                overwrites = await self._overwrites(asker.guild_id)
        except UNANSWERED as error:
            log.warning("could not fetch command permissions: %s", error, extra={"guild": asker.guild_id})
            raise UserError(_(CANNOT_CHECK)) from None
        command = self._commands[name]
        general = overwrites.get(command.application_id, {})
        return permits(asker, command.default_member_permissions, overwrites.get(command.id, {}), general)

    async def ids(self) -> dict[str, int]:
        """Return the id of each command by its name, for mentions of it; nothing while Discord cannot be asked."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._fetch_commands()
        except UNANSWERED as error:
            log.warning("could not fetch the commands: %s", error)
        return {name: command.id for name, command in self._commands.items()}

    def forget(self, guild_id: int | None = None) -> None:
        """Drop what is cached of a server, None for all of them, because it may have changed."""
        self._changes += 1
        if guild_id is None:
            self._known.clear()
        else:
            self._known.pop(guild_id, None)

    async def _overwrites(self, guild_id: int) -> dict[int, Overwrites]:
        """Return those of a server, by the id of the command or of the application."""
        if guild_id in self._known:
            return self._known[guild_id]
        # What takes too long for this interaction is there for the next.
        return await self._tasks.complete(self._fetch(guild_id), f"fetch command permissions of {guild_id}")

    async def _fetch(self, guild_id: int) -> dict[int, Overwrites]:
        changes = self._changes
        await self._fetch_commands()
        application_id = self._bot.application_id or 0
        found = await self._bot.http.get_guild_application_command_permissions(application_id, guild_id)
        overwrites: dict[int, Overwrites] = {int(owner["id"]): _overwrites_of(owner) for owner in found}
        if changes == self._changes:  # else they changed while they were fetched
            self._known[guild_id] = overwrites
        return overwrites

    async def _fetch_commands(self) -> None:
        if not self._commands:
            self._commands = {command.name: command for command in await self._bot.tree.fetch_commands()}


def _overwrites_of(owner: Mapping[str, Any]) -> Overwrites:
    return {(one["type"], int(one["id"])): one["permission"] for one in owner["permissions"]}
