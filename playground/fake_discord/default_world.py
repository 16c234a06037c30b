"""The world a playground starts with: two servers, four people who differ in rights, and the bot."""

from __future__ import annotations

from datetime import timedelta

from playground.clock import Clock
from playground.fake_discord.permissions import MEMBER_DEFAULTS, MODERATOR, NOTHING, Overwrite, Permission
from playground.fake_discord.world import Guild, User, World

TEST_SERVER = "Kinora Test Server"
OTHER_SERVER = "Another Server"
_AGE = timedelta(days=400)


def default_world(clock: Clock) -> World:
    """Mara and Ben are members, Mo moderates, Olga owns; #staff is closed to members and to the bot.

    The test server also has a role "Patrons", which allows nothing and which nobody has yet.
    """
    world = World(clock)
    people = {name: world.add_user(name.lower(), name) for name in ("Mara", "Ben", "Mo", "Olga")}
    # A millisecond apart, so that of two shards each has one of the servers.
    first, second = (world.ids.aged(_AGE - timedelta(milliseconds=later)) for later in (0, 1))
    main = world.add_guild(TEST_SERVER, people["Olga"], MEMBER_DEFAULTS, snowflake=first)
    _fill_test_server(world, main, people)
    other = world.add_guild(OTHER_SERVER, people["Olga"], MEMBER_DEFAULTS, snowflake=second)
    world.add_member(other, people["Ben"])
    _invite_bot(world, other)
    world.add_channel(other, "general")
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
