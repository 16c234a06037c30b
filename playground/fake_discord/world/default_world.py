"""Ready-made worlds: two servers with people of different permissions, or many servers for many shards."""

from __future__ import annotations

from datetime import timedelta

from playground.clock import Clock
from playground.fake_discord.world.entities import Guild, User
from playground.fake_discord.world.permissions import MEMBER_DEFAULTS, MODERATOR, NOTHING, Overwrite, Permission
from playground.fake_discord.world.snowflakes import MILLISECOND
from playground.fake_discord.world.world import World

TEST_SERVER = "Kinora Test Server"
OTHER_SERVER = "Another Server"
_AGE = timedelta(days=400)


def default_world(clock: Clock) -> World:
    """Mara and Ben are members, Mo is a moderator, Olga the owner; members and the bot cannot see #staff.

    The test server also has a role "Patrons" without permissions and without members.
    """
    world = World(clock)
    people = {name: world.add_user(name.lower(), name) for name in ("Mara", "Ben", "Mo", "Olga")}
    # A millisecond apart, so that each of two shards has one of the servers.
    first, second = (world.ids.aged(_AGE - timedelta(milliseconds=later)) for later in (0, 1))
    main = world.add_guild(TEST_SERVER, people["Olga"], MEMBER_DEFAULTS, snowflake=first)
    _fill_test_server(world, main, people)
    other = world.add_guild(OTHER_SERVER, people["Olga"], MEMBER_DEFAULTS, snowflake=second)
    world.add_member(other, people["Ben"])
    _invite_bot(world, other)
    world.add_channel(other, "general")
    return world


def wide_world(clock: Clock, servers: int) -> World:
    """`servers` servers, "Server 0" and so on, each on the next shard. Mara and Ben are members of all."""
    world = World(clock)
    olga, *members = (world.add_user(name.lower(), name) for name in ("Olga", "Mara", "Ben"))
    # The milliseconds of an id determine its shard: consecutive ones go to consecutive shards.
    oldest = world.ids.aged(_AGE) >> MILLISECOND
    first = oldest - oldest % servers
    for number in range(servers):
        guild = world.add_guild(f"Server {number}", olga, MEMBER_DEFAULTS, snowflake=(first + number) << MILLISECOND)
        for member in members:
            world.add_member(guild, member)
        _invite_bot(world, guild)
        world.add_channel(guild, "general")
    return world


def _fill_test_server(world: World, guild: Guild, people: dict[str, User]) -> None:
    world.add_role(guild, "Patrons", NOTHING)
    moderators = world.add_role(guild, "Moderator", MODERATOR)
    administrators = world.add_role(guild, "Administrator", Permission.ADMINISTRATOR)
    for name, roles in {"Mara": (), "Ben": (), "Mo": (moderators,), "Olga": (administrators,)}.items():
        world.add_member(guild, people[name], *roles)
    _invite_bot(world, guild)
    world.add_channel(guild, "general")
    world.add_channel(guild, "videos")
    closed_to_members = {
        guild.id: Overwrite(deny=Permission.VIEW_CHANNEL),
        moderators.id: Overwrite(allow=Permission.VIEW_CHANNEL),
    }
    world.add_channel(guild, "staff", closed_to_members)


def _invite_bot(world: World, guild: Guild) -> None:
    """Add the bot with a managed role of its own, as an invitation does."""
    own_role = world.add_role(guild, world.bot.display_name, MEMBER_DEFAULTS, managed=True)
    world.add_member(guild, world.bot, own_role)
