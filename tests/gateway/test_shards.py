"""The shards of a process connect in turn, to where the operator says, and not at all if Discord would mind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import discord
import pytest

from bot.errors import NoSessionsLeft
from bot.gateway.identify import LocalSlots
from bot.gateway.proxies import configure_endpoints
from bot.gateway.shards import PacedShards
from bot.settings import Settings
from playground.clock import Clock
from playground.fake_discord.server import DiscordServer
from playground.fake_discord.world.default_world import wide_world
from tests.conftest import DiscordGlobals

HURRY = 0.05  # of Discord's interval; these tests take it at that pace
Start = Callable[..., Awaitable[PacedShards]]


class QuickSlots(LocalSlots):
    async def reserve(self, name: str, now: datetime, every: timedelta) -> datetime:
        return await super().reserve(name, now, every * HURRY)


class Shards(PacedShards):
    """Registers no commands, which is all the same to the gateway."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, QuickSlots(), intents=discord.Intents(guilds=True), guild_ready_timeout=0.05)
        self._slots = QuickSlots()  # also where all shards are its own
        self.ready = asyncio.Event()

    async def on_ready(self) -> None:
        self.ready.set()


@pytest.fixture
async def server(discord_globals: DiscordGlobals) -> AsyncIterator[DiscordServer]:
    clock = Clock()
    server = DiscordServer(clock=clock, world=wide_world(clock, 4))
    server.session_starts.interval = 5 * HURRY
    await server.start()
    discord_globals.reconnect_at_once()
    yield server
    await server.stop()


@pytest.fixture
async def start(server: DiscordServer) -> AsyncIterator[Start]:
    """``await start(shard_count="4")`` returns a bot with these settings once its shards are ready."""
    running: list[tuple[PacedShards, asyncio.Task[None]]] = []

    async def start(**settings: Any) -> PacedShards:
        needed = {"discord_token": server.token, "video_api_url": "https://h", "video_api_key": "k"}
        where = {"discord_api_url": server.api_url, "discord_gateway_url": server.gateway_url}
        built = Settings.model_validate({**needed, **where, **settings})
        configure_endpoints(built)
        bot = Shards(built)
        task = asyncio.create_task(bot.start(server.token))
        running.append((bot, task))
        ready = asyncio.create_task(bot.ready.wait())
        await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED, timeout=30)
        if not ready.done():
            ready.cancel()
            await task
        return bot

    yield start
    for bot, task in running:
        await bot.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_as_many_shards_as_discord_advises_connect_in_turn(server: DiscordServer, start: Start) -> None:
    server.session_starts.shards = 4
    bot = await start()

    assert (server.session_starts.identified, server.session_starts.early) == ([0, 1, 2, 3], [])
    assert {guild.name: guild.shard_id for guild in bot.guilds} == {f"Server {n}": n for n in range(4)}
    assert len(server.requests.to("GET /gateway/bot")) == 1


async def test_shards_of_different_buckets_do_not_wait_for_one_another(server: DiscordServer, start: Start) -> None:
    server.session_starts.max_concurrency = 4
    server.session_starts.interval = 60
    await start(shard_count=4)

    assert sorted(server.session_starts.identified) == [0, 1, 2, 3]


async def test_shards_whose_sessions_became_invalid_take_turns_again(server: DiscordServer, start: Start) -> None:
    await start(shard_count=3, shard_ids="0,2")
    await server.invalidate_sessions()
    async with asyncio.timeout(20):
        while len(server.session_starts.identified) < 4:  # noqa: ASYNC110 - the playground has no event for it
            await asyncio.sleep(0.02)

    assert (sorted(server.session_starts.identified), server.session_starts.early) == ([0, 0, 2, 2], [])


async def test_the_gateway_that_the_operator_names_is_dialled_whatever_discord_answers(
    server: DiscordServer, start: Start
) -> None:
    here = server.gateway_url
    server._platform.gateway.url = "ws://127.0.0.1:9/elsewhere"
    await start(discord_gateway_url=here)

    assert server.session_starts.identified == [0]


async def test_to_a_gateway_proxy_shards_connect_at_once_and_however_few_starts_are_left(
    server: DiscordServer, start: Start
) -> None:
    server.session_starts.interval = 0
    server.session_starts.remaining = 0
    # By another name than Discord answers with: as far as anybody can see, this is not Discord.
    bot = await start(shard_count=4, discord_gateway_url=server.gateway_url.replace("127.0.0.1", "localhost"))

    assert sorted(server.session_starts.identified) == [0, 1, 2, 3]
    assert bot._turns is None


@pytest.mark.parametrize("remaining", [0, 3])
async def test_with_too_few_session_starts_left_nothing_identifies(
    server: DiscordServer, start: Start, remaining: int
) -> None:
    server.session_starts.remaining = remaining
    server.session_starts.reset_after = 3600
    with pytest.raises(NoSessionsLeft) as caught:
        await start(shard_count=4)

    assert f"takes {remaining} more session starts" in str(caught.value)
    assert "UTC" in str(caught.value)
    assert not server.session_starts.identified + server.session_starts.early
