"""The REST API: checks each request for faults, authorization and rate limits, answers it and records it."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from playground.fake_discord.http.request_body import Body, read_body
from playground.fake_discord.platform import Platform
from playground.fake_discord.state.events import Event
from playground.fake_discord.state.faults import Fault
from playground.fake_discord.state.rate_limits import ANYTHING_ELSE, Limit, rate_limit_body
from playground.fake_discord.state.request_log import RequestRecord, SentFile
from playground.fake_discord.world.errors import ApiError, not_found, unauthorized

API = "/api/v10"


@dataclass(frozen=True, slots=True)
class Call:
    """One request as a route's handler gets it."""

    params: dict[str, str]
    query: dict[str, str]
    body: Body

    def id(self, name: str) -> int:
        """A path parameter that must be a snowflake; raises 400/50035."""
        value = self.params[name]
        if not value.isdecimal():
            problem = {"code": "NUMBER_TYPE_COERCE", "message": f'Value "{value}" is not snowflake.'}
            raise ApiError(400, 50035, "Invalid Form Body", errors={name: {"_errors": [problem]}})
        return int(value)


@dataclass(frozen=True, slots=True)
class Answer:
    """The response of a handler; `body` is None with 204, `headers` are added to those of the rate limit."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


NO_CONTENT = Answer(status=204)


@dataclass(frozen=True, slots=True)
class Route:
    """One documented route. `bucket` names the path parameter whose value has a rate limit of its own.

    `bot_token` says whether the route requires the bot token and counts to the global limit; the others carry an
    interaction token in their path.
    """

    method: str
    template: str
    handler: Callable[[Call], Awaitable[Answer]]
    limit: Limit = ANYTHING_ELSE
    bucket: str | None = None
    bot_token: bool = True


class _DroppedError(Exception):
    """A fault closes the connection without an answer."""


class Rest:
    """Serves a set of routes below `/api/v10`."""

    def __init__(self, platform: Platform, routes: Iterable[Route]) -> None:
        self._platform = platform
        self._routes = list(routes)

    def add_to(self, application: web.Application) -> None:
        """Register every route, and a 404 for all others."""
        for route in self._routes:
            application.router.add_route(route.method, API + route.template, self._server(route))
        unknown = Route("*", "/{unknown}", self._unknown)
        application.router.add_route("*", API + "/{unknown:.*}", self._server(unknown))

    async def _unknown(self, call: Call) -> Answer:
        raise not_found()

    def _server(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            return await self._serve(route, request)

        return serve

    async def _serve(self, route: Route, request: web.Request) -> web.StreamResponse:
        started = time.monotonic()
        name = _name_of(route, request)
        headers: dict[str, str] = {}
        body = Body()
        try:
            body = await read_body(request)
            answer = await self._answer(name, route, request, body, headers)
        except ApiError as error:
            answer = Answer(error.body(), error.status)
        except _DroppedError:
            self._record(name, request, body, None, None, started)
            if request.transport is not None:
                request.transport.close()
            return web.Response()
        except Exception:
            self._record(name, request, body, 500, None, started)
            raise  # a bug in the fake, not in the bot: aiohttp logs it and answers 500
        self._record(name, request, body, answer.status, answer.body, started)
        headers["Date"] = format_datetime(self._platform.clock.now(), usegmt=True)
        return _response(answer, headers | answer.headers)

    async def _answer(
        self, name: str, route: Route, request: web.Request, body: Body, headers: dict[str, str]
    ) -> Answer:
        """The answer to one request; fills `headers` along the way, also where an ApiError is raised."""
        upload = request.content_type.startswith("multipart/")
        path = f"{request.method} {request.path.removeprefix(API)}"
        fault = self._platform.faults.take(name, path, upload=upload, body=json.dumps(body.json))
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault is not None and fault.answers and not fault.takes_effect:
            return _faulty(fault, headers)
        if route.bot_token and request.headers.get("Authorization") != f"Bot {self._platform.token}":
            raise unauthorized()
        params = dict(request.match_info)
        key = params.get(route.bucket, "") if route.bucket else ""
        verdict = self._platform.limits.take(route.limit, key, counts_globally=route.bot_token)
        headers.update(verdict.headers)
        if not verdict.allowed:
            return Answer(verdict.body, 429)
        answer = await route.handler(Call(params, dict(request.query), body))
        if fault is not None and fault.answers:
            return _faulty(fault, headers)
        return answer

    def _record(
        self, name: str, request: web.Request, body: Body, status: int | None, answer: Any, started: float
    ) -> None:
        now = self._platform.clock.now()
        record = RequestRecord(
            at=now,
            method=request.method,
            route=name,
            path=request.path.removeprefix(API),
            query=dict(request.query),
            body=body.json,
            files=tuple(SentFile(upload.filename, len(upload.data)) for upload in body.files.values()),
            status=status,
            answer=answer,
            seconds=time.monotonic() - started,
        )
        self._platform.requests.append(record)
        self._platform.events.publish(Event("request", now, request=record))


def _name_of(route: Route, request: web.Request) -> str:
    if route.method == "*":
        return f"{request.method} {request.path.removeprefix(API)}"
    template = route.template
    if request.match_info.get("message_id") == "@original":
        template = template.replace("{message_id}", "@original")
    return f"{route.method} {template}"


def _faulty(fault: Fault, headers: dict[str, str]) -> Answer:
    if fault.drop_connection or fault.status is None:
        raise _DroppedError
    if fault.status != 429:
        told = {"message": fault.message or f"{fault.status}: Fault", "code": fault.code}
        return Answer(told | ({"errors": fault.errors} if fault.errors else {}), fault.status)
    headers["Retry-After"] = str(math.ceil(fault.retry_after))
    if fault.via:
        headers["Via"] = "1.1 google"
        headers["X-RateLimit-Scope"] = "shared"
    message = fault.message or "You are being rate limited."
    return Answer(rate_limit_body(fault.retry_after, code=fault.code, message=message), 429)


def _response(answer: Answer, headers: dict[str, str]) -> web.Response:
    if answer.status == 204:
        return web.Response(status=204, headers=headers)
    # Bytes, because a text answer gets "; charset=utf-8", which discord.py does not accept as JSON.
    text = json.dumps(answer.body, ensure_ascii=False).encode()
    return web.Response(status=answer.status, body=text, content_type="application/json", headers=headers)
