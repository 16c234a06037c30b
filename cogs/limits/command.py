"""The commands of ``/limits``, with which managers set the rules of their server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import UserError
from bot.gateway.answers import defer_privately
from bot.gateway.client import Interaction
from bot.gateway.known_server import known_server
from bot.i18n.translation import _
from bot.i18n.typed_text import typed
from bot.policy.policy import MEMBER, ROLE, SERVER, Policy
from bot.policy.server_pause import ServerPause
from bot.texts.blocks import MAX_REASON
from bot.texts.limit_problems import NUMBERS_AND_UNLIMITED, ROLE_OF_EVERYBODY, no_log_there
from bot.texts.limits import (
    RulesOrigin,
    access_view,
    changed_view,
    changes_view,
    lift_label,
    manner_view,
    rules_view,
    unnamed_role,
    unset_view,
)
from bot.texts.pauses import PAUSE_LENGTHS, pause_line, paused_view, resume_line, resumed_words
from bot.texts.policy import KnownServer
from bot.texts.view import View, cut
from cogs.limits.change import change_rules, show_saved
from cogs.limits.edits import limits_in_force, with_numbers, with_unlimited, without
from cogs.limits.log_channel import LogChannelOption, missing_in
from cogs.limits.options import limit_options
from cogs.limits.selects import access_select
from cogs.limits.words import WordCommands
from cogs.shared.choices import choices
from cogs.shared.layout import show_privately

_PAUSE_LENGTHS = [app_commands.Choice(name=words, value=words) for words in PAUSE_LENGTHS]
MAX_PAUSE_AFTER = 100
MAX_PROMPT_DAYS = 3650
_ROLE_SHOWN = 40  # characters of a role's name beside its limits, of the hundred that a choice may have
_READ = 100  # changes, of which some may say nothing to people


# A default that the server's own settings may change; a second check in code would undo what its managers chose.
@app_commands.default_permissions(manage_guild=True)
class Limits(commands.GroupCog, group_name="limits", group_description="This server's rules, for its managers"):
    """Answers managers, in private and about their own server only."""

    words = WordCommands()

    @app_commands.command(description="The rules, and how much of the limits is used")
    async def show(self, interaction: Interaction) -> None:
        await defer_privately(interaction)
        app, guild_id, now = interaction.client.app, interaction.guild_id or 0, datetime.now(UTC)
        guild = await app.guilds.get(guild_id)
        used = await app.counters.used(guild_id, None, now)
        origin = RulesOrigin.OPERATOR if guild.policy != Policy() else RulesOrigin.KINORA
        if guild.is_own:
            origin = RulesOrigin.OWN
        here, pause = known_server(interaction), guild.pause_at(now)
        view = rules_view(
            guild.policy, here, used, now, origin=origin, allowed=guild.allowed, pause=pause, words=guild.words
        )
        await show_privately(interaction, view)

    @app_commands.command(description="Stop new videos here for a while; those in progress go on")
    @app_commands.rename(length="for")
    @app_commands.describe(length="For how long? Leave it out to pause until you resume", reason="Why; members see it")
    @app_commands.choices(length=_PAUSE_LENGTHS)
    async def pause(
        self,
        interaction: Interaction,
        length: str | None = None,
        reason: app_commands.Range[str, 1, MAX_REASON] | None = None,
    ) -> None:
        await defer_privately(interaction)
        now = datetime.now(UTC)
        pause = ServerPause(interaction.user.id, now + PAUSE_LENGTHS[length] if length else None, typed(reason or ""))
        await self._put_pause(interaction, pause, now)
        await show_saved(interaction, partial(paused_view, pause))

    @app_commands.command(description="Let members make videos here again")
    async def resume(self, interaction: Interaction) -> None:
        await defer_privately(interaction)
        found = await self._put_pause(interaction, None, datetime.now(UTC))
        await interaction.edit_original_response(content=resumed_words(found=found is not None))

    @app_commands.command(description="Limits for everyone together")
    @limit_options(only=lambda kind: kind.for_server)
    async def server(self, interaction: Interaction, /, **limits: int | None) -> None:
        await self._set(interaction, SERVER, limits)

    @app_commands.command(description="Limits for each member")
    @limit_options()
    async def member(self, interaction: Interaction, /, **limits: int | None) -> None:
        await self._set(interaction, MEMBER, limits)

    @app_commands.command(description="Limits for members with a role, instead of those per member")
    @limit_options(role="Which role", unlimited="No member limits for this role")
    async def role(
        self, interaction: Interaction, /, role: discord.Role, *, unlimited: bool | None = None, **limits: int | None
    ) -> None:
        if role.is_default():
            raise UserError(_(ROLE_OF_EVERYBODY))
        numbers = any(value is not None for value in limits.values())
        if unlimited and numbers:
            raise UserError(_(NUMBERS_AND_UNLIMITED))
        if unlimited is None or numbers:
            await self._set(interaction, f"{ROLE}.{role.id}", limits)
        else:
            await self._change(interaction, lambda policy: with_unlimited(policy, role.id, unlimited))

    @app_commands.command(description="Remove a limit")
    @app_commands.describe(limit="Which one")
    async def lift(self, interaction: Interaction, limit: str) -> None:
        """Take one limit away, or all of a role's own."""
        await self._change(interaction, lambda policy: without(policy, limit))

    @lift.autocomplete("limit")
    async def _offer_limits(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        guild, here = interaction.guild, known_server(interaction)
        policy = await interaction.client.app.guilds.policy(interaction.guild_id or 0)

        def name_of(role_id: int) -> str:
            role = guild.get_role(role_id) if guild else None
            return f"@{cut(role.name, _ROLE_SHOWN)}" if role else unnamed_role(role_id, here)

        named = [(lift_label(key, policy, name_of), key) for key in limits_in_force(policy)]
        return choices((name, key) for name, key in named if typed.lower() in name.lower())

    @app_commands.command(description="Where videos can be made")
    async def channels(self, interaction: Interaction) -> None:
        await self._offer(interaction, "channels")

    @app_commands.command(description="Whether videos need an age-restricted channel")
    @app_commands.describe(only="Yes: only in age-restricted channels; no: everywhere")
    async def age_restricted(self, interaction: Interaction, only: bool) -> None:
        await self._change(interaction, lambda policy: replace(policy, age_restricted=only))

    @app_commands.command(description="Which roles can make videos")
    async def roles(self, interaction: Interaction) -> None:
        await self._offer(interaction, "roles")

    @app_commands.command(description="Which models can be used")
    async def models(self, interaction: Interaction) -> None:
        await self._offer(interaction, "models")

    @app_commands.command(description="What happens when the video service refuses a request")
    @app_commands.describe(
        count="Whether a refused request counts as a video",
        public="Whether everyone in the channel sees the reason",
        pause_after="Refused prompts in 24 hours that pause a member for an hour; 0 for never",
    )
    async def refusals(
        self,
        interaction: Interaction,
        count: bool | None = None,
        public: bool | None = None,
        pause_after: app_commands.Range[int, 0, MAX_PAUSE_AFTER] | None = None,
    ) -> None:
        options = {"refusals_count": count, "refusals_public": public, "pause_after": pause_after}
        if chosen := {name: value for name, value in options.items() if value is not None}:
            await self._change(interaction, lambda policy: replace(policy, **chosen))  # type: ignore[arg-type]
        else:
            await self._show(interaction, manner_view)

    @app_commands.command(description="A channel for finished videos, pauses, blocks and rule changes")
    @app_commands.describe(channel="Which channel; leave it out for no log")
    async def log(
        self,
        interaction: Interaction,
        channel: app_commands.Transform[app_commands.AppCommandChannel, LogChannelOption] | None = None,
    ) -> None:
        await defer_privately(interaction)
        if channel and (missing := await missing_in(channel)):
            raise UserError(no_log_there(channel.mention, missing))
        channel_id = channel.id if channel else None
        interaction.client.silent_logs -= {channel_id}  # a manager means it to take lines again
        await self._apply(interaction, lambda policy: replace(policy, log_channel=channel_id))

    @app_commands.command(description="How long prompts are kept; counts stay")
    @app_commands.describe(days="Days until prompts are erased; 0 for within a day")
    async def prompts(self, interaction: Interaction, days: app_commands.Range[int, 0, MAX_PROMPT_DAYS]) -> None:
        await self._change(interaction, lambda policy: replace(policy, prompt_days=days))

    @app_commands.command(description="Who changed which rule, and when")
    async def changes(self, interaction: Interaction) -> None:
        await defer_privately(interaction)
        found = await interaction.client.app.guilds.changes(interaction.guild_id or 0, _READ)
        await show_privately(interaction, changes_view(found, known_server(interaction)))

    async def _put_pause(
        self, interaction: Interaction, pause: ServerPause | None, now: datetime
    ) -> ServerPause | None:
        """Let ``pause`` hold, None for none, tell the server's log, and return the one that held before."""
        bot, guild_id, user_id = interaction.client, interaction.guild_id or 0, interaction.user.id
        before = await bot.app.guilds.set_pause(guild_id, user_id, now, pause)
        if pause:
            bot.tell_log(guild_id, partial(pause_line, pause))
        elif before:
            bot.tell_log(guild_id, partial(resume_line, user_id))
        return before

    async def _set(self, interaction: Interaction, scope: str, limits: Mapping[str, int | None]) -> None:
        if numbers := {name: value for name, value in limits.items() if value is not None}:
            await self._change(interaction, lambda policy: with_numbers(policy, scope, numbers))
        else:
            await self._show(interaction, partial(unset_view, scope))

    async def _change(self, interaction: Interaction, change: Callable[[Policy], Policy]) -> None:
        await defer_privately(interaction)
        await self._apply(interaction, change)

    async def _apply(self, interaction: Interaction, change: Callable[[Policy], Policy]) -> None:
        """Change the rules on behalf of an ``interaction`` that was deferred in private, and show what holds."""
        before, after = await change_rules(interaction, change)
        await show_saved(interaction, lambda: changed_view(before, after, known_server(interaction)))

    async def _offer(self, interaction: Interaction, rule: str) -> None:
        policy, here = await self._rules(interaction)
        await show_privately(interaction, access_view(rule, policy, here), access_select(rule, policy, here))

    async def _show(self, interaction: Interaction, view: Callable[[Policy, KnownServer], View]) -> None:
        await show_privately(interaction, view(*await self._rules(interaction)))

    async def _rules(self, interaction: Interaction) -> tuple[Policy, KnownServer]:
        """Acknowledge ``interaction`` in private, and return the rules of its server and what there is in it."""
        await defer_privately(interaction)
        return await interaction.client.app.guilds.policy(interaction.guild_id or 0), known_server(interaction)
