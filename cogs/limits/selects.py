"""The selects for channels, roles and models. A choice holds at once; the selects outlive restarts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Self

import discord

from bot.gateway.client import Interaction
from bot.gateway.known_server import known_server
from bot.i18n.translation import _
from bot.models import DiscordLimits, VideoModel
from bot.policy.policy import Policy
from bot.texts.limits import ACCESS_WORDS, access_view
from bot.texts.policy import KnownServer
from cogs.limits.change import change_rules, show_saved
from cogs.shared.localized import GuardedItem

MOST = DiscordLimits.CHOICES
_PLACES = ("text", "news", "voice", "stage_voice", "forum", "media", "category")
_CHANNEL_TYPES = [discord.ChannelType[place] for place in _PLACES]


class AccessSelect(
    GuardedItem[discord.ui.Item[Any]], command="limits", template=r"limits:(?P<rule>channels|roles|models)"
):
    """Where, by whom, or with which models videos may be made."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the select that was used, as it stands in the message."""
        return cls(item)

    async def use(self, interaction: Interaction) -> None:
        data: Any = interaction.data
        rule, here = self.custom_id.partition(":")[2], known_server(interaction)
        if rule == "models":
            chosen: frozenset[Any] = frozenset(data["values"]) & {model.name for model in here.models}
        else:
            chosen = frozenset(map(int, data["values"]))
            if interaction.guild_id in chosen:  # @everyone is a role like others, with the server's own id
                chosen = frozenset()
        before, after = await change_rules(interaction, lambda policy: replace(policy, **{rule: chosen}))  # type: ignore[arg-type]
        await show_saved(
            interaction,
            lambda: access_view(rule, after, here, before),
            lambda: [access_select(rule, after, here)],
        )


def access_select(rule: str, policy: Policy, here: KnownServer) -> AccessSelect:
    """Return the select for ``rule``: ``channels``, ``roles`` or ``models``, with the present choice chosen."""
    _head, unchosen, _hint = ACCESS_WORDS[rule]
    shared: Any = {"custom_id": f"limits:{rule}", "placeholder": _(unchosen), "min_values": 0, "max_values": MOST}
    if rule == "channels":
        chosen = sorted(filter(here.has_channel, policy.channels))[:MOST]
        values = [discord.SelectDefaultValue.from_channel(discord.Object(channel)) for channel in chosen]
        return AccessSelect(discord.ui.ChannelSelect(**shared, channel_types=_CHANNEL_TYPES, default_values=values))
    if rule == "roles":
        chosen = sorted(filter(here.has_role, policy.roles))[:MOST]
        values = [discord.SelectDefaultValue.from_role(discord.Object(role)) for role in chosen]
        return AccessSelect(discord.ui.RoleSelect(**shared, default_values=values))
    options = [_option(model, policy) for model in here.models[:MOST]]
    shared["max_values"] = len(options)
    return AccessSelect(discord.ui.Select(**shared, options=options, required=False))


def _option(model: VideoModel, policy: Policy) -> discord.SelectOption:
    label = model.label[: DiscordLimits.CHOICE]
    return discord.SelectOption(label=label, value=model.name, default=model.name in policy.models)
