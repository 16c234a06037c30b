"""Routes about the bot itself: its user, application, gateway address and commands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playground.fake_discord.http.routes_guilds import guild_of_bot
from playground.fake_discord.http.server import Answer, Call, Route
from playground.fake_discord.payloads.entities import application_payload, own_user_payload
from playground.fake_discord.platform import Platform
from playground.fake_discord.world.errors import ApiError


class ApplicationRoutes:
    """Routes that a bot calls at its start."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._world = platform.world

    def routes(self) -> Iterator[Route]:
        """The routes served here."""
        commands = "/applications/{application_id}/commands"
        guild_commands = "/applications/{application_id}/guilds/{guild_id}/commands"
        yield Route("GET", "/users/@me", self.own_user)
        yield Route("GET", "/applications/@me", self.application)
        yield Route("GET", "/oauth2/applications/@me", self.application)
        yield Route("GET", "/gateway", self.gateway, bot_token=False)
        yield Route("GET", "/gateway/bot", self.gateway_for_bot)
        for template in (commands, guild_commands):
            yield Route("GET", template, self.commands)
            yield Route("PUT", template, self.replace_commands)
        yield Route("GET", f"{guild_commands}/permissions", self.command_permissions, bucket="guild_id")

    async def own_user(self, call: Call) -> Answer:
        """The bot's account."""
        return Answer(own_user_payload(self._world.bot))

    async def application(self, call: Call) -> Answer:
        """The bot's application."""
        return Answer(application_payload(self._world))

    async def gateway(self, call: Call) -> Answer:
        """The gateway's URL."""
        return Answer({"url": self._platform.gateway.url})

    async def gateway_for_bot(self, call: Call) -> Answer:
        """The gateway's URL, the recommended number of shards, and the session start limit."""
        url, starts = self._platform.gateway.url, self._platform.session_starts
        return Answer({"url": url, "shards": starts.shards, "session_start_limit": starts.payload})

    async def commands(self, call: Call) -> Answer:
        """The registered commands of one scope."""
        scope = self._scope(call)
        listing = self._platform.commands.listing(scope)
        if call.query.get("with_localizations") in ("1", "true"):
            return Answer(listing)
        hidden = {"name_localizations", "description_localizations"}
        return Answer([_without(command, hidden) for command in listing])

    async def replace_commands(self, call: Call) -> Answer:
        """Bulk overwrite of one scope."""
        return Answer(self._platform.commands.replace(self._scope(call), call.body.array))

    async def command_permissions(self, call: Call) -> Answer:
        """What a guild has set for the commands, and for all of them together."""
        self._scope(call)
        return Answer(self._platform.command_permissions.listing(guild_of_bot(self._world, call)))

    def _scope(self, call: Call) -> int | None:
        if call.id("application_id") != self._world.application_id:
            raise ApiError(403, 20012, "You are not authorized to perform this action on this application")
        return guild_of_bot(self._world, call).id if "guild_id" in call.params else None


def _without(command: dict[str, Any], hidden: set[str]) -> dict[str, Any]:
    return {key: value for key, value in command.items() if key not in hidden}
