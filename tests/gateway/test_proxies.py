"""The client talks to Discord, or to the proxy that the operator names, and is patient with that."""

from __future__ import annotations

from collections.abc import AsyncIterator

import discord
import pytest

from bot.gateway.proxies import LONGEST_WAIT, TRIES, configure_endpoints, retry_proxy_429
from bot.settings import Settings
from playground.fake_discord.server import DiscordServer
from tests.conftest import DiscordGlobals


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v10"),
        ("http://api-proxy:8080", "http://api-proxy:8080/api/v10"),
        ("http://nirn:8080/api/v10", "http://nirn:8080/api/v10"),
        ("http://nirn:8080/api", "http://nirn:8080/api/v10"),
        ("http://nirn:8080/api/v9", "http://nirn:8080/api/v10"),
        ("http://h/before/discord", "http://h/before/discord/api/v10"),
    ],
)
@pytest.mark.usefixtures("discord_globals")
def test_a_rest_proxy_is_addressed_as_discord_would_be(written: str, base: str) -> None:
    needed = {"discord_token": "t", "video_api_url": "https://h", "video_api_key": "k"}
    configure_endpoints(Settings.model_validate({**needed, "discord_api_url": written}))
    assert base == discord.http.Route.BASE


@pytest.fixture
async def server(discord_globals: DiscordGlobals) -> AsyncIterator[DiscordServer]:
    server = DiscordServer()
    await server.start()
    discord_globals.connect_to(server)
    yield server
    await server.stop()


async def log_in(server: DiscordServer) -> None:
    async with discord.Client(intents=discord.Intents.none()) as client:
        retry_proxy_429(client)
        await client.login(server.token)


async def test_a_busy_proxy_is_asked_again(server: DiscordServer) -> None:
    server.faults.add(route="GET /users/@me", status=429, via=False, retry_after=0.01, times=TRIES - 1)
    await log_in(server)

    assert [record.status for record in server.requests.to("GET /users/@me")] == [429] * (TRIES - 1) + [200]


@pytest.mark.parametrize(("seconds", "tries"), [(0.01, TRIES), (LONGEST_WAIT + 1, 1)])
async def test_a_proxy_that_stays_busy_or_bans_is_left_alone(server: DiscordServer, seconds: float, tries: int) -> None:
    server.faults.add(route="GET /users/@me", status=429, via=False, retry_after=seconds)
    with pytest.raises(discord.HTTPException) as caught:
        await log_in(server)

    assert caught.value.status == 429
    assert len(server.requests.to("GET /users/@me")) == tries
