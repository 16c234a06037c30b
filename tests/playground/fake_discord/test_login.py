"""The bot's login: gateway sessions, shards, and the registration of commands."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands
from discord.ext import commands

from playground.clock import Clock
from playground.fake_discord.gateway.gateway import ACKNOWLEDGED_AFTER
from playground.fake_discord.server import DiscordServer
from playground.fake_discord.world.default_world import wide_world
from tests.conftest import DiscordGlobals
from tests.playground.discord_client import StartClient


def ping_only(tree: app_commands.CommandTree[Any]) -> None:
    @tree.command(description="answers")
    async def ping(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("pong")


async def test_client_logs_in_registers_commands_and_sees_both_guilds(
    server: DiscordServer, start_client: StartClient
) -> None:
    client = await start_client(ping_only)
    reply = await server.slash(server.world.person("Mara"), server.world.channel("general"), "ping")
    await server.wait_for(reply, lambda message: message.content == "pong")
    assert {guild.name for guild in client.guilds} == {"Kinora Test Server", "Another Server"}
    assert [record.route for record in server.requests][:4] == [
        "GET /users/@me",
        "GET /oauth2/applications/@me",
        "PUT /applications/{application_id}/commands",
        "GET /gateway/bot",
    ]


async def test_client_that_is_removed_from_a_server_is_told_so(
    server: DiscordServer, start_client: StartClient
) -> None:
    client = await start_client(ping_only)
    await server.wait_until_ready()
    removed = asyncio.create_task(client.wait_for("guild_remove", timeout=10))
    await asyncio.sleep(0)  # so that it listens
    await server.remove_bot(server.world.guild("Another Server"))
    assert (await removed).name == "Another Server"
    assert {guild.name for guild in client.guilds} == {"Kinora Test Server"}


async def test_application_belongs_to_olga_alone(server: DiscordServer) -> None:
    intents = discord.Intents(guilds=True)
    async with commands.Bot(commands.when_mentioned, intents=intents) as bot:
        await bot.login(server.token)
        people = [user for user in server.world.users.values() if not user.bot]
        owners = [user.name for user in people if await bot.is_owner(discord.Object(user.id))]  # type: ignore[arg-type]
        assert owners == ["olga"]
        assert bot.application is not None
        assert bot.application.owner.id == server.world.person("Olga").id


async def test_wrong_token_is_refused_by_rest(server: DiscordServer) -> None:
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        with pytest.raises(discord.LoginFailure):
            await client.login("wrong")


@pytest.mark.parametrize(
    ("identify", "code"),
    [
        ({"token": "wrong", "intents": 1}, 4004),
        ({"intents": 1 << 15}, 4014),
        ({"intents": 1, "shard": [2, 2]}, 4010),
    ],
)
async def test_gateway_closes_on_a_bad_identify(
    server: DiscordServer, http: aiohttp.ClientSession, identify: dict[str, Any], code: int
) -> None:
    async with http.ws_connect(server.gateway_url) as socket:
        hello = await socket.receive_json()
        assert hello["op"] == 10
        await socket.send_json({"op": 2, "d": {"token": server.token} | identify})
        await socket.receive()
        assert socket.close_code == code


async def test_shard_that_identifies_too_early_for_its_bucket_is_rejected(
    server: DiscordServer, clock: Clock, http: aiohttp.ClientSession
) -> None:
    server.session_starts.interval, server.session_starts.max_concurrency = 5.0, 2

    async def identify(shard_id: int) -> tuple[int, Any]:
        async with http.ws_connect(server.gateway_url) as socket:
            await socket.receive_json()
            await socket.send_json({"op": 2, "d": {"token": server.token, "intents": 1, "shard": [shard_id, 4]}})
            frame = await socket.receive_json()
            return frame["op"], frame["t"] or frame["d"]

    assert [await identify(shard_id) for shard_id in (0, 1, 2)] == [(0, "READY"), (0, "READY"), (9, False)]
    clock.advance(5)
    assert await identify(2) == (0, "READY")
    assert (server.session_starts.identified, server.session_starts.early) == ([0, 1, 2], [2])


async def test_a_bot_is_told_how_many_shards_and_session_starts_it_may_have(
    server: DiscordServer, http: aiohttp.ClientSession
) -> None:
    starts = server.session_starts
    starts.shards, starts.max_concurrency, starts.remaining, starts.reset_after = 6, 3, 17, 90.0
    async with http.get(f"{server.api_url}/gateway/bot") as answer:
        told = await answer.json()

    assert (told["url"], told["shards"]) == (server.gateway_url, 6)
    expected = {"total": 1000, "remaining": 17, "reset_after": 90_000, "max_concurrency": 3}
    assert told["session_start_limit"] == expected


def test_a_wide_world_has_servers_on_every_shard(clock: Clock) -> None:
    guilds = wide_world(clock, 6).guilds.values()

    assert [(guild.id >> 22) % 6 for guild in guilds] == list(range(6))


async def test_each_shard_gets_only_its_guild(server: DiscordServer, start_client: StartClient) -> None:
    seen: list[tuple[int, str]] = []

    def where(tree: app_commands.CommandTree[Any]) -> None:
        @tree.command(description="tells its shard")
        async def where(interaction: discord.Interaction) -> None:
            assert interaction.guild is not None
            seen.append((interaction.guild.shard_id, interaction.guild.name))
            await interaction.response.send_message("here")

    await start_client(where, shard_count=2)
    ben = server.world.person("Ben")
    for guild in server.world.guilds.values():
        reply = await server.slash(ben, server.world.channel("general", guild), "where")
        await asyncio.wait_for(reply.acknowledged.wait(), 5)
    assert sorted(name for _, name in seen) == ["Another Server", "Kinora Test Server"]
    assert {shard for shard, _ in seen} == {0, 1}


async def test_dropped_client_resumes_and_gets_what_it_missed(
    server: DiscordServer, start_client: StartClient, discord_globals: DiscordGlobals
) -> None:
    discord_globals.reconnect_at_once()
    client = await start_client(ping_only)
    resumed = asyncio.Event()

    @client.event
    async def on_shard_resumed(shard_id: int) -> None:
        resumed.set()

    await server.drop_gateway(code=4000)
    await server.wait_until_gone(timeout=5)
    reply = await server.slash(server.world.person("Mara"), server.world.channel("general"), "ping")
    await server.wait_for(reply, lambda message: message.content == "pong")
    await asyncio.wait_for(resumed.wait(), 5)


async def test_invalidated_client_identifies_again(
    server: DiscordServer, start_client: StartClient, discord_globals: DiscordGlobals
) -> None:
    discord_globals.reconnect_at_once()
    await start_client(ping_only)
    await server.invalidate_sessions()
    await server.wait_until_ready(timeout=10)
    reply = await server.slash(server.world.person("Mara"), server.world.channel("general"), "ping")
    await server.wait_for(reply, lambda message: message.content == "pong")


async def test_bad_command_definition_is_refused_whole(server: DiscordServer, http: aiohttp.ClientSession) -> None:
    url = f"{server.api_url}/applications/{server.world.application_id}/commands"
    async with http.put(url, json=[{"name": "ok", "description": "x"}, {"name": "Bad Name", "description": ""}]) as got:
        answer = await got.json()
    assert (got.status, answer["code"]) == (400, 50035)
    assert set(answer["errors"]["1"]) == {"name", "description"}
    async with http.get(url) as got:
        assert await got.json() == []


async def test_syncing_again_keeps_the_ids(server: DiscordServer, http: aiohttp.ClientSession) -> None:
    url = f"{server.api_url}/applications/{server.world.application_id}/commands"
    ids = []
    for description in ("first", "second"):
        async with http.put(url, json=[{"name": "video", "description": description}]) as got:
            ids.append((await got.json())[0]["id"])
    assert ids[0] == ids[1]


async def test_a_heartbeat_is_not_acknowledged_faster_than_over_a_network(
    server: DiscordServer, http: aiohttp.ClientSession
) -> None:
    async with http.ws_connect(server.gateway_url) as socket:
        await socket.receive_json()
        sent = time.monotonic()
        await socket.send_json({"op": 1, "d": None})
        assert (await socket.receive_json())["op"] == 11
    assert time.monotonic() - sent >= ACKNOWLEDGED_AFTER


async def test_resume_of_an_unknown_session_is_refused(server: DiscordServer, http: aiohttp.ClientSession) -> None:
    async with http.ws_connect(server.gateway_url) as socket:
        await socket.receive_json()
        await socket.send_json({"op": 6, "d": {"token": server.token, "session_id": "gone", "seq": 3}})
        answer = await socket.receive_json()
    assert (answer["op"], answer["d"]) == (9, False)
