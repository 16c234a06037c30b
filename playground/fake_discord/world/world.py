"""Who and what there is: servers, channels, people, roles and messages, as plain objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import TypeVar

from playground.clock import Clock
from playground.fake_discord.world.messages import Message
from playground.fake_discord.world.permissions import (
    DIRECT_MESSAGE,
    EVERYTHING,
    NOTHING,
    Overwrite,
    Permission,
    in_channel,
    merged,
)
from playground.fake_discord.world.snowflakes import Snowflakes

_T = TypeVar("_T")

MIB = 1024 * 1024
DEFAULT_UPLOAD_LIMIT = 10 * MIB
_UPLOAD_LIMIT_OF_TIER = {2: 50 * MIB, 3: 100 * MIB}


class ChannelType(IntEnum):
    """Kinds of channel this stand-in has (docs: resources/channel)."""

    TEXT = 0
    DM = 1
    VOICE = 2
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
    """A user in a guild, with the roles beside @everyone."""

    user: User
    joined_at: datetime
    roles: list[Role] = field(default_factory=list)


@dataclass(eq=False)
class Channel:
    """A text channel of a guild, a thread in one, or a direct message channel with its `recipients`.

    A thread has the channel it hangs in as `parent` and whoever started it as `owner`; direct messages have no `guild`.
    """

    id: int
    type: ChannelType
    name: str
    guild: Guild | None = None
    recipients: list[User] = field(default_factory=list)
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    parent: Channel | None = None
    owner: User | None = None

    @property
    def posting(self) -> Permission:
        """What it takes to write here: SEND_MESSAGES says nothing about threads (docs: topics/threads)."""
        return Permission.SEND_MESSAGES_IN_THREADS if self.parent else Permission.SEND_MESSAGES

    @property
    def people(self) -> list[User]:
        """Everybody of the guild, or of the direct messages; a mention of them is shown by name."""
        return [member.user for member in self.guild.members.values()] if self.guild else self.recipients

    def permissions_of(self, user: User) -> Permission:
        """What `user` may do here, overwrites included; nothing for a stranger. A thread has its parent's."""
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
    """A server. `premium_tier` is its boost level 0-3, which sets the upload limit of bots."""

    id: int
    name: str
    owner: User
    everyone: Role
    locale: str = "en-US"
    premium_tier: int = 0
    roles: list[Role] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    threads: list[Channel] = field(default_factory=list)
    members: dict[int, Member] = field(default_factory=dict)

    @property
    def upload_limit(self) -> int:
        """Bytes per file without Nitro (docs: reference, "Uploading Files")."""
        return _UPLOAD_LIMIT_OF_TIER.get(self.premium_tier, DEFAULT_UPLOAD_LIMIT)

    def role(self, name: str) -> Role:
        """The role of that name; KeyError lists which there are."""
        return _named({role.name: role for role in self.roles}, name)

    def give(self, user: User, *roles: Role) -> None:
        """Add roles to those a member has. The bot hears of it with the member's next interaction."""
        held = self.members[user.id].roles
        held += [role for role in roles if role not in held]

    def permissions_of(self, user: User) -> Permission:
        """What the roles of `user` add up to in the guild as a whole."""
        member = self.members[user.id]
        if user is self.owner:
            return EVERYTHING
        base = self.everyone.permissions
        for role in member.roles:
            base |= role.permissions
        return EVERYTHING if base & Permission.ADMINISTRATOR else base


class World:
    """All guilds, channels, users and messages, and ways to find them and add to them."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.ids = Snowflakes(clock)
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.users: dict[int, User] = {}
        self.messages: dict[int, Message] = {}
        self.bot = self.add_user("kinora", "Kinora", bot=True)
        self.application_id = self.bot.id
        self.application_flags = 0
        self.interactions_endpoint: str | None = None  # where interactions would go instead of the gateway

    # -- finding -------------------------------------------------------------------------------------------------

    def person(self, display_name: str) -> User:
        """The person shown by that name; KeyError lists who there is."""
        people = {user.display_name: user for user in self.users.values() if not user.bot}
        return _named(people, display_name)

    def guild(self, name: str) -> Guild:
        """The guild of that name."""
        return _named({guild.name: guild for guild in self.guilds.values()}, name)

    def channel(self, name: str, guild: Guild | None = None) -> Channel:
        """The channel or thread of that name, with or without `#`, in `guild` or else in the first guild."""
        guild = guild or next(iter(self.guilds.values()))
        return _named({channel.name: channel for channel in (*guild.threads, *guild.channels)}, name.removeprefix("#"))

    def upload_limit(self, channel: Channel) -> int:
        """Bytes per file that the bot may upload to `channel` with its own token."""
        return channel.guild.upload_limit if channel.guild else DEFAULT_UPLOAD_LIMIT

    # -- adding --------------------------------------------------------------------------------------------------

    def add_user(self, name: str, display_name: str, *, bot: bool = False, snowflake: int | None = None) -> User:
        """A new account, in no guild yet."""
        user = User(snowflake or self.ids.next(), name, display_name, bot)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, owner: User, everyone: Permission, *, snowflake: int | None = None) -> Guild:
        """A new guild without channels, whose only member is its owner."""
        guild_id = snowflake or self.ids.next()
        guild = Guild(guild_id, name, owner, Role(guild_id, "@everyone", everyone, position=0))
        guild.roles.append(guild.everyone)
        self.guilds[guild.id] = guild
        self.add_member(guild, owner)
        return guild

    def add_role(self, guild: Guild, name: str, permissions: Permission, *, managed: bool = False) -> Role:
        """A new role on top of the others; `managed` marks a bot's own role."""
        role = Role(self.ids.next(), name, permissions, position=len(guild.roles), managed=managed)
        guild.roles.append(role)
        return role

    def add_member(self, guild: Guild, user: User, *roles: Role) -> Member:
        """Let `user` join `guild` with these roles."""
        member = guild.members[user.id] = Member(user, self.clock.now(), list(roles))
        return member

    def add_channel(
        self,
        guild: Guild,
        name: str,
        overwrites: dict[int, Overwrite] | None = None,
        kind: ChannelType = ChannelType.TEXT,
    ) -> Channel:
        """A new channel, of text unless `kind` says otherwise, at the end of the guild's list."""
        channel = Channel(self.ids.next(), kind, name, guild, overwrites=overwrites or {})
        guild.channels.append(channel)
        self.channels[channel.id] = channel
        return channel

    def add_thread(self, parent: Channel, name: str, owner: User) -> Channel:
        """A new public thread in a text channel; a bot that is connected already is not told."""
        if parent.guild is None or parent.parent is not None:
            raise ValueError(f"#{parent.name} can have no threads")
        thread = Channel(self.ids.next(), ChannelType.PUBLIC_THREAD, name, parent.guild, parent=parent, owner=owner)
        parent.guild.threads.append(thread)
        self.channels[thread.id] = thread
        return thread

    def direct_messages(self, person: User) -> Channel:
        """The direct message channel between `person` and the bot, made when first asked for."""
        for channel in self.channels.values():
            if channel.type is ChannelType.DM and person in channel.recipients:
                return channel
        channel = Channel(self.ids.next(), ChannelType.DM, person.display_name, recipients=[person])
        self.channels[channel.id] = channel
        return channel


def _named(things: dict[str, _T], name: str) -> _T:
    if name not in things:
        raise KeyError(f"{name!r} is not one of {sorted(things)}")
    return things[name]
