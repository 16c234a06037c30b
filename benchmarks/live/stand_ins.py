"""
Discord and the video service of one bot, in a process of their own, so that only the bot is measured.

Steered over HTTP: ``POST /ask`` lets people ask and ``POST /end`` lets their jobs end, so many a second; ``GET /load``
and ``GET /jobs`` tell what became of it, ``GET /gateway-is/up`` and ``…/down`` wait for the bot.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

from aiohttp import web

from benchmarks.live.city import build
from benchmarks.live.discord_server import API, SmallDiscord
from benchmarks.live.ledger import Ledger
from benchmarks.live.service import SteadyService
from playground.clock import Clock

TOKEN = "benchmark.token"
PATIENCE = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class StandIns:
    """Where the stand-ins are, and how to steer them."""

    discord: str
    service: str

    @property
    def settings(self) -> dict[str, str]:
        """What a bot must be told to speak to these and to no others."""
        return {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_URL": f"{self.discord}{API}",
            "DISCORD_GATEWAY_URL": f"ws{self.discord.removeprefix('http')}/gateway",
            "VIDEO_API_URL": self.service,
            "VIDEO_API_KEY": "not-a-key",
        }

    def ask(self, count: int, per_second: float) -> None:
        """Let ``count`` people ask from now on."""
        self._call(f"ask?count={count}&per_second={per_second}", "POST")

    def end(self, count: int, per_second: float) -> None:
        """Let the ``count`` oldest jobs end from now on."""
        self._call(f"end?count={count}&per_second={per_second}", "POST")

    def load(self) -> dict[str, Any]:
        """Return how things stand; see ``Ledger.load``."""
        found: dict[str, Any] = json.loads(self._call("load"))
        return found

    def jobs(self) -> list[dict[str, Any]]:
        """Return what became of each job so far; see ``JobTimes``."""
        found: list[dict[str, Any]] = json.loads(self._call("jobs"))
        return found

    def wait_until(self, state: str) -> float:
        """Return the moment at which the bot's gateway was ``up`` or ``down``."""
        return float(self._call(f"gateway-is/{state}"))

    def _call(self, what: str, method: str = "GET") -> bytes:
        with urlopen(Request(f"{self.discord}/{what}", method=method), timeout=PATIENCE) as response:  # noqa: S310
            body: bytes = response.read()
        return body


@contextmanager
def running() -> Iterator[StandIns]:
    """Run them, on ports of their own, and end them."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.live.stand_ins"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None  # noqa: S101  # it was asked for
    try:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError("the stand-ins did not start")
        yield StandIns(**json.loads(line))
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


async def _serve() -> None:
    ledger = Ledger()
    world, places = build(Clock())
    discord = SmallDiscord(world, places, TOKEN, ledger)
    service = SteadyService(ledger)
    await service.start()
    await discord.start(_control(discord, ledger))
    print(json.dumps({"discord": discord.origin, "service": service.url}), flush=True)
    await asyncio.Event().wait()


def _control(discord: SmallDiscord, ledger: Ledger) -> web.RouteTableDef:
    routes = web.RouteTableDef()
    loads: list[asyncio.Task[None]] = []

    @routes.post("/ask")
    async def ask(request: web.Request) -> web.Response:
        count, per_second = int(request.query["count"]), float(request.query["per_second"])
        loads.append(asyncio.create_task(discord.asking.ask(count, per_second), name=f"{count} people"))
        return web.Response()

    @routes.post("/end")
    async def end(request: web.Request) -> web.Response:
        ledger.let_end(int(request.query["count"]), float(request.query["per_second"]))
        return web.Response()

    @routes.get("/load")
    async def load(request: web.Request) -> web.Response:
        for asking in loads:
            if asking.done():
                asking.result()
        return web.json_response(ledger.load())

    @routes.get("/jobs")
    async def jobs(request: web.Request) -> web.Response:
        return web.json_response(ledger.report())

    @routes.get("/gateway-is/{state}")
    async def gateway_is(request: web.Request) -> web.Response:
        await discord.gateway.wait_until(ready=request.match_info["state"] == "up")
        return web.Response(text=str(time.monotonic()))

    return routes


if __name__ == "__main__":
    asyncio.run(_serve())
