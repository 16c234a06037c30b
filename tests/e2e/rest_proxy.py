"""A REST proxy as large bots have it before Discord: it forwards, and at times says what Discord never would."""

from __future__ import annotations

from collections import Counter
from itertools import cycle

import aiohttp
from aiohttp import web

# What belongs to one connection, or to a body as it was before aiohttp unpacked it.
_OF_THE_WIRE = {"connection", "content-length", "content-encoding", "transfer-encoding", "date", "server", "host"}

# How a proxy says that it is busy: as nirn-proxy does, in words for people, and without a word on how long.
NIRN = (b'{"global": false, "message": "You are being rate limited.", "retry_after": 0.05}', "application/json")
PAGE = (b"<html>Too many requests</html>", "text/html")
BARE = (b'{"message": "busy"}', "application/json")


class RestProxy:
    """
    Stands before the Discord at `upstream`, which is scheme, host and port.

    While `busy`, it turns each request away once, by a 429 that has no `Via`. While `impatient`, it gives up on
    whatever brings a file: 408.
    """

    def __init__(self, upstream: str) -> None:
        self.url = ""
        self.busy = False
        self.impatient = False
        self.turned_away: Counter[str] = Counter()  # by method and first part of the path
        self._upstream = upstream
        self._waiting: set[str] = set()
        self._words = cycle((NIRN, PAGE, BARE))
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        app = web.Application(client_max_size=100 * 2**20)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._session = aiohttp.ClientSession(auto_decompress=False)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Let go of everything."""
        if self._session:
            await self._session.close()
        if self._runner:
            await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        body = await request.read()
        if self.impatient and request.content_type.startswith("multipart/"):
            return web.Response(status=408, text="context deadline exceeded")
        if self._turns_away(request):
            words, content_type = next(self._words)
            return web.Response(status=429, body=words, content_type=content_type)
        assert self._session
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _OF_THE_WIRE}
        url = f"{self._upstream}{request.rel_url}"
        async with self._session.request(request.method, url, data=body, headers=headers) as answer:
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in _OF_THE_WIRE}
            return web.Response(status=answer.status, body=await answer.read(), headers=kept)

    def _turns_away(self, request: web.Request) -> bool:
        key = f"{request.method} {request.path}"
        if not self.busy or key in self._waiting:
            self._waiting.discard(key)
            return False
        self._waiting.add(key)
        self.turned_away[f"{request.method} {request.path.split('/')[3]}"] += 1
        return True
