"""The HTTP server of the page, on loopback: static files, WebSocket connections, uploads and the panel."""

from __future__ import annotations

import asyncio
import json
import secrets
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from aiohttp import web

from playground.fake_discord.server import CannotDo, Upload
from playground.fake_discord.world.entities import User
from playground.page.access_guard import access_guard, add_headers, has_key, is_own_request
from playground.page.connection import Connection
from playground.page.connections import Connections
from playground.page.languages import known_language
from playground.page.panel import Panel
from playground.page.presenter import Presenter
from playground.page.redaction import Redaction
from playground.page.upload_store import MAX_BYTES, UploadStore
from playground.page.wire_log import WireLog
from playground.pictures.art import draw_sample
from playground.playground import Playground

STATIC = Path(__file__).parent / "static"
SHUTDOWN_SECONDS = 0.5


class PageServer:
    """
    Serves one playground that runs already. `address` holds the key, without which only static files are served.

    At `origin`, the address without the key, there is a button that asks for it.
    """

    def __init__(self, playground: Playground, key: str | None = None) -> None:
        self.key = key or secrets.token_urlsafe(24)
        self.origin = ""
        self._playground = playground
        self._discord = playground.discord
        self._uploads = UploadStore()
        self._connections = Connections()
        self._presenter = Presenter(playground.discord)
        redact = Redaction(
            {
                playground.discord.token: "<bot token>",
                **{service.key: "<key>" for service in playground.services.values()},
                self.key: "<page key>",
            }
        )
        self._wire = WireLog(redact)
        self._panel = Panel(playground, redact, self._state_changed, self._connections.send_world)
        self._followers: list[asyncio.Task[None]] = []
        self._subscriptions = ExitStack()
        self._runner: web.AppRunner | None = None
        self._sample = b""

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"{self.origin}/?key={self.key}"

    def people(self) -> list[User]:
        """Everyone a page can act as."""
        return [user for user in self._discord.world.users.values() if not user.bot]

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes any free one. Raises OSError when the port is taken."""
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        self._runner = runner
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        for name, service in self._playground.services.items():
            service.listener = partial(self._wire.on_service_event, name)
        for follow in (self._connections.follow, self._wire.follow):
            events = self._subscriptions.enter_context(self._discord.events.subscribe())
            self._followers.append(asyncio.create_task(follow(events), name="follow the events for the page"))
        self._followers.append(asyncio.create_task(self._panel.bot_log.follow(), name="follow the bot's log"))
        connection = self._wire.follow_connection(self._discord)
        self._followers.append(asyncio.create_task(connection, name="follow the connection for the page"))

    async def stop(self) -> None:
        """Close all connections, stop listening, and stop the bot, all within a few seconds."""
        self._playground.bot.terminate()  # first, since it takes the longest
        for service in self._playground.services.values():
            service.listener = None
        await self._connections.close()
        for task in self._followers:
            task.cancel()
        await asyncio.gather(*self._followers, return_exceptions=True)
        self._subscriptions.close()
        self._wire.close()
        if self._runner is not None:
            await self._runner.cleanup()
        await self._panel.bot.close()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[access_guard(self.key)], client_max_size=MAX_BYTES)
        application.on_response_prepare.append(add_headers)
        application.router.add_get("/live", self._connect)
        application.router.add_post("/enter", self._enter)
        application.router.add_post("/api/upload", self._upload)
        application.router.add_post("/api/panel", self._control)
        application.router.add_get("/api/sample", self._sample_picture)
        application.router.add_get("/", self._index)
        application.router.add_static("/", STATIC)
        return application

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / ("index.html" if has_key(request, self.key) else "door.html"))

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        """The key, for the button of the door."""
        if not is_own_request(request):
            return web.Response(status=403, text="Press the button of the playground's own page.")
        return web.json_response({"key": self.key})

    async def _sample_picture(self, request: web.Request) -> web.StreamResponse:
        if not self._sample:
            self._sample = await asyncio.to_thread(draw_sample)
        return web.Response(body=self._sample, content_type="image/png")

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        person = self._person(request.query.get("as"))
        person.locale = known_language(request.query.get("locale"))
        connection = Connection(self._discord, self._uploads, self._panel, self._wire, self._presenter, person)
        self._connections.add(connection)
        try:
            return await connection.serve(request)
        finally:
            self._connections.discard(connection)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        name = unquote(request.headers.get("X-Filename") or "file")[:200]
        try:
            data = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return web.json_response({"error": "A file can be up to 30 MB."}, status=413)
        upload = Upload(name, data, content_type=request.headers.get("Content-Type"))
        return web.json_response({"id": self._uploads.put(upload), "filename": upload.safe_name, "size": len(data)})

    async def _control(self, request: web.Request) -> web.StreamResponse:
        try:
            change = await request.json()
            if not isinstance(change, dict):
                raise CannotDo("A panel request is an object.")
            await self._panel.apply(change)
        except json.JSONDecodeError:
            return web.json_response({"ok": False, "error": "The panel request is no JSON."}, status=400)
        except CannotDo as error:
            return web.json_response({"ok": False, "error": str(error)}, status=409)
        return web.json_response({"ok": True, "state": self._panel.state()})

    def _person(self, person_id: str | None) -> User:
        """The person with that id; the first of the people where the page names none, or an unknown one."""
        people = {str(user.id): user for user in self.people()}
        return people.get(person_id or "", next(iter(people.values())))

    def _state_changed(self) -> None:
        self._connections.broadcast({"t": "state", **self._panel.state()})
