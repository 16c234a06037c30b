"""The world of the load test: many servers, each with a few channels and members, as a public bot has them."""

from __future__ import annotations

from playground.clock import Clock
from playground.fake_discord.world.entities import Channel, User
from playground.fake_discord.world.permissions import MEMBER_DEFAULTS
from playground.fake_discord.world.world import World

GUILDS, CHANNELS, MEMBERS = 200, 3, 5

Place = tuple[User, Channel]


def build_world(clock: Clock) -> tuple[World, list[Place]]:
    """Return the world and its places: every server once, then again with other members and channels."""
    world = World(clock)
    for number in range(GUILDS):
        people = [world.add_user(f"m{number}-{place}", f"Member {place}") for place in range(MEMBERS)]
        guild = world.add_guild(f"Server {number}", people[0], MEMBER_DEFAULTS)
        for person in people[1:]:
            world.add_member(guild, person)
        world.add_member(guild, world.bot, world.add_role(guild, "Kinora", MEMBER_DEFAULTS, managed=True))
        for place in range(CHANNELS):
            world.add_channel(guild, f"channel-{place}")
    guilds = list(world.guilds.values())
    return world, [
        (list(guild.members.values())[turn].user, guild.channels[turn % CHANNELS])
        for turn in range(MEMBERS)
        for guild in guilds
    ]
