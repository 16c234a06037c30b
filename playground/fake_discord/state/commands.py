"""The bot's registered commands, global and per guild."""

from __future__ import annotations

import asyncio
from enum import IntEnum
from typing import Any

from playground.fake_discord.rules.commands import check_commands
from playground.fake_discord.world.entities import Guild
from playground.fake_discord.world.errors import CannotDo
from playground.fake_discord.world.world import World

CommandDefinition = dict[str, Any]


class CommandKind(IntEnum):
    """What a command is used on (docs: interactions/application-commands)."""

    SLASH = 1
    USER_MENU = 2
    MESSAGE_MENU = 3


class Commands:
    """Definitions by scope: a guild's id, or None for the global ones. `registered` is set with the first command."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._scopes: dict[int | None, list[CommandDefinition]] = {}
        self.registered = asyncio.Event()

    def listing(self, scope: int | None) -> list[CommandDefinition]:
        """All commands of one scope."""
        return self._scopes.get(scope, [])

    def replace(self, scope: int | None, bodies: list[dict[str, Any]]) -> list[CommandDefinition]:
        """Make `bodies` the whole list of a scope (bulk overwrite); raises 400/50035 with every error in them."""
        check_commands(bodies)
        known = {(command["type"], command["name"]): command["id"] for command in self.listing(scope)}
        self._scopes[scope] = [self._definition(body, scope, known) for body in bodies]
        if bodies:
            self.registered.set()
        return self.listing(scope)

    def find(self, kind: CommandKind, name: str, guild: Guild | None) -> CommandDefinition:
        """The command of that kind and name in that guild; CannotDo lists the existing ones."""
        offered = {c["name"]: c for c in self.listing(None) if c["type"] == kind}
        if guild is not None:
            offered |= {c["name"]: c for c in self.listing(guild.id) if c["type"] == kind}
        if name not in offered:
            raise CannotDo(f"there is no command {name!r}, only {sorted(offered)}")
        return offered[name]

    def named(self, name: str, guild: Guild) -> list[CommandDefinition]:
        """Every command of that name in a guild, of any kind; CannotDo if there is none."""
        found = [c for scope in (None, guild.id) for c in self.listing(scope) if c["name"] == name]
        if not found:
            raise CannotDo(f"there is no command {name!r} in {guild.name!r}")
        return found

    def _definition(self, body: dict[str, Any], scope: int | None, known: dict[Any, str]) -> CommandDefinition:
        kind = int(body.get("type") or CommandKind.SLASH)
        permissions = body.get("default_member_permissions")
        definition: CommandDefinition = {
            "id": known.get((kind, body["name"])) or str(self._world.ids.next()),
            "application_id": str(self._world.application_id),
            "version": str(self._world.ids.next()),
            "type": kind,
            "name": body["name"],
            "description": body.get("description") or "",
            "default_member_permissions": None if permissions is None else str(permissions),
            "nsfw": bool(body.get("nsfw")),
            "options": [_without_nulls(option) for option in body.get("options") or []],
        }
        for key in ("name_localizations", "description_localizations"):
            definition[key] = body.get(key)
        if scope is not None:
            return definition | {"guild_id": str(scope)}
        # Without its own value a command takes that of the application: installed in guilds only.
        contexts = body.get("contexts")
        return definition | {
            "contexts": contexts,
            "integration_types": body.get("integration_types") or [0],
            "dm_permission": contexts is None or 1 in contexts,
        }


def _without_nulls(option: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in option.items() if value is not None}
    for key in ("options", "choices"):
        if key in kept:
            kept[key] = [_without_nulls(inner) for inner in kept[key]]
    return kept
