"""The selects for channels, roles and models. A choice holds at once; the selects outlive restarts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Self

import discord

from bot.gateway.client import Interaction
from bot.i18n.translation import _
from bot.models import DiscordLimits
from bot.policy.policy import Policy
from bot.texts.limits import ACCESS_WORDS, MODELS_CHOSEN, access_view
from bot.texts.policy import KnownServer
from cogs.limits.change import change_rules, known_server
from cogs.shared.layout import show_privately
from cogs.shared.localized import GuardedItem

MOST = DiscordLimits.CHOICES
_PLACES = ("text", "news", "voice", "stage_voice", "forum", "media", "category")
_CHANNEL_TYPES = [discord.ChannelType[place] for place in _PLACES]


class AccessSelect(GuardedItem[discord.ui.Select[Any]], template=r"limits:(?P<rule>channels|roles|models)"):
    """Where, by whom, or with which models videos may be made."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the select that was used, as it stands in the message."""
        return cls(item)  # type: ignore[arg-type]

    async def use(self, interaction: Interaction) -> None:
        data: Any = interaction.data
        await interaction.response.defer()
        await _store(interaction, self.custom_id.partition(":")[2], data["values"])


async def _store(interaction: Interaction, rule: str, values: list[str]) -> None:
    here = known_server(interaction)
    chosen: frozenset[Any] = frozenset(values) if rule == "models" else frozenset(map(int, values))
    if rule == "models":
        chosen &= {model.name for model in here.models}
    elif interaction.guild_id in chosen:  # @everyone is a role like others, with the server's own id
        chosen = frozenset()
    before, after = await change_rules(interaction, lambda policy: replace(policy, **{rule: chosen}))  # type: ignore[arg-type]
    await show_privately(interaction, access_view(rule, after, here, before), access_select(rule, after, here))


def access_select(rule: str, policy: Policy, here: KnownServer) -> AccessSelect:
    """Return the select for ``rule``: ``channels``, ``roles`` or ``models``, with the present choice chosen."""
    _head, unchosen, _hint = ACCESS_WORDS[rule]
    shared = {"custom_id": f"limits:{rule}", "placeholder": _(unchosen), "min_values": 0, "max_values": MOST}
    return AccessSelect(_SELECTS[rule](policy, here, shared))


def _channels(policy: Policy, here: KnownServer, shared: dict[str, Any]) -> Any:
    chosen = sorted(filter(here.has_channel, policy.channels))[:MOST]
    values = [discord.SelectDefaultValue.from_channel(discord.Object(channel)) for channel in chosen]
    return discord.ui.ChannelSelect(**shared, channel_types=_CHANNEL_TYPES, default_values=values)


def _roles(policy: Policy, here: KnownServer, shared: dict[str, Any]) -> Any:
    chosen = sorted(filter(here.has_role, policy.roles))[:MOST]
    values = [discord.SelectDefaultValue.from_role(discord.Object(role)) for role in chosen]
    return discord.ui.RoleSelect(**shared, default_values=values)


def _models(policy: Policy, here: KnownServer, shared: dict[str, Any]) -> Any:
    offered = here.models[:MODELS_CHOSEN]
    options = [
        discord.SelectOption(
            label=model.label[: DiscordLimits.CHOICE], value=model.name, default=model.name in policy.models
        )
        for model in offered
    ]
    return discord.ui.Select(**shared | {"max_values": len(options)}, options=options, required=False)


_SELECTS: dict[str, Callable[[Policy, KnownServer, dict[str, Any]], Any]] = {
    "channels": _channels,
    "roles": _roles,
    "models": _models,
}
