"""A command that a person uses, checked against its definition as Discord's client does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from playground.fake_discord.people.resolved import Resolved
from playground.fake_discord.state.command_permissions import CommandPermissions
from playground.fake_discord.state.commands import CommandDefinition
from playground.fake_discord.world.entities import Channel, Role, User
from playground.fake_discord.world.errors import CannotDo, NotAllowed
from playground.fake_discord.world.permissions import Permission
from playground.fake_discord.world.uploads import Upload

_GUILD_CONTEXT, _BOT_DM_CONTEXT = 0, 1


class OptionType(IntEnum):
    """Kinds of option (docs: interactions/application-commands)."""

    SUBCOMMAND = 1
    GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


_SUBCOMMANDS = {OptionType.SUBCOMMAND, OptionType.GROUP}
_PYTHON_TYPES: dict[int, tuple[type, ...]] = {
    OptionType.STRING: (str,),
    OptionType.INTEGER: (int,),
    OptionType.BOOLEAN: (bool,),
    OptionType.USER: (User,),
    OptionType.CHANNEL: (Channel,),
    OptionType.ROLE: (Role,),
    OptionType.MENTIONABLE: (User, Role),
    OptionType.NUMBER: (int, float),
    OptionType.ATTACHMENT: (Upload,),
}

_SEE = Permission.VIEW_CHANNEL
_LARGEST_WHOLE = 2**53

Attach = Callable[[Upload], dict[str, Any]]
"""Puts a file on the CDN and returns its attachment payload."""


def check_offered(
    definition: CommandDefinition, person: User, channel: Channel, permissions: CommandPermissions
) -> None:
    """Raise NotAllowed if Discord would not let `person` use the command in `channel`."""
    name = definition["name"]
    context = _BOT_DM_CONTEXT if channel.guild is None else _GUILD_CONTEXT
    contexts = definition.get("contexts")
    if contexts is not None and context not in contexts:
        raise NotAllowed(f"{name!r} is not offered in {'direct messages' if context else 'servers'}")
    has = channel.permissions_of(person)
    if not has & Permission.VIEW_CHANNEL:
        raise NotAllowed(f"{person.display_name} cannot see #{channel.name}")
    if channel.guild is None or has & Permission.ADMINISTRATOR:
        return
    if not has & Permission.USE_APPLICATION_COMMANDS:
        raise NotAllowed(f"{person.display_name} may not use commands in #{channel.name}")
    _check_permissions(definition, person, channel, permissions)


def _check_permissions(
    definition: CommandDefinition, person: User, channel: Channel, permissions: CommandPermissions
) -> None:
    """Raise NotAllowed by the server's overrides (Integrations), or else by the command's default permissions."""
    name = definition["name"]
    if not permissions.allow_channel(definition, channel):
        raise NotAllowed(f"{name!r} is switched off in #{channel.name}")
    allowed = permissions.allow_person(definition, person, channel)
    if allowed is False:
        raise NotAllowed(f"{person.display_name} is kept from {name!r} in this server")
    has, needed = channel.permissions_of(person), definition.get("default_member_permissions")
    # "0" means administrators only (docs: application-commands, "Permissions").
    if allowed is None and needed is not None and (int(needed) == 0 or int(has) & int(needed) != int(needed)):
        raise NotAllowed(f"{person.display_name} lacks the permissions {needed} that {name!r} asks for")


def target_of(definition: CommandDefinition, subcommands: list[str]) -> list[dict[str, Any]]:
    """The option definitions of the subcommand at that path; CannotDo names the existing subcommands."""
    options: list[dict[str, Any]] = definition.get("options") or []
    for name in subcommands:
        nested = {option["name"]: option for option in options if option["type"] in _SUBCOMMANDS}
        if name not in nested:
            raise CannotDo(f"{definition['name']!r} has no subcommand {name!r}, only {sorted(nested)}")
        options = nested[name].get("options") or []
    if any(option["type"] in _SUBCOMMANDS for option in options):
        raise CannotDo(f"{definition['name']!r} needs a subcommand: {[option['name'] for option in options]}")
    return options


def nested_options(
    definition: CommandDefinition, subcommands: list[str], values: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """`values` wrapped in one option per subcommand, as in the payload."""
    kinds = []
    options: list[dict[str, Any]] = definition.get("options") or []
    for name in subcommands:
        found = next(option for option in options if option["name"] == name)
        kinds.append((found["type"], name))
        options = found.get("options") or []
    for kind, name in reversed(kinds):
        values = [{"type": kind, "name": name, "options": values}]
    return values


@dataclass
class CommandCall:
    """The option values of a payload: `values`, and the objects that they refer to in `resolved`."""

    resolved: Resolved
    attach: Attach
    values: list[dict[str, Any]] = field(default_factory=list)

    def fill(self, definitions: list[dict[str, Any]], given: dict[str, Any], *, complete: bool = True) -> None:
        """Check `given` against the definitions and turn it into `values`; raises CannotDo.

        With `complete` false (autocomplete) required options may still be missing.
        """
        by_name = {definition["name"]: definition for definition in definitions}
        if unknown := set(given) - set(by_name):
            raise CannotDo(f"there is no option {sorted(unknown)}, only {sorted(by_name)}")
        missing = [name for name, definition in by_name.items() if definition.get("required") and name not in given]
        if missing and complete:
            raise CannotDo(f"required: {missing}")
        for name, value in given.items():
            definition = by_name[name]
            if complete:
                _check_value(definition, value)
                self._check_within_reach(definition, value)
            self.values.append({"type": definition["type"], "name": name, "value": self._on_the_wire(value)})

    def _check_within_reach(self, definition: dict[str, Any], value: Any) -> None:
        """Raise CannotDo for a role or channel of another server, a hidden channel, or a channel of the wrong type."""
        guild, name = self.resolved.channel.guild, definition["name"]
        if isinstance(value, Role) and (guild is None or value not in guild.roles):
            raise CannotDo(f"{name!r}: there is no role {value.name!r} here")
        if not isinstance(value, Channel):
            return
        if guild is None or value.guild is not guild or not value.permissions_of(self.resolved.person) & _SEE:
            raise CannotDo(f"{name!r}: there is no channel #{value.name} here")
        types = definition.get("channel_types") or []
        if types and value.type not in types:
            raise CannotDo(f"{name!r} takes channels of the types {types}, not #{value.name}")

    def _on_the_wire(self, value: Any) -> Any:
        """A plain value as it is; for an object its id, and the object is added to `resolved`."""
        if isinstance(value, Upload):
            return self.resolved.add_attachment(self.attach(value))
        return self.resolved.add(value) if isinstance(value, (User, Role, Channel)) else value


def _check_value(definition: dict[str, Any], value: Any) -> None:
    name, kind = definition["name"], definition["type"]
    fits = isinstance(value, _PYTHON_TYPES[kind]) and (kind == OptionType.BOOLEAN or not isinstance(value, bool))
    if not fits:
        raise CannotDo(f"{name!r} takes {OptionType(kind).name.lower()}, not {value!r}")
    choices = [choice["value"] for choice in definition.get("choices") or []]
    if choices and value not in choices:
        raise CannotDo(f"{name!r} takes one of {choices}, not {value!r}")
    size = len(value) if isinstance(value, str) else value
    bounds = ("min_length", "max_length") if isinstance(value, str) else ("min_value", "max_value")
    least, most = (definition.get(bound) for bound in bounds)
    if kind == OptionType.INTEGER and abs(value) > _LARGEST_WHOLE:
        raise CannotDo(f"{name!r} takes whole numbers up to {_LARGEST_WHOLE}")
    if (least is not None and size < least) or (most is not None and size > most):
        raise CannotDo(f"{name!r} takes {bounds[0]}={least} to {bounds[1]}={most}, not {size}")
