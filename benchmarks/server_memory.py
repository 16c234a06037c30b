"""The memory that each server takes which the bot is in, with Kinora's intents and with those of the naive bot."""

from __future__ import annotations

import gc
import json
import re
import subprocess
import sys

import discord
import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from benchmarks.table import Row
from bot.gateway.client import INTENTS
from playground.clock import Clock
from playground.fake_discord.payloads.guilds import guild_create_payload
from playground.fake_discord.world.permissions import MEMBER_DEFAULTS
from playground.fake_discord.world.world import World

SERVERS, CHANNELS, ROLES, EMOJIS = 1000, 40, 30, 50
KB = 1_000

_INTENTS = {"kinora": INTENTS, "naive": discord.Intents.default()}
_SNOWFLAKE = re.compile(r'"(\d{17,20})"')


def measure() -> list[Row]:
    """Return the memory of one server, measured with ``SERVERS`` of them."""
    ours, naive = (_measured(name) / SERVERS / KB for name in _INTENTS)
    return [
        Row(
            f"memory of a server with {CHANNELS} channels, {ROLES} roles, {EMOJIS} emojis",
            f"{ours:.0f} KB",
            f"{naive:.0f} KB",
            f"{ours / naive:.2f} x",
        )
    ]


def _measured(name: str) -> int:
    """Return the bytes that all servers take, measured in a new process."""
    command = [sys.executable, "-m", "benchmarks.server_memory", name]
    return int(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)


def _child(name: str) -> None:
    """Print the bytes that the servers take."""
    payload = _payload()
    state = discord.Client(intents=_INTENTS[name])._connection  # the cache that gateway events update
    _add_server(state, payload, 0)  # a warm-up: imports what all need
    gc.collect()
    before = psutil.Process().memory_info().rss
    for number in range(1, SERVERS + 1):
        _add_server(state, payload, number)
    gc.collect()
    print(psutil.Process().memory_info().rss - before)


def _add_server(state: discord.state.ConnectionState, payload: str, number: int) -> None:
    """Add a server with its own ids to the cache."""
    text = _SNOWFLAKE.sub(lambda found: f'"{int(found[1]) + (number << 32)}"', payload)
    state._add_guild_from_data(json.loads(text))


def _payload() -> str:
    """Return a server as the gateway sends it."""
    world = World(Clock())
    guild = world.add_guild("Server", world.add_user("owner", "Owner"), MEMBER_DEFAULTS)
    world.add_member(guild, world.bot)
    for place in range(CHANNELS):
        world.add_channel(guild, f"channel-{place}")
    for place in range(ROLES):
        world.add_role(guild, f"Role {place}", MEMBER_DEFAULTS)
    emojis = [
        {"id": str(world.ids.next()), "name": f"emoji_{place}", "roles": [], "require_colons": True, "managed": False}
        for place in range(EMOJIS)
    ]
    return json.dumps(guild_create_payload(guild, world.bot) | {"emojis": emojis})


if __name__ == "__main__":
    _child(sys.argv[1])
