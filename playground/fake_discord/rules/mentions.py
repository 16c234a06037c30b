"""Mentions: the users and roles that a text names, and those that `allowed_mentions` lets it notify."""

from __future__ import annotations

import re
from typing import Any

from playground.fake_discord.world.messages import Message, Pings
from playground.fake_discord.world.permissions import Permission
from playground.fake_discord.world.world import World

_USER = re.compile(r"<@!?(\d{15,20})>")
_ROLE = re.compile(r"<@&(\d{15,20})>")
_EVERYONE = re.compile(r"@(everyone|here)\b")

MESSAGE_DEFAULT: dict[str, Any] = {"parse": ["users", "roles", "everyone"], "replied_user": True}
"""What Discord assumes when a bot's message says nothing about mentions."""

INTERACTION_DEFAULT: dict[str, Any] = {"parse": ["users"]}
"""The same for replies to interactions, which act like webhooks."""


def mark_mentions(message: Message, text: str, allowed: dict[str, Any], world: World) -> Pings:
    """Set the message's mention fields from `text`, and return the users and roles a new message would notify.

    A user who is named but not allowed is shown as a mention and neither listed nor notified.
    """
    parse = allowed.get("parse") or []
    named_users = [int(found) for found in _USER.findall(text)]
    listed_users = {int(user) for user in allowed.get("users") or []}
    users = {user for user in named_users if user in world.users and ("users" in parse or user in listed_users)}
    if message.replies_to is not None and allowed.get("replied_user"):
        users.add(message.replies_to.author.id)

    guild = message.channel.guild
    may_mention_all = bool(message.channel.permissions_of(message.author) & Permission.MENTION_EVERYONE)
    listed_roles = {int(role) for role in allowed.get("roles") or []}
    roles = {
        role.id
        for role in (guild.roles if guild else [])
        if str(role.id) in _ROLE.findall(text)
        and (role.mentionable or may_mention_all)
        and ("roles" in parse or role.id in listed_roles)
    }
    everyone = bool(_EVERYONE.search(text)) and "everyone" in parse and may_mention_all and guild is not None

    message.mentions = [world.users[user] for user in sorted(users)]
    message.mentioned_roles = sorted(roles)
    message.mentions_everyone = everyone
    return Pings(frozenset(users), frozenset(roles), everyone)
