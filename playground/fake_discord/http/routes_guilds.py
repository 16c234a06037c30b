"""Routes for the guilds that the bot is in: their list, and the channels, roles and members of each."""

from __future__ import annotations

from collections.abc import Iterator

from playground.fake_discord.http.server import Answer, Call, Route
from playground.fake_discord.payloads.entities import channel_payload, member_payload, role_payload
from playground.fake_discord.payloads.guilds import guild_payload, member_counts, own_guild_payload
from playground.fake_discord.platform import Platform
from playground.fake_discord.world.entities import Guild
from playground.fake_discord.world.errors import unknown_guild, unknown_member
from playground.fake_discord.world.world import World

MAX_PAGE = 200


class GuildRoutes:
    """Guilds as the REST API returns them."""

    def __init__(self, platform: Platform) -> None:
        self._world = platform.world

    def routes(self) -> Iterator[Route]:
        """The routes served here."""
        guild = "/guilds/{guild_id}"
        yield Route("GET", "/users/@me/guilds", self.own_guilds)
        yield Route("GET", guild, self.guild, bucket="guild_id")
        yield Route("GET", f"{guild}/channels", self.channels, bucket="guild_id")
        yield Route("GET", f"{guild}/roles", self.roles, bucket="guild_id")
        yield Route("GET", f"{guild}/members/{{user_id}}", self.member, bucket="guild_id")

    async def own_guilds(self, call: Call) -> Answer:
        """A page of the guilds the bot is in, by their ids."""
        bot, query = self._world.bot, call.query
        after, before = int(query.get("after") or 0), int(query.get("before") or 2**63)
        limit = min(int(query.get("limit") or MAX_PAGE), MAX_PAGE)
        inside = sorted((g for g in self._world.guilds.values() if bot.id in g.members), key=lambda g: g.id)
        page = [guild for guild in inside if after < guild.id < before]
        page = page[-limit:] if "before" in query else page[:limit]
        with_counts = _wants_counts(call)
        return Answer([own_guild_payload(guild, bot, with_counts=with_counts) for guild in page])

    async def guild(self, call: Call) -> Answer:
        """One guild."""
        guild = guild_of_bot(self._world, call)
        return Answer(guild_payload(guild) | (member_counts(guild) if _wants_counts(call) else {}))

    async def channels(self, call: Call) -> Answer:
        """Every channel of a guild, those included that the bot cannot see; no threads."""
        return Answer([channel_payload(channel) for channel in guild_of_bot(self._world, call).channels])

    async def roles(self, call: Call) -> Answer:
        """The roles of a guild."""
        return Answer([role_payload(role) for role in guild_of_bot(self._world, call).roles])

    async def member(self, call: Call) -> Answer:
        """One member of a guild."""
        member = guild_of_bot(self._world, call).members.get(call.id("user_id"))
        if member is None:
            raise unknown_member()
        return Answer(member_payload(member))


def guild_of_bot(world: World, call: Call) -> Guild:
    """The guild of the path; raises 10004 unless the bot is in it."""
    guild = world.guilds.get(call.id("guild_id"))
    if guild is None or world.bot.id not in guild.members:
        raise unknown_guild()
    return guild


def _wants_counts(call: Call) -> bool:
    return call.query.get("with_counts") in ("1", "true")
