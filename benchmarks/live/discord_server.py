"""
A fake Discord that keeps up with a thousand replies at once: the playground's world, gateway and rate limits behind
routes that log the times of each job, and do not validate messages.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from PIL import Image

from benchmarks.live.job_log import JobLog, last_percentage
from benchmarks.live.load_generator import LoadGenerator
from benchmarks.live.world import Place
from playground.fake_discord.gateway.gateway import Gateway
from playground.fake_discord.gateway.session_starts import SessionStarts
from playground.fake_discord.http.request_body import read_body
from playground.fake_discord.payloads.entities import application_payload, own_user_payload, timestamp
from playground.fake_discord.state.commands import Commands
from playground.fake_discord.state.rate_limits import ANYTHING_ELSE, POST_MESSAGE, WEBHOOK, Limit, RateLimiter
from playground.fake_discord.world.world import World

API = "/api/v10"
CALLBACK = Limit("callback", 5, 2.0)
MAX_REQUEST = 16 * 1024 * 1024

Handler = Callable[[web.Request], Awaitable[Any]]


class SmallDiscord:
    """Serves ``world`` to one bot, whose users send commands through ``load_generator``."""

    def __init__(self, world: World, places: list[Place], token: str, log: JobLog) -> None:
        self.commands = Commands(world)
        self._session_starts = SessionStarts(world.clock)
        self.gateway = Gateway(world, token, self._session_starts)
        self.origin = ""
        self._world = world
        self._token = token
        self._log = log
        self._limits = RateLimiter(world.clock)
        self._picture = _picture()
        self.load_generator = LoadGenerator(world, places, self.gateway, self.commands, log)

    async def start(self, control: web.RouteTableDef) -> None:
        """Listen on a free port of 127.0.0.1, for the bot and for the process that controls the load."""
        application = web.Application(client_max_size=MAX_REQUEST)
        application.add_routes(self._routes())
        application.add_routes(control)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=2048).start()
        self.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self.load_generator.picture_link = f"{self.origin}/cdn/picture.jpg"
        self.gateway.url = f"ws{self.origin.removeprefix('http')}/gateway"

    def _routes(self) -> list[web.RouteDef]:
        commands, webhook = f"{API}/applications/{{id}}/commands", f"{API}/webhooks/{{id}}/{{token}}"
        original = f"{webhook}/messages/@original"
        return [
            web.get("/gateway", self.gateway.serve),
            web.get("/gateway/", self.gateway.serve),
            web.get("/cdn/picture.jpg", self._serve_picture),
            web.get(f"{API}/users/@me", self._of_bot(self._own_user)),
            web.get(f"{API}/oauth2/applications/@me", self._of_bot(self._application)),
            web.get(f"{API}/gateway/bot", self._of_bot(self._gateway)),
            web.put(commands, self._of_bot(self._replace_commands)),
            web.post(f"{API}/channels/{{id}}/messages", self._of_bot(self._post, POST_MESSAGE, "id")),
            web.post(f"{API}/interactions/{{id}}/{{token}}/callback", self._of_token(self._acknowledge, CALLBACK)),
            web.patch(original, self._of_token(self._edit, WEBHOOK)),
            web.post(webhook, self._of_token(self._follow_up, WEBHOOK)),
        ]

    def _of_bot(self, handler: Handler, limit: Limit = ANYTHING_ELSE, bucket: str = "") -> Handler:
        async def serve(request: web.Request) -> web.Response:
            if request.headers.get("Authorization") != f"Bot {self._token}":
                return self._answer(request, 401, {"message": "401: Unauthorized", "code": 0})
            return await self._limited(request, handler, limit, request.match_info.get(bucket, ""), from_bot=True)

        return serve

    def _of_token(self, handler: Handler, limit: Limit) -> Handler:
        async def serve(request: web.Request) -> web.Response:
            return await self._limited(request, handler, limit, request.match_info["token"], from_bot=False)

        return serve

    async def _limited(
        self, request: web.Request, handler: Handler, limit: Limit, key: str, *, from_bot: bool
    ) -> web.Response:
        verdict = self._limits.take(limit, key, counts_globally=from_bot)
        if not verdict.allowed:
            return self._answer(request, 429, verdict.body, verdict.headers)
        answer = await handler(request)
        status = 404 if answer is None else 200
        unknown = {"message": "Unknown Webhook", "code": 10015}
        return self._answer(request, status, unknown if answer is None else answer, verdict.headers)

    def _answer(
        self, request: web.Request, status: int, body: Any, headers: dict[str, str] | None = None
    ) -> web.Response:
        self._log.answers[f"{request.method} {status}"] += 1
        # Bytes, because a text answer gets "; charset=utf-8", which discord.py does not accept as JSON.
        text = json.dumps(body, ensure_ascii=False).encode()
        return web.Response(status=status, body=text, content_type="application/json", headers=headers)

    async def _serve_picture(self, request: web.Request) -> web.Response:
        return web.Response(body=self._picture, content_type="image/jpeg")

    async def _own_user(self, request: web.Request) -> Any:
        return own_user_payload(self._world.bot)

    async def _application(self, request: web.Request) -> Any:
        return application_payload(self._world)

    async def _gateway(self, request: web.Request) -> Any:
        return {"url": self.gateway.url, "shards": 1, "session_start_limit": self._session_starts.payload}

    async def _replace_commands(self, request: web.Request) -> Any:
        return self.commands.replace(None, await request.json())

    async def _acknowledge(self, request: web.Request) -> Any:
        reply = self.load_generator.replies.get(request.match_info["token"])
        if reply is None:
            return None
        reply.times.acknowledged = reply.times.acknowledged or time.monotonic()
        return {"interaction": reply.acknowledgement}

    async def _edit(self, request: web.Request) -> Any:
        reply = self.load_generator.replies.get(request.match_info["token"])
        if reply is None or reply.times.acknowledged is None:
            return None
        body, now = await read_body(request), time.monotonic()
        reply.times.queued = reply.times.queued or now
        if reply.times.shown is None:
            text = str(body.json)
            reply.progress.edits.append((now, last_percentage(text)))
            if reply.film in text:
                reply.times.shown = now
        return reply.message | {"edited_timestamp": timestamp(self._world.clock.now())} | _message_fields(body.object)

    async def _follow_up(self, request: web.Request) -> Any:
        reply = self.load_generator.replies.get(request.match_info["token"])
        body = (await read_body(request)).object
        return reply and reply.message | {"id": str(self._world.ids.next())} | _message_fields(body)

    async def _post(self, request: web.Request) -> Any:
        body = (await read_body(request)).object
        reply = next(iter(self.load_generator.replies.values()), None)
        place = {"id": str(self._world.ids.next()), "channel_id": request.match_info["id"]}
        return reply and reply.message | place | _message_fields(body)


def _message_fields(body: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a message written with ``body``, as Discord answers them."""
    components = body.get("components") or []
    _complete(components, 0)
    return {"content": body.get("content") or "", "components": components, "flags": body.get("flags") or 0}


def _complete(components: list[dict[str, Any]], last: int) -> int:
    """Add ids to components and Discord's fields to media items; return the last id."""
    for component in components:
        component["id"] = last = last + 1
        for item in component.get("items", ()):
            media = item["media"]
            media |= {"proxy_url": media["url"], "width": 0, "height": 0, "id": "1"}
        last = _complete(component.get("components", []), last)
    return last


def _picture() -> bytes:
    """Return a JPEG of 640 by 480 pixels, as large as a photograph."""
    out = io.BytesIO()
    Image.effect_noise((640, 480), 40).convert("RGB").save(out, "JPEG", quality=60)
    return out.getvalue()
