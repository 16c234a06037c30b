"""A fake Discord per test, and real discord.py clients that talk to it over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest

from playground.clock import Clock
from playground.fake_discord.server import DiscordServer
from playground.page.server import PageServer
from playground.playground import Playground
from tests.conftest import DiscordGlobals
from tests.playground.discord_client import Bot, Setup, StartClient
from tests.playground.discord_rest_client import Api
from tests.playground.page_visitor import Visit, Visitor, visiting
from tests.playground.video_client import TINY


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server(clock: Clock, discord_globals: DiscordGlobals) -> AsyncIterator[DiscordServer]:
    """A running fake Discord that discord.py is pointed at."""
    server = DiscordServer(clock=clock)
    await server.start()
    discord_globals.connect_to(server)
    yield server
    await server.stop()


@pytest.fixture
async def start_client(server: DiscordServer) -> AsyncIterator[StartClient]:
    """`await start_client(setup)` logs a client in and returns it once it is ready for people."""
    running: list[tuple[discord.Client, asyncio.Task[None]]] = []

    async def start(setup: Setup, **options: Any) -> discord.Client:
        client = Bot(setup, **options)
        task = asyncio.create_task(client.start(server.token))
        running.append((client, task))
        ready = asyncio.create_task(server.wait_until_ready(timeout=10))
        await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            ready.cancel()
            await task
        await ready
        return client

    yield start
    for client, task in running:
        await client.close()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def http(server: DiscordServer) -> AsyncIterator[aiohttp.ClientSession]:
    """A plain HTTP client that carries the bot token."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {server.token}"}) as session:
        yield session


@pytest.fixture
def api(server: DiscordServer, http: aiohttp.ClientSession) -> Api:
    return Api(server, http)


@pytest.fixture
async def playground(server: DiscordServer, tmp_path: Path) -> AsyncIterator[Playground]:
    """A playground around the server without a bot; tests start a discord.py client in its place."""
    playground = Playground(tmp_path, pace=0, plan=TINY)
    playground.discord = server
    await playground.service.start()
    yield playground
    await playground.service.stop()


@pytest.fixture
async def page(playground: Playground) -> AsyncIterator[PageServer]:
    page = PageServer(playground)
    await page.start()
    yield page
    await page.stop()


@pytest.fixture
async def visit(page: PageServer) -> AsyncIterator[Visit]:
    visitors: list[Visitor] = []
    async with aiohttp.ClientSession() as session:
        yield visiting(page, session, visitors)
        for visitor in visitors:
            await visitor.close()
