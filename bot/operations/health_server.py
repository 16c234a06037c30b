"""Serves ``/healthz``, ``/readyz`` and ``/metrics``."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.installation.extras import Extra
from bot.operations.health import SERVER, Health

NO_METRICS = f"Metrics need one more package: {Extra.METRICS.how_to_add}"
SHUTDOWN_TIMEOUT = 1.0  # seconds for answers under way


@asynccontextmanager
async def serving(health: Health, host: str, port: int) -> AsyncIterator[None]:
    """Serve ``health`` while the block runs. Raises OSError, with a sentence, where it cannot be served."""
    runner = web.AppRunner(_application(health), access_log=None, shutdown_timeout=SHUTDOWN_TIMEOUT)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            # asyncio's own words repeat the address; an unknown host name has a negative number.
            why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
            sentence = f"HEALTH_PORT {port} of {host} cannot be opened ({why})."
            raise OSError(f"{sentence} Choose another one, or end what listens there.") from None
        yield
    finally:
        await runner.cleanup()


def _application(health: Health) -> web.Application:
    async def alive(_request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def ready(_request: web.Request) -> web.Response:
        parts = await health.readiness()
        return web.json_response(parts, status=200 if parts["ready"] else 503)

    async def metrics(request: web.Request) -> web.Response:
        exposition = health.meters.exposition(",".join(request.headers.getall("Accept", [])))
        if exposition is None:
            return web.Response(status=501, text=f"{NO_METRICS}\n")
        body, media_type = exposition
        return web.Response(body=body, headers={"Content-Type": media_type})

    application = web.Application()
    application.add_routes([web.get("/healthz", alive), web.get("/readyz", ready), web.get("/metrics", metrics)])
    application.on_response_prepare.append(_set_headers)
    return application


async def _set_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = SERVER
    response.headers["Cache-Control"] = "no-store"
