"""The page's own server, on loopback: its files, the live channel, uploads and the panel."""

from __future__ import annotations

import asyncio
import json
import secrets
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import unquote

from aiohttp import web

from playground.fake_discord.server import CannotDo, Upload
from playground.fake_discord.world.entities import User
from playground.page.audience import Connections
from playground.page.door import access_guard, add_headers
from playground.page.live import Live
from playground.page.panel import Panel
from playground.page.redaction import Redaction
from playground.page.showing import Presenter
from playground.page.upload_shelf import MAX_BYTES, UploadShelf
from playground.page.wire_log import WireLog
from playground.pictures.art import draw_sample
from playground.playground import Playground

STATIC = Path(__file__).parent / "static"
SHUTDOWN_SECONDS = 0.5


class PageServer:
    """Serves one playground that runs already. `address` holds the key without which nothing but files is served."""

    def __init__(self, playground: Playground, key: str | None = None) -> None:
        self.key = key or secrets.token_urlsafe(24)
        self.origin = ""
        self._playground = playground
        self._discord = playground.discord
        self._shelf = UploadShelf()
        self._audience = Connections()
        self._showing = Presenter(playground.discord)
        self._wire = WireLog(
            Redaction(
                {
                    playground.discord.token: "<bot token>",
                    playground.service.key: "<key>",
                    self.key: "<page key>",
                }
            )
        )
        self._panel = Panel(playground, self._state_changed, self._audience.tell_world)
        self._following: list[asyncio.Task[None]] = []
        self._subscriptions = ExitStack()
        self._runner: web.AppRunner | None = None
        self._sample = b""

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"{self.origin}/?key={self.key}"

    def people(self) -> list[User]:
        """Everybody a page can be."""
        return [user for user in self._discord.world.users.values() if not user.bot]

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes any free one. Raises OSError when the port is taken."""
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        self._runner = runner
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._playground.service.listener = self._wire.note_service
        for follow in (self._audience.follow, self._wire.follow):
            events = self._subscriptions.enter_context(self._discord.events.subscribe())
            self._following.append(asyncio.create_task(follow(events), name="follow the events for the page"))
        connection = self._wire.follow_connection(self._discord)
        self._following.append(asyncio.create_task(connection, name="follow the connection for the page"))

    async def stop(self) -> None:
        """Hang up, stop listening, and end the bot, all within a few seconds."""
        self._playground.bot.terminate()  # it takes the longest, so it begins
        self._playground.service.listener = None
        await self._audience.close()
        for task in self._following:
            task.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)
        self._subscriptions.close()
        self._wire.close()
        if self._runner is not None:
            await self._runner.cleanup()
        await self._panel.bot.close()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[access_guard(self.key)], client_max_size=MAX_BYTES)
        application.on_response_prepare.append(add_headers)
        application.router.add_get("/live", self._live)
        application.router.add_post("/api/upload", self._upload)
        application.router.add_post("/api/panel", self._pull)
        application.router.add_get("/api/sample", self._picture)
        application.router.add_get("/", self._index)
        application.router.add_static("/", STATIC)
        return application

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html")

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        if not self._sample:
            self._sample = await asyncio.to_thread(draw_sample)
        return web.Response(body=self._sample, content_type="image/png")

    async def _live(self, request: web.Request) -> web.StreamResponse:
        live = Live(
            self._discord, self._shelf, self._panel, self._wire, self._showing, self._person(request.query.get("as"))
        )
        self._audience.join(live)
        try:
            return await live.serve(request)
        finally:
            self._audience.leave(live)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        name = unquote(request.headers.get("X-Filename") or "file")[:200]
        try:
            data = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return web.json_response({"error": "A file may have 30 MB here."}, status=413)
        upload = Upload(name, data, content_type=request.headers.get("Content-Type"))
        return web.json_response({"id": self._shelf.put(upload), "filename": upload.safe_name, "size": len(data)})

    async def _pull(self, request: web.Request) -> web.StreamResponse:
        try:
            order = await request.json()
            if not isinstance(order, dict):
                raise CannotDo("An order is an object.")
            await self._panel.do(order)
        except json.JSONDecodeError:
            return web.json_response({"ok": False, "error": "The order is no JSON."}, status=400)
        except CannotDo as error:
            return web.json_response({"ok": False, "error": str(error)}, status=409)
        return web.json_response({"ok": True, "state": self._panel.state()})

    def _person(self, person_id: str | None) -> User:
        """Whoever the page wants to be; the first of the people when it does not say, or nobody has that id."""
        people = {str(user.id): user for user in self.people()}
        return people.get(person_id or "", next(iter(people.values())))

    def _state_changed(self) -> None:
        self._audience.tell_all({"t": "state", **self._panel.state()})
