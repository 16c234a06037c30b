"""A video service that answers what is free to ask as a test wrote it down, and remembers whatever was asked."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.cli.check.findings import Finding
from bot.cli.check.services.free_look import VideoService
from bot.cli.check.services.provider import examine

KEY = "hunter2-the-key"
SHOWN = {"Authorization": f"Bearer {KEY}"}
NOT_FOUND = (404, {"error": {"message": "Invalid URL", "type": "invalid_request_error"}})
REFUSED = (401, {"error": {"message": "Invalid token", "type": "new_api_error"}})


def models(*names: str, **types: list[str]) -> tuple[int, Any]:
    """Return the answer that lists ``names``, and those with the types of their endpoints."""
    rows: list[dict[str, Any]] = [{"id": name, "object": "model"} for name in names]
    rows += [{"id": name, "supported_endpoint_types": words} for name, words in types.items()]
    return 200, {"object": "list", "data": rows}


TASKS = models()


@dataclass
class ListingService:
    """``answers`` are statuses and bodies by path; those without the key get 401, unless it is ``open``."""

    answers: Mapping[str, tuple[int, Any]]
    open: bool = False
    header: str = "Authorization"
    value: str = f"Bearer {KEY}"
    url: str = ""
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)  # method, path, what the header said

    async def handle(self, request: web.Request) -> web.Response:
        shown = request.headers.get(self.header)
        self.asked.append((request.method, request.path_qs, shown))
        status, body = self.answers.get(request.path, NOT_FOUND)
        if shown != self.value and not self.open:
            status, body = REFUSED
        return web.json_response(body, status=status)


@asynccontextmanager
async def listening(answers: Mapping[str, tuple[int, Any]], **about: Any) -> AsyncIterator[ListingService]:
    """Serve ``answers`` on a port of this machine."""
    service = ListingService(json.loads(json.dumps(answers)), **about)
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", service.handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield service
    finally:
        await runner.cleanup()


async def findings(
    api: str,
    answers: Mapping[str, tuple[int, Any]],
    *offered: str,
    key: str = KEY,
    **about: Any,
) -> dict[str, Finding]:
    """Return what is found, by name, where a service with these answers below /v1 is asked as ``VIDEO_API=api``."""
    async with listening({f"/v1{path}": answer for path, answer in answers.items()}, **about) as service:
        shown = {"Authorization": f"Bearer {key}"} if key else {}
        found = await examine(VideoService(api, f"{service.url}/v1", shown, {}, offered or ("m",)))
    assert {method for method, _, _ in service.asked} == {"GET"}
    return {finding.name: finding for finding in found}
