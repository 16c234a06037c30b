"""The world: all servers, channels, users and messages of the fake Discord."""

from __future__ import annotations

from playground.clock import Clock
from playground.fake_discord.world.entities import (
    DEFAULT_UPLOAD_LIMIT,
    Channel,
    ChannelType,
    Guild,
    Member,
    Role,
    User,
    find_named,
)
from playground.fake_discord.world.messages import Message
from playground.fake_discord.world.permissions import Overwrite, Permission
from playground.fake_discord.world.snowflakes import Snowflakes


class World:
    """Holds all guilds, channels, users and messages, finds them and adds to them."""

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
        self.forbidden_words: set[str] = set()  # that AutoMod lets nobody post

    # -- finding -------------------------------------------------------------------------------------------------

    def person(self, display_name: str) -> User:
        """The person with that display name; KeyError lists the existing ones."""
        people = {user.display_name: user for user in self.users.values() if not user.bot}
        return find_named(people, display_name)

    def guild(self, name: str) -> Guild:
        """The guild of that name."""
        return find_named({guild.name: guild for guild in self.guilds.values()}, name)

    def channel(self, name: str, guild: Guild | None = None) -> Channel:
        """The channel or thread of that name, with or without `#`, in `guild` or else in the first guild."""
        guild = guild or next(iter(self.guilds.values()))
        return find_named(
            {channel.name: channel for channel in (*guild.threads, *guild.channels)}, name.removeprefix("#")
        )

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
        """Add `user` to `guild` with these roles."""
        member = guild.members[user.id] = Member(user, self.clock.now(), list(roles))
        return member

    def add_channel(
        self,
        guild: Guild,
        name: str,
        overwrites: dict[int, Overwrite] | None = None,
        kind: ChannelType = ChannelType.TEXT,
        *,
        age_restricted: bool = False,
    ) -> Channel:
        """A new channel, of text unless `kind` says otherwise, at the end of the guild's list."""
        channel = Channel(
            self.ids.next(), kind, name, guild, overwrites=overwrites or {}, age_restricted=age_restricted
        )
        guild.channels.append(channel)
        self.channels[channel.id] = channel
        return channel

    def add_thread(self, parent: Channel, name: str, owner: User) -> Channel:
        """A new public thread in a text channel; a connected bot is not notified."""
        if parent.guild is None or parent.parent is not None:
            raise ValueError(f"#{parent.name} can have no threads")
        thread = Channel(self.ids.next(), ChannelType.PUBLIC_THREAD, name, parent.guild, parent=parent, owner=owner)
        parent.guild.threads.append(thread)
        self.channels[thread.id] = thread
        return thread

    # -- removing ------------------------------------------------------------------------------------------------

    def remove_channel(self, channel: Channel) -> None:
        """Take a channel or thread out of its guild, with its threads and all messages."""
        if channel.guild is None:
            raise ValueError("only channels of guilds are deleted")
        for thread in [thread for thread in channel.guild.threads if thread.parent is channel]:
            self.remove_channel(thread)
        (channel.guild.threads if channel.parent else channel.guild.channels).remove(channel)
        del self.channels[channel.id]
        for message in self.messages_of(channel):
            message.deleted = True
            del self.messages[message.id]
        channel.message_ids.clear()

    def remove_role(self, guild: Guild, role: Role) -> None:
        """Take a role from a guild, from its members and from what its channels allow."""
        guild.roles.remove(role)
        for member in guild.members.values():
            member.roles = [held for held in member.roles if held is not role]
        for channel in guild.channels:
            channel.overwrites.pop(role.id, None)

    # -- messages ------------------------------------------------------------------------------------------------

    def messages_of(self, channel: Channel) -> list[Message]:
        """The messages of `channel`, the oldest first."""
        return [self.messages[message_id] for message_id in channel.message_ids]

    def direct_messages(self, person: User) -> Channel:
        """The direct message channel between `person` and the bot, made when first asked for."""
        for channel in self.channels.values():
            if channel.type is ChannelType.DM and person in channel.recipients:
                return channel
        channel = Channel(self.ids.next(), ChannelType.DM, person.display_name, recipients=[person])
        self.channels[channel.id] = channel
        return channel
