"""The key of a task service goes to its own origin alone, and a create whose answer is missing is not sent again."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from playground.fake_discord.people.rendering import render
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage
from tests.e2e.test_restarts import backdate
from tests.providers.tasks.film_service import CREATED, DONE, FILM, FilmService

KEY = "hunter2-the-key-of-the-operator"
PATIENT = {**QUICK, "VIDEO_STALL_TIMEOUT": "9", "VIDEO_TIMEOUT": "20", "VIDEO_API_KEY": KEY, "SHUTDOWN_GRACE": "0.5"}


@asynccontextmanager
async def listening() -> AsyncIterator[FilmService]:
    """A service that answers as its test wrote it down."""
    service = FilmService()
    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/{path:.*}", service.handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        service.url = "http://{}:{}".format(*runner.addresses[0][:2])
        yield service
    finally:
        await runner.cleanup()
