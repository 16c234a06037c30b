"""One browser and one playground with the real bot for all tests of the page; each test opens its own tabs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, expect

from benchmarks import chromium
from playground.fake_video_service.generation import FilmPlan
from playground.page.server import PageServer
from playground.pictures.art import draw_sample
from playground.playground import Playground
from tests.browser.tab import DESK, MAKES_PICTURES, Tab, Visit
from tests.e2e.conftest import Stage

collect_ignore_glob = ["test_*.py"] if chromium.missing() else []  # tests/conftest.py reports it

WITHIN = 20_000  # milliseconds for every wait
# A full-size one for the pictures in the documents, otherwise a cheap one.
FILM = FilmPlan() if MAKES_PICTURES else FilmPlan(seconds=1, size=(320, 240), work_seconds=3)
QUICK = {"PROGRESS_INTERVAL": "0.2", "SHUTDOWN_GRACE": "0.5"}
MODELS = [
    {"name": "sora_video2", "label": "Sora 2", "price": 0.15},
    {"name": "sora_video2-portrait", "label": "Sora 2 portrait", "price": 0.25, "max_images": 3},
]
BOT = {**QUICK, "VIDEO_MODELS": json.dumps(MODELS)}


@pytest.fixture(scope="session")
def picture() -> bytes:
    return draw_sample()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    expect.set_options(timeout=WITHIN)
    async with chromium.running() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Stage]:
    async with staged(tmp_path_factory.mktemp("playground"), picture, FILM) as stage:
        yield stage


@asynccontextmanager
async def staged(directory: Path, picture: bytes, film: FilmPlan, **settings: str) -> AsyncIterator[Stage]:
    async with Playground(directory, pace=0.3, plan=film, settings={**BOT, **settings}) as playground:
        stage = Stage(playground, picture)
        await stage.without_pauses()
        yield stage


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server(stage: Stage) -> AsyncIterator[PageServer]:
    server = PageServer(stage.playground)
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, server: PageServer, stage: Stage) -> AsyncIterator[Visit]:
    """Open tabs, each with an empty browser profile; at the end none may have had an error."""
    tabs: list[Tab] = []

    async def visit(name: str = "Mara", **options: Any) -> Tab:
        context: BrowserContext = await browser.new_context(**{"viewport": DESK, "locale": "en-GB", **options})
        context.set_default_timeout(WITHIN)
        tab = Tab(await context.new_page(), stage.picture)
        tabs.append(tab)
        await tab.open(server.address)
        if name != "Mara":
            await tab.become(name)
        return tab

    yield visit
    for tab in tabs:
        await tab.page.context.close()
    await clean_up(browser, server, stage)
    assert [error for tab in tabs for error in tab.errors] == []


async def clean_up(browser: Browser, server: PageServer, stage: Stage) -> None:
    """Clear faults and scenarios, start the bot if it was killed, and empty the channel for the next test."""
    context = await browser.new_context(extra_http_headers={"X-Key": server.key})
    changes: list[dict[str, Any]] = [
        {"action": "clear_faults"},
        {"action": "scenario", "word": None},
        {"action": "down", "on": False},
    ]
    if not stage.playground.bot.running:
        changes.append({"action": "start"})
    for change in changes:
        await context.request.post(f"{server.origin}/api/panel", data=change)
    await context.close()
    await stage.discord.wait_until_ready(timeout=WITHIN / 1000)
    for message in stage.discord.world.messages_of(stage.videos):
        stage.discord.delete_message(message)
