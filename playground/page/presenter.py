"""Builds the JSON that the page shows to one person: Discord's own payloads plus a few fields of the page."""

from __future__ import annotations

from typing import Any

from playground.fake_discord.payloads.entities import user_payload
from playground.fake_discord.payloads.messages import message_payload
from playground.fake_discord.server import DiscordServer
from playground.fake_discord.world.entities import Channel, Guild, User
from playground.fake_discord.world.messages import Message
from playground.fake_discord.world.permissions import Permission
from playground.page.languages import localized

_SEE = Permission.VIEW_CHANNEL
_COLOURS = ("#5865f2", "#2d9d78", "#c0563f", "#8a4fbf", "#b3862a")
_NOTES = {"Administrator": "server owner", "Moderator": "moderator"}


class Presenter:
    """JSON of people, servers, channels, commands and messages."""

    def __init__(self, discord: DiscordServer) -> None:
        self._discord = discord

    def person(self, person: User) -> dict[str, Any]:
        """A user, with the name and colour the page shows, and the language of their Discord."""
        shown = {"display_name": person.display_name, "avatar_colour": _colour(person), "locale": person.locale}
        return user_payload(person) | shown

    def people(self) -> list[dict[str, Any]]:
        """Everyone the page can act as, with their roles in the first server and a note on what they may do."""
        world = self._discord.world
        home = next(iter(world.guilds.values()))
        return [_person_with_roles(user, home) for user in world.users.values() if not user.bot]

    def guilds(self, person: User) -> list[dict[str, Any]]:
        """The servers `person` is in, with the channels and threads they can see."""
        guilds = [guild for guild in self._discord.world.guilds.values() if person.id in guild.members]
        return [
            {
                "id": str(guild.id),
                "name": guild.name,
                "channels": [
                    _channel(channel, person)
                    for channel in (*guild.channels, *guild.threads)
                    if can_see(person, channel)
                ],
                "roles": [
                    {"id": str(role.id), "name": role.name, "colour": None, "managed": role.managed}
                    for role in guild.roles
                    if role is not guild.everyone
                ],
                "members": [str(user_id) for user_id in guild.members],
            }
            for guild in guilds
        ]

    def direct(self, person: User) -> dict[str, Any]:
        """The direct messages between `person` and the bot."""
        return _channel(self._discord.world.direct_messages(person), person)

    def commands(self, person: User, channel: Channel) -> list[dict[str, Any]]:
        """The commands Discord would offer `person` in `channel`, with words in their language."""
        return [localized(command, person.locale) for command in self._discord.commands_for(person, channel)]

    def message(self, message: Message, person: User, *, new: bool) -> dict[str, Any]:
        """A message as `person` sees it; `notify` is true where it pings them, which edits never do."""
        return message_payload(message, self._discord.cdn) | {
            "only_for": str(message.only_for.id) if message.only_for else None,
            "thinking": message.thinking,
            "notify": new and _pings(message, person),
        }

    def history(self, channel: Channel, person: User, most: int) -> list[dict[str, Any]]:
        """The latest messages of a channel that `person` sees, oldest first."""
        seen = [message for message in self._discord.world.messages_of(channel) if message.visible_to(person)]
        return [self.message(message, person, new=False) for message in seen[-most:]]


def can_see(person: User, channel: Channel) -> bool:
    """Whether `person` has VIEW_CHANNEL in `channel`."""
    return bool(channel.permissions_of(person) & _SEE)


def _channel(channel: Channel, person: User) -> dict[str, Any]:
    may = channel.permissions_of(person)
    return {
        "id": str(channel.id),
        "name": channel.name,
        "type": int(channel.type),
        "parent_id": str(channel.parent.id) if channel.parent else None,
        "topic": None,
        "can_view": bool(may & _SEE),
        "can_send": bool(may & channel.posting),
        "can_use_commands": channel.guild is None or bool(may & Permission.USE_APPLICATION_COMMANDS),
        "can_manage_messages": bool(may & Permission.MANAGE_MESSAGES),
    }


def _person_with_roles(user: User, home: Guild) -> dict[str, Any]:
    member = home.members.get(user.id)
    roles = member.roles if member else []
    note = next((_NOTES[role.name] for role in reversed(roles) if role.name in _NOTES), "member")
    return {
        "id": str(user.id),
        "name": user.name,
        "display_name": user.display_name,
        "roles": [{"id": str(role.id), "name": role.name} for role in roles],
        "avatar_colour": _colour(user),
        "note": note,
    }


def _colour(user: User) -> str:
    return _COLOURS[sum(user.name.encode()) % len(_COLOURS)]


def _pings(message: Message, person: User) -> bool:
    pings = message.pings
    if message.author is person or not pings:
        return False
    guild = message.channel.guild
    roles = {role.id for role in guild.members[person.id].roles} if guild and person.id in guild.members else set()
    return pings.everyone or person.id in pings.users or bool(pings.roles & roles)
