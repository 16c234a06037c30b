"""INTERACTION_CREATE as the gateway sends it (docs: interactions/receiving-and-responding)."""

from __future__ import annotations

from typing import Any

from playground.fake_discord.payloads.entities import channel_payload, member_payload, user_payload
from playground.fake_discord.world.entities import Channel, User
from playground.fake_discord.world.interaction import Interaction
from playground.fake_discord.world.world import World

_GUILD_CONTEXT, _BOT_DM_CONTEXT = 0, 1


def installation_owners(channel: Channel) -> dict[str, str]:
    """Who installed the app: the guild; in direct messages with the bot Discord sends "0"."""
    return {"0": str(channel.guild.id) if channel.guild else "0"}


def interaction_payload(interaction: Interaction, data: dict[str, Any], world: World) -> dict[str, Any]:
    """Everything but `message`, which only component interactions have."""
    channel, person = interaction.channel, interaction.person
    payload: dict[str, Any] = {
        "id": str(interaction.id),
        "application_id": str(world.application_id),
        "type": int(interaction.type),
        "data": data,
        "channel_id": str(channel.id),
        "channel": channel_payload(channel) | {"permissions": str(int(channel.permissions_of(person)))},
        "token": interaction.token,
        "version": 1,
        "locale": person.locale,
        "app_permissions": str(int(channel.permissions_of(world.bot))),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": installation_owners(channel),
        "context": _BOT_DM_CONTEXT if channel.guild is None else _GUILD_CONTEXT,
        "attachment_size_limit": interaction.attachment_size_limit,
    }
    return payload | _who(person, channel)


def _who(person: User, channel: Channel) -> dict[str, Any]:
    guild = channel.guild
    if guild is None:
        return {"user": user_payload(person)}
    member = member_payload(guild.members[person.id]) | {"permissions": str(int(channel.permissions_of(person)))}
    return {
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
        "guild_locale": guild.locale,
        "member": member,
    }
