"""What people change about a server: its channels, threads and roles. The bot is told of each change."""

from __future__ import annotations

from typing import Any

from playground.fake_discord.payloads.entities import channel_payload, role_payload
from playground.fake_discord.platform import Platform
from playground.fake_discord.world.entities import Channel, Guild, Role, User
from playground.fake_discord.world.errors import NotAllowed
from playground.fake_discord.world.permissions import Permission


class Managing:
    """Changes the world as a server's managers do, with the gateway's events (docs: events/gateway-events)."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.world = platform.world

    async def create_channel(self, guild: Guild, name: str) -> Channel:
        """Add a text channel that everybody can see."""
        channel = self.world.add_channel(guild, name)
        await self._tell("CHANNEL_CREATE", channel)
        return channel

    async def delete_channel(self, channel: Channel) -> None:
        """Delete a channel or a thread; requests for it find nothing, and the messages in it are gone."""
        payload = channel_payload(channel)
        self.world.remove_channel(channel)
        await self._tell("THREAD_DELETE" if channel.parent else "CHANNEL_DELETE", channel, payload)

    async def create_role(self, guild: Guild, name: str) -> Role:
        """Add a role that permits nothing."""
        role = self.world.add_role(guild, name, Permission(0))
        data = {"guild_id": str(guild.id), "role": role_payload(role)}
        await self._platform.gateway.dispatch("GUILD_ROLE_CREATE", data, guild.id)
        return role

    async def delete_role(self, guild: Guild, role: Role) -> None:
        """Delete a role; no member holds it any more."""
        self.world.remove_role(guild, role)
        data = {"guild_id": str(guild.id), "role_id": str(role.id)}
        await self._platform.gateway.dispatch("GUILD_ROLE_DELETE", data, guild.id)

    async def start_thread(self, person: User, channel: Channel, name: str) -> Channel:
        """Open a public thread in a channel; the bot is told if it can see it."""
        if not channel.permissions_of(person) & Permission.CREATE_PUBLIC_THREADS:
            raise NotAllowed(f"{person.display_name} may not start a thread in #{channel.name}")
        thread = self.world.add_thread(channel, name, person)
        if thread.permissions_of(self.world.bot) & Permission.VIEW_CHANNEL:
            await self._tell("THREAD_CREATE", thread, channel_payload(thread) | {"newly_created": True})
        return thread

    async def mark_channel(self, channel: Channel, *, age_restricted: bool) -> None:
        """Mark a channel of a guild as age-restricted, or no longer, as a manager can; the bot is told."""
        channel.age_restricted = age_restricted
        guild_id = channel.guild.id if channel.guild else None
        await self._platform.gateway.dispatch("CHANNEL_UPDATE", channel_payload(channel), guild_id)

    async def archive_thread(self, thread: Channel) -> None:
        """Archive a thread, as Discord does after days of silence; it is still there, but in no list of active ones."""
        thread.archived = True
        await self._tell("THREAD_UPDATE", thread)

    async def _tell(self, event: str, channel: Channel, payload: dict[str, Any] | None = None) -> None:
        guild_id = channel.guild.id if channel.guild else None
        await self._platform.gateway.dispatch(event, payload or channel_payload(channel), guild_id)
