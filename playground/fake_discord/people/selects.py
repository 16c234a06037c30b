"""The values that a person chooses in a select of a message or a modal, checked as Discord's client does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.fake_discord.people.resolved import Resolved
from playground.fake_discord.world.components import ComponentType, least_and_most
from playground.fake_discord.world.entities import Channel, Guild, Role, User
from playground.fake_discord.world.errors import CannotDo
from playground.fake_discord.world.permissions import Permission

Choice = str | User | Role | Channel
"""A string select's value, the id of a person, role or channel, or that person, role or channel itself."""

_OF_USERS = {ComponentType.USER_SELECT, ComponentType.MENTIONABLE_SELECT}
_OF_ROLES = {ComponentType.ROLE_SELECT, ComponentType.MENTIONABLE_SELECT}


def chosen_values(select: dict[str, Any], choices: Sequence[Choice], resolved: Resolved) -> list[str]:
    """The values to send; the objects that they refer to are added to `resolved`.

    Raises CannotDo for more or fewer than the select takes, for one chosen twice, and for one it does not offer.
    """
    check_count(select, len(choices))
    values = [choice if isinstance(choice, str) else str(choice.id) for choice in choices]
    if len(set(values)) < len(values):
        raise CannotDo(f"{select['custom_id']!r} takes each value once, not {values}")
    if select["type"] == ComponentType.STRING_SELECT:
        _check_offered(select, values, [option["value"] for option in select["options"]])
        return values
    offered = {str(thing.id): thing for thing in _offered(select, resolved)}
    _check_offered(select, values, list(offered))
    return [resolved.add(offered[value]) for value in values]


def preselected(select: dict[str, Any]) -> list[str]:
    """The values that the bot has preselected."""
    if select["type"] == ComponentType.STRING_SELECT:
        return [option["value"] for option in select["options"] if option.get("default")]
    return [str(default["id"]) for default in select.get("default_values") or []]


def check_count(field: dict[str, Any], count: int) -> None:
    """Raise CannotDo unless the field takes that many values."""
    least, most = least_and_most(field)
    if not least <= count <= most:
        raise CannotDo(f"{field['custom_id']!r} takes {least} to {most} values, not {count}")


def _check_offered(select: dict[str, Any], values: list[str], offered: list[str]) -> None:
    if not set(values) <= set(offered):
        raise CannotDo(f"{select['custom_id']!r} offers {offered}, not {values}")


def _offered(select: dict[str, Any], resolved: Resolved) -> list[User | Role | Channel]:
    """Everything that a select filled by Discord offers to this person in this channel."""
    kind, guild = select["type"], resolved.channel.guild
    things: list[User | Role | Channel] = []
    if kind in _OF_USERS:
        things += resolved.channel.people
    if kind in _OF_ROLES and guild is not None:
        things += guild.roles
    if kind == ComponentType.CHANNEL_SELECT and guild is not None:
        things += _channels(guild, resolved.person, select.get("channel_types") or [])
    return things


def _channels(guild: Guild, person: User, types: list[int]) -> list[Channel]:
    seen = [c for c in (*guild.channels, *guild.threads) if c.permissions_of(person) & Permission.VIEW_CHANNEL]
    return [channel for channel in seen if not types or channel.type in types]
