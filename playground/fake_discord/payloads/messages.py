"""JSON of messages and attachments (docs: resources/message)."""

from __future__ import annotations

import copy
from typing import Any

from playground.fake_discord.payloads.entities import timestamp, user_payload
from playground.fake_discord.state.cdn import Cdn
from playground.fake_discord.world.components import media_items
from playground.fake_discord.world.messages import Attachment, Message


def attachment_payload(attachment: Attachment, cdn: Cdn) -> dict[str, Any]:
    """A file with a freshly signed URL; size in bytes."""
    url = cdn.url(attachment)
    payload: dict[str, Any] = {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": attachment.size,
        "url": url,
        "proxy_url": url,
        "content_type": attachment.content_type,
    }
    if attachment.width is not None:
        payload |= {"width": attachment.width, "height": attachment.height}
    if attachment.description is not None:
        payload["description"] = attachment.description
    if attachment.ephemeral:
        payload["ephemeral"] = True
    return payload


def message_payload(message: Message, cdn: Cdn, *, with_reference: bool = True) -> dict[str, Any]:
    """A message. Files shown by a component or an embed are left out of `attachments`.

    Discord does that on purpose (discord-api-docs#8277, #4809); a media item names its file by
    `attachment_id` instead.
    """
    shown = shown_attachments(message)
    payload: dict[str, Any] = {
        "id": str(message.id),
        "type": int(message.type),
        "channel_id": str(message.channel.id),
        "author": user_payload(message.author),
        "content": message.content,
        "mentions": [user_payload(user) for user in message.mentions],
        "mention_roles": [str(role) for role in message.mentioned_roles],
        "mention_everyone": message.mentions_everyone,
        "attachments": [attachment_payload(a, cdn) for a in message.attachments if a.id not in shown],
        "embeds": message.embeds,
        "components": _with_fresh_links(message.components, cdn),
        "timestamp": timestamp(message.created_at),
        "edited_timestamp": timestamp(message.edited_at) if message.edited_at else None,
        "flags": int(message.flags),
        "pinned": False,
        "tts": False,
    }
    if message.interaction_metadata is not None:
        payload |= _interaction_part(message, message.interaction_metadata)
    if message.stickers:
        payload["sticker_items"] = message.stickers
    if message.forwards is not None:
        payload |= _forward_part(message.forwards, cdn)
    if message.nonce is not None:
        payload["nonce"] = message.nonce
    if message.replies_to is not None and with_reference:
        payload |= _reference_part(message.replies_to, cdn)
    return payload


def shown_attachments(message: Message) -> set[int]:
    """Ids of the attachments that a component or an embed of the message shows."""
    in_components = {
        int(media["attachment_id"]) for media in media_items(message.components) if "attachment_id" in media
    }
    return message.embedded | in_components


def _with_fresh_links(components: list[dict[str, Any]], cdn: Cdn) -> list[dict[str, Any]]:
    """A copy with new signatures in its CDN links, as in every payload of Discord."""
    components = copy.deepcopy(components)
    for media in media_items(components):
        if "attachment_id" in media:
            media["url"] = media["proxy_url"] = cdn.refreshed(media["url"]) or media["url"]
    return components


def _interaction_part(message: Message, metadata: dict[str, Any]) -> dict[str, Any]:
    part: dict[str, Any] = {
        "application_id": str(message.author.id),
        "webhook_id": str(message.author.id),
        "interaction_metadata": metadata,
    }
    if message.command_name is not None:
        part["interaction"] = {
            "id": metadata["id"],
            "type": metadata["type"],
            "name": message.command_name,
            "user": metadata["user"],
        }
    return part


def _reference_part(original: Message, cdn: Cdn) -> dict[str, Any]:
    reference: dict[str, Any] = {
        "type": 0,
        "message_id": str(original.id),
        "channel_id": str(original.channel.id),
    }
    if original.channel.guild is not None:
        reference["guild_id"] = str(original.channel.guild.id)
    shown = None if original.deleted else message_payload(original, cdn, with_reference=False)
    return {"message_reference": reference, "referenced_message": shown}


_OF_SNAPSHOT = [
    "type",
    "content",
    "mentions",
    "mention_roles",
    "attachments",
    "embeds",
    "timestamp",
    "edited_timestamp",
    "flags",
    "components",
    "sticker_items",
]


def _forward_part(original: Message, cdn: Cdn) -> dict[str, Any]:
    """A forward holds a copy of what it forwards, without author and place (docs: resources/message, snapshots)."""
    copied = message_payload(original, cdn, with_reference=False)
    reference = {"type": 1, "message_id": str(original.id), "channel_id": str(original.channel.id)}
    snapshot = {key: copied[key] for key in _OF_SNAPSHOT if key in copied}
    return {"message_reference": reference, "message_snapshots": [{"message": snapshot}]}
