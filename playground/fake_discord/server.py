"""The fake Discord on a loopback port: REST API, gateway and CDN, with people who use the bot."""

from __future__ import annotations

import asyncio

from aiohttp import web

from playground.clock import Clock
from playground.fake_discord.http.routes_application import ApplicationRoutes
from playground.fake_discord.http.routes_channels import ChannelRoutes
from playground.fake_discord.http.routes_guilds import GuildRoutes
from playground.fake_discord.http.routes_interactions import InteractionRoutes
from playground.fake_discord.http.routes_webhooks import WebhookRoutes
from playground.fake_discord.http.server import API, Rest
from playground.fake_discord.people.command_calls import check_offered
from playground.fake_discord.people.managing import Managing
from playground.fake_discord.people.people import People, button_id
from playground.fake_discord.people.watching import Watching
from playground.fake_discord.platform import Platform
from playground.fake_discord.state.cdn import PREFIX
from playground.fake_discord.state.command_permissions import Target
from playground.fake_discord.state.commands import CommandDefinition
from playground.fake_discord.world.default_world import default_world
from playground.fake_discord.world.entities import Channel, Guild, User
from playground.fake_discord.world.errors import CannotDo, NotAllowed
from playground.fake_discord.world.interaction import Interaction, TokenDeath
from playground.fake_discord.world.uploads import Upload
from playground.fake_discord.world.world import World

__all__ = ["CannotDo", "DiscordServer", "Interaction", "NotAllowed", "Upload", "button_id"]

MAX_REQUEST = 600 * 1024 * 1024


class DiscordServer(People, Managing, Watching):
    """Serves one world to one bot.

    `People` has the actions of people, `Managing` the changes of their servers, `Watching` follows those of messages.
    """

    def __init__(self, *, clock: Clock | None = None, world: World | None = None) -> None:
        clock = clock or Clock()
        platform = Platform(clock, world or default_world(clock))
        People.__init__(self, platform)
        Managing.__init__(self, platform)
        Watching.__init__(self, platform)
        self.clock = clock
        self.token = platform.token
        self.events = platform.events
        self.faults = platform.faults
        self.requests = platform.requests
        self.commands = platform.commands
        self.cdn = platform.cdn
        self.session_starts = platform.session_starts
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        """The root of the REST API, for the bot's settings."""
        return f"{self.cdn.origin}{API}"

    @property
    def gateway_url(self) -> str:
        """The gateway's URL, for the bot's settings."""
        return self._platform.gateway.url

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes any free one."""
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        self._runner = runner
        bound = runner.addresses[0][1]
        self.cdn.origin = f"http://127.0.0.1:{bound}"
        self._platform.gateway.url = f"ws://127.0.0.1:{bound}/gateway"

    async def stop(self) -> None:
        """Close every connection, stop listening, and delete the uploaded files."""
        await self._platform.interactions.close()
        await self._platform.gateway.drop(code=1001)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        self.cdn.close()

    async def wait_until_ready(self, timeout: float = 30.0) -> None:  # noqa: ASYNC109  a deadline is what callers ask for
        """Return once every shard is connected and commands are registered; TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            await self._platform.commands.registered.wait()
            await self._platform.gateway.wait_until(ready=True)

    async def wait_until_gone(self, timeout: float = 30.0) -> None:  # noqa: ASYNC109  a deadline is what callers ask for
        """Return once the bot is no longer connected; TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            await self._platform.gateway.wait_until(ready=False)

    def commands_for(self, person: User, channel: Channel) -> list[CommandDefinition]:
        """The slash and menu commands that Discord would offer `person` in `channel`."""
        scopes = (None,) if channel.guild is None else (None, channel.guild.id)
        definitions = [definition for scope in scopes for definition in self.commands.listing(scope)]
        return [definition for definition in definitions if self._offers(definition, person, channel)]

    async def drop_gateway(self, code: int = 4000) -> None:
        """Close the bot's sockets; it may RESUME."""
        await self._platform.gateway.drop(code)

    async def take_gateway_away(self) -> None:
        """Close the bot's sockets and refuse new ones until `bring_gateway_back`."""
        self._platform.gateway.away = True
        await self._platform.gateway.drop()

    def bring_gateway_back(self) -> None:
        """Accept connections again."""
        self._platform.gateway.away = False

    async def invalidate_sessions(self, *, resumable: bool = False) -> None:
        """Send op 9; unless `resumable` the bot must IDENTIFY again."""
        await self._platform.gateway.invalidate(resumable=resumable)

    async def hold_guilds_back(self) -> None:
        """End the bot's sessions; in new ones READY comes, and no GUILD_CREATE until `send_guilds`."""
        self._platform.gateway.holds_guilds_back = True
        await self.invalidate_sessions()

    async def send_guilds(self) -> None:
        """Send the guilds that were held back."""
        await self._platform.gateway.send_guilds()

    async def remove_bot(self, guild: Guild) -> None:
        """Remove the bot from a server, as its managers do: its shard is told, and requests there find nothing.

        KeyError if the bot is not in it.
        """
        del guild.members[self.world.bot.id]
        # Without `unavailable`, which tells a removal from an outage (docs: events/gateway-events, "Guild Delete").
        await self._platform.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild.id)

    async def allow_command(self, guild: Guild, command: str | None, to: Target, allowed: bool | None = True) -> None:
        """Allow the command (or deny it, or leave it open again), as administrators do under Integrations.

        `command` is the name of a slash command without subcommands, or of a menu entry, None all of the bot's
        together. CannotDo if the bot has not registered it.
        """
        named = self.commands.named(command.removeprefix("/"), guild) if command else []
        for owner in [int(definition["id"]) for definition in named] or [self.world.application_id]:
            payload = self._platform.command_permissions.set(guild, owner, to, allowed=allowed)
            await self._platform.gateway.dispatch("APPLICATION_COMMAND_PERMISSIONS_UPDATE", payload, guild.id)

    def kill_token(self, interaction: Interaction, as_: TokenDeath = "401") -> None:
        """End an interaction's token early: "401" answers 50027 as after 15 minutes, "404" answers 10015."""
        interaction.killed_as = as_

    def _offers(self, definition: CommandDefinition, person: User, channel: Channel) -> bool:
        try:
            check_offered(definition, person, channel, self._platform.command_permissions)
        except NotAllowed:
            return False
        return True

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=MAX_REQUEST)
        groups = (ApplicationRoutes, GuildRoutes, InteractionRoutes, WebhookRoutes, ChannelRoutes)
        routes = (route for group in groups for route in group(self._platform).routes())
        Rest(self._platform, routes).add_to(application)
        application.router.add_get("/gateway", self._platform.gateway.serve)
        application.router.add_get("/gateway/", self._platform.gateway.serve)
        application.router.add_get(f"{PREFIX}{{path:.+}}", self.cdn.serve)
        return application
