"""JSON of users, members, roles, channels and the application (docs: resources/user, channel, application)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from playground.fake_discord.world.entities import Channel, ChannelType, Guild, Member, Role, User
from playground.fake_discord.world.permissions import Overwrite
from playground.fake_discord.world.snowflakes import moment_of
from playground.fake_discord.world.world import World

_ROLE_OVERWRITE, _MEMBER_OVERWRITE = 0, 1


def timestamp(moment: datetime) -> str:
    """ISO 8601 with microseconds and `+00:00`."""
    return moment.isoformat(timespec="microseconds")


def user_payload(user: User) -> dict[str, Any]:
    """A user as everyone sees it."""
    payload: dict[str, Any] = {
        "id": str(user.id),
        "username": user.name,
        "global_name": None if user.bot else user.display_name,
        "discriminator": "0000" if user.bot else "0",
        "avatar": None,
        "avatar_decoration_data": None,
        "banner": None,
        "accent_color": None,
        "collectibles": None,
        "primary_guild": None,
        "public_flags": 0,
        "flags": 0,
    }
    return payload | {"bot": True} if user.bot else payload


def own_user_payload(user: User) -> dict[str, Any]:
    """The bot's account as it sees itself."""
    return user_payload(user) | {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}


def application_payload(world: World) -> dict[str, Any]:
    """The application, owned by the owner of the first guild."""
    owner = next(iter(world.guilds.values())).owner
    return {
        "id": str(world.application_id),
        "name": world.bot.display_name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user_payload(world.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": world.application_flags,
        "flags_new": str(world.application_flags),
        "max_participants": None,
        "tags": [],
        "redirect_uris": [],
        "interactions_endpoint_url": world.interactions_endpoint,
        "role_connections_verification_url": None,
        "owner": user_payload(owner),
        "approximate_guild_count": sum(world.bot.id in guild.members for guild in world.guilds.values()),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
        "integration_types_config": {"0": {}},
    }


def member_payload(member: Member) -> dict[str, Any]:
    """A member without `permissions`, which depend on the channel."""
    return {
        "user": user_payload(member.user),
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": [str(role.id) for role in member.roles],
        "joined_at": timestamp(member.joined_at),
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }


def role_payload(role: Role) -> dict[str, Any]:
    """A role."""
    return {
        "id": str(role.id),
        "name": role.name,
        "permissions": str(int(role.permissions)),
        "position": role.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": role.managed,
        "mentionable": role.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def channel_payload(channel: Channel) -> dict[str, Any]:
    """A channel of a guild, a thread or a direct message channel."""
    last_message = str(channel.message_ids[-1]) if channel.message_ids else None
    payload: dict[str, Any] = {
        "id": str(channel.id),
        "type": int(channel.type),
        "flags": 0,
        "last_message_id": last_message,
    }
    if channel.type is ChannelType.DM or channel.guild is None:
        return payload | {"recipients": [user_payload(user) for user in channel.recipients]}
    payload |= {"guild_id": str(channel.guild.id), "name": channel.name, "rate_limit_per_user": 0}
    if channel.parent is not None:
        return payload | _thread_part(channel, channel.parent)
    return payload | {
        "position": channel.guild.channels.index(channel),
        "permission_overwrites": [
            _overwrite_payload(channel.guild, target, overwrite) for target, overwrite in channel.overwrites.items()
        ],
        "parent_id": str(channel.category.id) if channel.category else None,
        "topic": None,
        "nsfw": channel.age_restricted,
        **_OF_KIND.get(channel.type, {}),
    }


_OF_KIND: dict[ChannelType, dict[str, Any]] = {
    ChannelType.VOICE: {"bitrate": 64_000, "user_limit": 0, "rtc_region": None},
    ChannelType.FORUM: {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None},
}


def _thread_part(thread: Channel, parent: Channel) -> dict[str, Any]:
    started = timestamp(moment_of(thread.id))
    return {
        "parent_id": str(parent.id),
        "owner_id": str(thread.owner.id if thread.owner else 0),
        "message_count": len(thread.message_ids),
        "total_message_sent": len(thread.message_ids),
        "member_count": 1,
        "thread_metadata": {
            "archived": thread.archived,
            "archive_timestamp": started,
            "auto_archive_duration": 4320,
            "locked": False,
            "create_timestamp": started,
        },
    }


def _overwrite_payload(guild: Guild, target: int, overwrite: Overwrite) -> dict[str, Any]:
    return {
        "id": str(target),
        "type": _MEMBER_OVERWRITE if target in guild.members else _ROLE_OVERWRITE,
        "allow": str(int(overwrite.allow)),
        "deny": str(int(overwrite.deny)),
    }
