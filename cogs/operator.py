"""``/operator``: what all servers used, which of them may use Kinora, and the rules of those without their own."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import UserError
from bot.gateway.answers import defer_privately
from bot.gateway.client import KinoraBot
from bot.gateway.known_server import known_server
from bot.i18n.translation import _
from bot.models import DiscordLimits
from bot.policy.limit_usage import LimitUsage
from bot.policy.limits import OPERATOR
from bot.reports.usage_report import Tally
from bot.storage.guilds import DEFAULTS
from bot.texts.operator import (
    NO_SERVER,
    NOT_YOURS,
    USE_THESE,
    ServerAccess,
    allowed_view,
    cap_view,
    defaults_set_view,
    defaults_view,
    denied_view,
    newcomers_view,
    server_words,
    totals_view,
)
from bot.texts.punctuation import noted
from cogs.limits.options import limit_options
from cogs.shared.choices import choices
from cogs.shared.layout import show_privately
from cogs.shared.localized import GuardedItem
from cogs.usage.periods import PERIOD_CHOICES, Period

_LARGEST_ID = 2**63 - 1

log = logging.getLogger(__name__)


class UseDefaultsButton(GuardedItem[discord.ui.Button[Any]], command="operator", template="kinora-operator:defaults"):
    """The confirmation: makes the rules of the server it is pressed in those of servers without their own."""

    def __init__(self) -> None:
        super().__init__(
            discord.ui.Button(
                label=_(USE_THESE), style=discord.ButtonStyle.primary, custom_id="kinora-operator:defaults"
            )
        )

    async def use(self, interaction: discord.Interaction[KinoraBot]) -> None:
        """Put the rules in force."""
        await _owner_only(interaction)
        guilds, known = interaction.client.app.guilds, known_server(interaction)
        before = await guilds.policy(DEFAULTS)
        here = await guilds.policy(interaction.guild_id or 0)
        await guilds.set_default(here, interaction.user.id, datetime.now(UTC))
        await show_privately(interaction, defaults_set_view(before, await guilds.policy(DEFAULTS), known))


# Hidden from all but administrators. What decides is the check below: no server's settings may give this away.
@app_commands.default_permissions()
class Operator(commands.GroupCog, group_name="operator", group_description="For the bot's owner"):
    """Answers the owner of the application, in private, in any server."""

    def __init__(self, bot: KinoraBot) -> None:
        self._bot = bot
        self._app = bot.app

    async def interaction_check(self, interaction: discord.Interaction[KinoraBot]) -> bool:  # type: ignore[override]
        """Turn everybody else away, from each command. Autocompletion is not checked here."""
        try:
            await defer_privately(interaction)
            await _owner_only(interaction)
        except UserError as error:
            # discord.py hands on nothing but errors of its own kind.
            raise app_commands.CheckFailure from error
        return True

    @app_commands.command(description="What all servers together used, and the busiest ones")
    @app_commands.describe(period="Which days, in UTC; 30 days by default")
    @app_commands.choices(period=PERIOD_CHOICES)
    async def usage(self, interaction: discord.Interaction[KinoraBot], period: str | None = None) -> None:
        """Show the totals."""
        since, until = Period.of(period).span(datetime.now(UTC).date())
        totals = await self._app.usage.over_guilds(since, until)
        earlier = await self._app.usage.over_guilds(since - (until - since + timedelta(1)), since - timedelta(1))
        before = sum((total.tally for total in earlier), Tally())
        denied = await self._app.guilds.denied()
        standing = ServerAccess(len(set(denied) - {DEFAULTS}), newcomers=DEFAULTS not in denied)
        await show_privately(interaction, totals_view(since, until, totals, before, standing, self._name_of))

    @app_commands.command(description="Stop a server from starting videos")
    @app_commands.describe(server="Its name from the list, or its id")
    async def deny(self, interaction: discord.Interaction[KinoraBot], server: str) -> None:
        """Shut a server out."""
        guild_id = _id_of(server)
        await self._app.guilds.allow(guild_id, allowed=False)
        await show_privately(interaction, denied_view(server_words(guild_id, self._name_of(guild_id))))

    @app_commands.command(description="Let a server use Kinora")
    @app_commands.describe(server="Its name from the list, or its id")
    async def allow(self, interaction: discord.Interaction[KinoraBot], server: str) -> None:
        """Let a server in."""
        guild_id = _id_of(server)
        await self._app.guilds.allow(guild_id, allowed=True)
        await show_privately(interaction, allowed_view(server_words(guild_id, self._name_of(guild_id))))

    @app_commands.command(description="Limits for all servers together; shows them by default")
    @limit_options(only=lambda kind: kind.for_operator, clear="Remove the limits that you don't give")
    async def cap(
        self, interaction: discord.Interaction[KinoraBot], /, *, clear: bool = False, **limits: int | None
    ) -> None:
        """Set the given limits over all servers, or show them."""
        given = {name: value for name, value in limits.items() if value is not None}
        now = datetime.now(UTC)
        before, after = await self._app.guilds.change_cap(interaction.user.id, now, given, clear=clear)
        if after != before:
            log.warning("the operator changed the cap over all servers: %s", after.limits or "none")
        used = await self._app.counters.used(OPERATOR, None, now)
        priced = any(model.price_of() for model in self._app.settings.models)
        view = cap_view(LimitUsage(after, used, now), changed=after != before, priced=priced)
        await show_privately(interaction, view)

    @deny.autocomplete("server")
    @allow.autocomplete("server")
    async def servers(self, interaction: discord.Interaction[KinoraBot], typed: str) -> list[app_commands.Choice[str]]:
        """Offer the servers that Kinora is in. This is not run through ``interaction_check``."""
        if not await interaction.client.is_owner(interaction.user):
            return []
        sought = typed.casefold()
        room = DiscordLimits.CHOICE - len(f" ({_LARGEST_ID})")
        names = sorted((noted(guild.name[:room], str(guild.id)), guild.id) for guild in self._bot.guilds)
        found = [(name, guild_id) for name, guild_id in names if sought in name.casefold()]
        return choices((name, str(guild_id)) for name, guild_id in found)

    @app_commands.command(description="Whether servers you haven't decided on can use Kinora")
    @app_commands.describe(allowed="True: they can. False: only those you allow by name")
    async def newcomers(self, interaction: discord.Interaction[KinoraBot], allowed: bool) -> None:
        """Open or close the door."""
        await self._app.guilds.allow(DEFAULTS, allowed)
        await show_privately(interaction, newcomers_view(allowed=allowed))

    @app_commands.command(description="Copy this server's rules to servers that have set nothing")
    async def defaults(self, interaction: discord.Interaction[KinoraBot]) -> None:
        """Show both rules and ask."""
        default = await self._app.guilds.policy(DEFAULTS)
        here = (await self._app.guilds.policy(interaction.guild_id or 0)).general()
        view = defaults_view(default, here, known_server(interaction))
        await show_privately(interaction, view, *([UseDefaultsButton()] if default != here else []))

    def _name_of(self, guild_id: int) -> str | None:
        guild = self._bot.get_guild(guild_id)
        return guild.name if guild else None


async def _owner_only(interaction: discord.Interaction[KinoraBot]) -> None:
    """Raise UserError unless the application's owner, or a member of the team that owns it, uses ``interaction``."""
    if not await interaction.client.is_owner(interaction.user):
        raise UserError(_(NOT_YOURS))


def _id_of(text: str) -> int:
    """Return the id that was chosen or typed. Raises UserError."""
    # Zero is not an id: it stands for all servers that nothing was said of.
    if not re.fullmatch(r"[1-9][0-9]{0,18}", text.strip()) or int(text) > _LARGEST_ID:
        raise UserError(_(NO_SERVER))
    return int(text)


async def setup(bot: KinoraBot) -> None:
    """Add the feature to ``bot``."""
    bot.add_dynamic_items(UseDefaultsButton)
    await bot.add_cog(Operator(bot))
