"""Command permissions: who may use a command where, as administrators set it under Integrations."""

from __future__ import annotations

from playground.fake_discord.state.commands import CommandDefinition
from playground.fake_discord.world.entities import Channel, Guild, Role, User


class CommandPermissions:
    """Overrides by server and command. A command that is deleted or renamed loses them, as it gets a new id."""

    def __init__(self) -> None:
        self._overrides: dict[tuple[int, str], dict[int, bool]] = {}

    def set(self, guild: Guild, definition: CommandDefinition, to: User | Role | Channel, *, allowed: bool) -> None:
        """Allow or deny one person, role or channel; the role with the server's own id is @everyone."""
        self._overrides.setdefault((guild.id, definition["id"]), {})[to.id] = allowed

    def allow_channel(self, definition: CommandDefinition, channel: Channel) -> bool:
        """Whether the command may be used there; a thread follows its parent."""
        return self._of(definition, channel).get((channel.parent or channel).id, True)

    def allow_person(self, definition: CommandDefinition, person: User, channel: Channel) -> bool | None:
        """What is set for the person, else for their roles (one allowed role is enough), else for @everyone.

        None if none is set: then the command's default_member_permissions apply.
        """
        overrides, guild = self._of(definition, channel), channel.guild
        if guild is None or person.id in overrides:
            return overrides.get(person.id)
        of_roles = [overrides[role.id] for role in guild.members[person.id].roles if role.id in overrides]
        return any(of_roles) if of_roles else overrides.get(guild.id)

    def _of(self, definition: CommandDefinition, channel: Channel) -> dict[int, bool]:
        return self._overrides.get((channel.guild.id, definition["id"]), {}) if channel.guild else {}
