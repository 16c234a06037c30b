"""JSON of guilds, as the REST API and the gateway send them (docs: resources/guild)."""

from __future__ import annotations

from typing import Any

from playground.fake_discord.payloads.entities import channel_payload, member_payload, role_payload, timestamp
from playground.fake_discord.world.entities import Guild, User
from playground.fake_discord.world.permissions import Permission

_UNSET_OF_GUILD = (
    "icon",
    "description",
    "home_header",
    "splash",
    "discovery_splash",
    "banner",
    "application_id",
    "afk_channel_id",
    "system_channel_id",
    "widget_channel_id",
    "max_presences",
    "vanity_url_code",
    "rules_channel_id",
    "safety_alerts_channel_id",
    "public_updates_channel_id",
    "incidents_data",
)


def own_guild_payload(guild: Guild, user: User, *, with_counts: bool) -> dict[str, Any]:
    """A guild in the list of those that ``user`` is in, with their permissions in it."""
    payload: dict[str, Any] = {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "banner": None,
        "owner": guild.owner is user,
        "permissions": str(int(guild.permissions_of(user))),
        "features": [],
    }
    return payload | member_counts(guild) if with_counts else payload


def member_counts(guild: Guild) -> dict[str, Any]:
    """The numbers of members and of online members, which Discord only estimates."""
    return {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}


def guild_payload(guild: Guild) -> dict[str, Any]:
    """A guild as GET /guilds/{id} returns it."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner.id),
        "roles": [role_payload(role) for role in guild.roles],
        "emojis": [],
        "stickers": [],
        "features": [],
        "premium_tier": guild.premium_tier,
        "premium_subscription_count": 0,
        "preferred_locale": guild.locale,
        "region": "us-central",
        "afk_timeout": 300,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "verification_level": 0,
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        **dict.fromkeys(_UNSET_OF_GUILD),
    }


def guild_create_payload(guild: Guild, bot: User) -> dict[str, Any]:
    """A guild as the gateway sends it: channels, the active threads that the bot sees, and of its members the bot."""
    return guild_payload(guild) | {
        "joined_at": timestamp(guild.members[bot.id].joined_at),
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "members": [member_payload(guild.members[bot.id])],
        "channels": [channel_payload(channel) for channel in guild.channels],
        "voice_states": [],
        "threads": [
            channel_payload(thread)
            for thread in guild.threads
            if not thread.archived and thread.permissions_of(bot) & Permission.VIEW_CHANNEL
        ],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
