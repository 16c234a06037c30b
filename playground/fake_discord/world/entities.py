"""Users, roles, members, channels and servers, as plain objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import TypeVar

from playground.fake_discord.world.permissions import (
    DIRECT_MESSAGE,
    EVERYTHING,
    NOTHING,
    Overwrite,
    Permission,
    in_channel,
    merged,
)

MIB = 1024 * 1024
DEFAULT_UPLOAD_LIMIT = 10 * MIB
_UPLOAD_LIMIT_OF_TIER = {2: 50 * MIB, 3: 100 * MIB}

_T = TypeVar("_T")


class ChannelType(IntEnum):
    """Kinds of channel that the fake supports (docs: resources/channel)."""

    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    PUBLIC_THREAD = 11
    FORUM = 15


@dataclass(eq=False)
class User:
    """An account: a person or the bot. `upload_limit` is bytes per file, more with Nitro."""

    id: int
    name: str
    display_name: str
    bot: bool = False
    locale: str = "en-US"
    upload_limit: int = DEFAULT_UPLOAD_LIMIT
    accepts_direct_messages: bool = True


@dataclass(eq=False)
class Role:
    """A role of one guild. The role with the guild's own id is @everyone."""

    id: int
    name: str
    permissions: Permission
    position: int
    managed: bool = False
    mentionable: bool = False


@dataclass(eq=False)
class Member:
    """A user in a guild, with their roles other than @everyone."""

    user: User
    joined_at: datetime
    roles: list[Role] = field(default_factory=list)


@dataclass(eq=False)
class Channel:
    """A text channel of a guild, a thread in one, or a direct message channel with its `recipients`.

    A thread has its channel as `parent` and the user who started it as `owner`; direct messages have no `guild`. A
    channel may stand in a `category`, whose permissions it does not take over.
    """

    id: int
    type: ChannelType
    name: str
    guild: Guild | None = None
    recipients: list[User] = field(default_factory=list)
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    message_ids: list[int] = field(default_factory=list)  # in order; see World.messages_of
    parent: Channel | None = None
    owner: User | None = None
    category: Channel | None = None
    age_restricted: bool = False  # a thread goes by its parent
    archived: bool = False  # only of a thread

    @property
    def posting(self) -> Permission:
        """The permission to write here; SEND_MESSAGES does not apply to threads (docs: topics/threads)."""
        return Permission.SEND_MESSAGES_IN_THREADS if self.parent else Permission.SEND_MESSAGES

    @property
    def people(self) -> list[User]:
        """All users of the guild, or of the direct messages; their mentions are shown with their names."""
        return [member.user for member in self.guild.members.values()] if self.guild else self.recipients

    def permissions_of(self, user: User) -> Permission:
        """The permissions of `user` here, overwrites included; none for a non-member. A thread has its parent's."""
        if self.parent is not None:
            return self.parent.permissions_of(user)
        if self.guild is None:
            return DIRECT_MESSAGE if user.bot or user in self.recipients else NOTHING
        member = self.guild.members.get(user.id)
        if member is None:
            return NOTHING
        roles = merged(self.overwrites.get(role.id) for role in member.roles)
        steps = [self.overwrites.get(self.guild.id), roles, self.overwrites.get(user.id)]
        return in_channel(self.guild.permissions_of(user), steps)


@dataclass(eq=False)
class Guild:
    """A server. `premium_tier` is its boost level 0-3, which sets the upload limit of bots, unless it has
    a `file_limit` of its own in bytes."""

    id: int
    name: str
    owner: User
    everyone: Role
    locale: str = "en-US"
    premium_tier: int = 0
    file_limit: int | None = None
    roles: list[Role] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    threads: list[Channel] = field(default_factory=list)
    members: dict[int, Member] = field(default_factory=dict)

    @property
    def upload_limit(self) -> int:
        """Bytes per file without Nitro (docs: reference, "Uploading Files")."""
        return self.file_limit or _UPLOAD_LIMIT_OF_TIER.get(self.premium_tier, DEFAULT_UPLOAD_LIMIT)

    def role(self, name: str) -> Role:
        """The role of that name; KeyError lists the existing ones."""
        return find_named({role.name: role for role in self.roles}, name)

    def add_roles(self, user: User, *roles: Role) -> None:
        """Add roles to those a member has. The bot learns of it with the member's next interaction."""
        held = self.members[user.id].roles
        held += [role for role in roles if role not in held]

    def permissions_of(self, user: User) -> Permission:
        """The permissions of `user` in the guild, channel overwrites left out."""
        member = self.members[user.id]
        if user is self.owner:
            return EVERYTHING
        base = self.everyone.permissions
        for role in member.roles:
            base |= role.permissions
        return EVERYTHING if base & Permission.ADMINISTRATOR else base


def find_named(things: dict[str, _T], name: str) -> _T:
    """The thing of that name; KeyError lists the existing names."""
    if name not in things:
        raise KeyError(f"{name!r} is not one of {sorted(things)}")
    return things[name]
