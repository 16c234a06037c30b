"""Sends the calls of a task service and reads the answers, or the beginnings of those that are videos."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from urllib.parse import urljoin

import aiohttp

from bot.providers.tasks.answers.answer import HttpAnswer
from bot.providers.tasks.call import ServiceCall
from bot.providers.tasks.call_body import encoded_body

CONNECT_TIMEOUT = 10.0  # seconds
HEAD_BYTES = 512  # they tell a video
MAX_ANSWER_BYTES = 1024 * 1024


def timeout_of(whole: float | None, *, silence: float | None = None) -> aiohttp.ClientTimeout:
    """Return the limits of one call, in seconds: in all, and without a byte."""
    return aiohttp.ClientTimeout(total=whole, sock_connect=CONNECT_TIMEOUT, sock_read=silence)


LOOK_UP = timeout_of(60)  # of what a service has only to look up


class Wire:
    """Sends calls, each once. No redirect is followed: it would carry the key and the picture to another host."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def send(
        self,
        call: ServiceCall,
        limits: aiohttp.ClientTimeout = LOOK_UP,
        may_send: Callable[[], bool] = lambda: True,
    ) -> HttpAnswer:
        """
        Return the answer. Raises aiohttp.ClientError, TimeoutError, FileNotFoundError if a picture is gone.

        A call that has a body leaves only if it ``may_send`` it; see ``Provider``.
        """
        async with self.opened(call, limits, may_send) as (response, seconds):
            return replace(await beginning(response), seconds=seconds)

    @asynccontextmanager
    async def opened(
        self, call: ServiceCall, limits: aiohttp.ClientTimeout, may_send: Callable[[], bool] = lambda: True
    ) -> AsyncIterator[tuple[aiohttp.ClientResponse, float]]:
        """
        Give the answer to ``call`` while its body comes in, and how many seconds after the call had left it began.

        Raises as ``send``.
        """
        # Encoded answers could not be gone on with where they broke off.
        sent = {"Accept": "*/*", "Accept-Encoding": "identity", **call.headers}
        async with AsyncExitStack() as stack:
            pieces = None
            if body := encoded_body(call):
                content, kind = body
                pieces = await stack.enter_async_context(content.opened(may_send))
                sent |= {"Content-Type": kind, "Content-Length": str(content.size)}
            response = await stack.enter_async_context(
                self._session.request(
                    call.method, call.url, data=pieces, headers=sent, timeout=limits, allow_redirects=False
                )
            )
            yield response, content.seconds_since_sent() if body else 0.0


async def beginning(response: aiohttp.ClientResponse) -> HttpAnswer:
    """Return the answer with its whole body, or, where that is a video or too large, with its first bytes."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            break
        if len(body) >= HEAD_BYTES and _answer(response, bytes(body[:HEAD_BYTES])).is_video:
            break
    return _answer(response, bytes(body))


def _answer(response: aiohttp.ClientResponse, body: bytes) -> HttpAnswer:
    headers = response.headers.copy()
    if address := headers.get("Location"):  # often as seen from the call
        with suppress(ValueError):
            headers["Location"] = urljoin(str(response.url), address)
    return HttpAnswer(response.status, headers, body)
