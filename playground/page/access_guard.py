"""Access to the page: from this machine only, under a loopback name, and beyond plain files only with its key."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
GUARDED = ("/api/", "/live")

# Pictures and videos come from the fake CDN, which has a port of its own.
_POLICY = (
    "default-src 'self'; img-src 'self' http://127.0.0.1:* data: blob:; media-src 'self' http://127.0.0.1:* blob:; "
    "connect-src 'self' ws://127.0.0.1:* ws://localhost:* http://127.0.0.1:*; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",  # the key is part of the page's address
    "X-Content-Type-Options": "nosniff",
}


def access_guard(key: str) -> Middleware:
    """Middleware that answers 403 to a foreign Host (DNS rebinding) or Origin, and to guarded paths without `key`."""

    @web.middleware
    async def guard(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if not _is_loopback(request.host) or request.headers.get("Origin") not in (None, _own_origin(request)):
            return web.Response(status=403, text="This page is served to this machine only.", headers=HEADERS)
        if request.path.startswith(GUARDED) and not has_key(request, key):
            return web.Response(status=403, text="Open the address that the terminal shows.", headers=HEADERS)
        return await handler(request)

    return guard


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Tell the browser, with every answer, to load and send nothing beyond this machine."""
    response.headers.update(HEADERS)


def is_own_request(request: web.Request) -> bool:
    """Whether a browser vouches that a page of this very server sent the request, no other site or port."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")  # browsers before 2023 may not send it
    return request.headers.get("Origin") == _own_origin(request) and site == "same-origin"


def has_key(request: web.Request, key: str) -> bool:
    """Whether the request carries `key`, as a header or in its address."""
    given = request.headers.get("X-Key") or request.query.get("key") or ""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), key.encode())


def _is_loopback(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in LOOPBACK
    except ValueError:
        return False


def _own_origin(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"
