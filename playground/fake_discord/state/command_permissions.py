"""Command permissions: who may use a command where, as administrators set it under Integrations."""

from __future__ import annotations

from typing import Any

from playground.fake_discord.state.commands import CommandDefinition
from playground.fake_discord.world.entities import Channel, Guild, Role, User

_ROLE, _USER, _CHANNEL = 1, 2, 3
_TYPES: dict[type, int] = {Role: _ROLE, User: _USER, Channel: _CHANNEL, Guild: _CHANNEL}

Target = User | Role | Channel | Guild
"""Whom or where an override is for; a server stands for all of its channels, its role @everyone for all members."""

_Overrides = dict[tuple[int, int], bool]  # by type and id


class CommandPermissions:
    """Overrides by server, for a command or the whole application. A deleted command loses them with its id."""

    def __init__(self, application_id: int) -> None:
        self._application_id = application_id
        self._overrides: dict[int, dict[int, _Overrides]] = {}

    def set(self, guild: Guild, owner: int, to: Target, *, allowed: bool | None) -> dict[str, Any]:
        """Allow or deny, or (None) leave open again; return what the API then says of the command or application."""
        overrides = self._of(guild, owner)
        key = (_TYPES[type(to)], to.id - 1 if isinstance(to, Guild) else to.id)
        if allowed is None:
            overrides.pop(key, None)
        else:
            overrides[key] = allowed
        return self._payload(guild.id, owner)

    def listing(self, guild: Guild) -> list[dict[str, Any]]:
        """All of a server's overrides as the API sends them."""
        owners = self._overrides.get(guild.id, {})
        return [self._payload(guild.id, owner) for owner, overrides in owners.items() if overrides]

    def allow_channel(self, definition: CommandDefinition, channel: Channel) -> bool:
        """Whether the command may be used there: the command's overrides before the application's.

        One for the channel goes before one for all channels; a thread follows its parent.
        """
        if channel.guild is None:
            return True
        keys = [(_CHANNEL, (channel.parent or channel).id), (_CHANNEL, channel.guild.id - 1)]
        found = [level[key] for level in self._levels(definition, channel.guild) for key in keys if key in level]
        return found[0] if found else True

    def allow_person(self, definition: CommandDefinition, person: User, channel: Channel) -> bool | None:
        """What the command's overrides say of the person; those of the application can only deny.

        None if neither decides: then the command's default_member_permissions apply.
        """
        if channel.guild is None:
            return None
        own, general = (_of_person(level, person, channel.guild) for level in self._levels(definition, channel.guild))
        return False if own is None and general is False else own

    def _levels(self, definition: CommandDefinition, guild: Guild) -> list[_Overrides]:
        return [self._of(guild, int(definition["id"])), self._of(guild, self._application_id)]

    def _of(self, guild: Guild, owner: int) -> _Overrides:
        return self._overrides.setdefault(guild.id, {}).setdefault(owner, {})

    def _payload(self, guild_id: int, owner: int) -> dict[str, Any]:
        overrides = self._overrides[guild_id][owner]
        return {
            "id": str(owner),
            "application_id": str(self._application_id),
            "guild_id": str(guild_id),
            "permissions": [
                {"id": str(target), "type": kind, "permission": allowed}
                for (kind, target), allowed in overrides.items()
            ],
        }


def _of_person(overrides: _Overrides, person: User, guild: Guild) -> bool | None:
    """What is set for the person, else for their roles (one allowed role is enough), else for @everyone."""
    if (_USER, person.id) in overrides:
        return overrides[_USER, person.id]
    keys = [(_ROLE, role.id) for role in guild.members[person.id].roles]
    of_roles = [overrides[key] for key in keys if key in overrides]
    return any(of_roles) if of_roles else overrides.get((_ROLE, guild.id))
