"""
Discord and the video service of one bot, in their own process, so that only the bot is measured.

Controlled over HTTP: ``POST /ask`` sends commands and ``POST /end`` ends jobs at a given rate; ``GET /load`` and
``GET /jobs`` return the results, ``GET /gateway-is/up`` and ``…/down`` wait for the bot.
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

from benchmarks.live.discord_server import API, SmallDiscord
from benchmarks.live.job_log import JobLog
from benchmarks.live.video_service import SteadyService
from benchmarks.live.world import build_world
from playground.clock import Clock

TOKEN = "benchmark.token"
TIMEOUT = 60.0  # seconds
LONGEST = 600  # chunks of a job that is not told to end


@dataclass(frozen=True, slots=True)
class StandIns:
    """The addresses of the stand-ins, and methods that control them."""

    discord: str
    service: str

    @property
    def settings(self) -> dict[str, str]:
        """The settings with which a bot connects to them."""
        return {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_URL": f"{self.discord}{API}",
            "DISCORD_GATEWAY_URL": f"ws{self.discord.removeprefix('http')}/gateway",
            "VIDEO_API_URL": self.service,
            "VIDEO_API_KEY": "not-a-key",
        }

    def ask(self, count: int, per_second: float) -> None:
        """Send ``count`` commands from now on."""
        self._call(f"ask?count={count}&per_second={per_second}", "POST")

    def end(self, count: int, per_second: float) -> None:
        """End the ``count`` oldest jobs from now on."""
        self._call(f"end?count={count}&per_second={per_second}", "POST")

    def load(self) -> dict[str, Any]:
        """Return the present load; see ``JobLog.load``."""
        found: dict[str, Any] = json.loads(self._call("load"))
        return found

    def jobs(self) -> list[dict[str, Any]]:
        """Return the times of each job so far; see ``JobTimes``."""
        found: list[dict[str, Any]] = json.loads(self._call("jobs"))
        return found

    def progress(self) -> list[dict[str, Any]]:
        """Return the progress of each job so far; see ``JobProgress``."""
        found: list[dict[str, Any]] = json.loads(self._call("progress"))
        return found

    def wait_until(self, state: str) -> float:
        """Wait until the bot's gateway connection is ``up`` or ``down``, and return the time."""
        return float(self._call(f"gateway-is/{state}"))

    def _call(self, what: str, method: str = "GET") -> bytes:
        with urlopen(Request(f"{self.discord}/{what}", method=method), timeout=TIMEOUT) as response:  # noqa: S310
            body: bytes = response.read()
        return body


@contextmanager
def running(longest: int = LONGEST) -> Iterator[StandIns]:
    """Run the stand-ins on free ports, and stop them at the end. A job has at most ``longest`` chunks."""
    command = [sys.executable, "-m", "benchmarks.live.stand_ins", str(longest)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
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


async def _serve(longest: int) -> None:
    ledger = JobLog()
    world, places = build_world(Clock())
    discord = SmallDiscord(world, places, TOKEN, ledger)
    service = SteadyService(ledger, longest)
    await service.start()
    await discord.start(_control(discord, ledger))
    print(json.dumps({"discord": discord.origin, "service": service.url}), flush=True)
    await asyncio.Event().wait()


def _control(discord: SmallDiscord, ledger: JobLog) -> web.RouteTableDef:
    routes = web.RouteTableDef()
    loads: list[asyncio.Task[None]] = []

    @routes.post("/ask")
    async def ask(request: web.Request) -> web.Response:
        count, per_second = int(request.query["count"]), float(request.query["per_second"])
        loads.append(asyncio.create_task(discord.load_generator.run(count, per_second), name=f"{count} people"))
        return web.Response()

    @routes.post("/end")
    async def end(request: web.Request) -> web.Response:
        ledger.schedule_ends(int(request.query["count"]), float(request.query["per_second"]))
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

    @routes.get("/progress")
    async def progress(request: web.Request) -> web.Response:
        return web.json_response(ledger.progress_report())

    @routes.get("/gateway-is/{state}")
    async def gateway_is(request: web.Request) -> web.Response:
        await discord.gateway.wait_until(ready=request.match_info["state"] == "up")
        return web.Response(text=str(time.monotonic()))

    return routes


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
