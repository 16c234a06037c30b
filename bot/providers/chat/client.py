"""The client of the video service: one request out, progress and exactly one result back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import aiohttp

from bot.concurrency.first_use import first_use
from bot.models import Outcome, VideoModel, VideoRequest
from bot.providers.base import Failure, Progress, Provider, ProviderEvent, Refusal
from bot.providers.chat.request import ChatRequest
from bot.providers.chat.sse import MAX_EVENT_BYTES, EventTooLarge, is_too_large
from bot.providers.classify import log_excerpt
from bot.providers.turned_away import judged, turned_away

if TYPE_CHECKING:
    from bot.providers.chat.chunk import StreamDelta
    from bot.providers.chat.reply import ReplyParser

CONNECT_TIMEOUT = 10.0  # seconds
FINISH_GRACE = 5.0  # seconds left for the last words after the service said that it has finished
MAX_ERROR_BYTES = 64 * 1024


class VideoClient(Provider):
    """
    Speaks ``POST /v1/chat/completions`` as the API page has it.

    ``stall_timeout`` is the longest silence, in seconds without a byte, ``timeout`` the longest request in all.
    A reply in one piece is silent until its end, so ``stream=False`` lifts the former.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        endpoint: str,
        key: str,
        stream: bool = True,
        image_mode: str = "data",
        stall_timeout: float = 180,
        timeout: float = 1800,
    ) -> None:
        self._session = session
        self._endpoint = endpoint
        self._key = key
        self._stream = stream
        self._image_mode = image_mode
        self._timeout = aiohttp.ClientTimeout(
            total=timeout, sock_connect=CONNECT_TIMEOUT, sock_read=stall_timeout if stream else None
        )

    def sends_link(self, model: VideoModel) -> bool:
        """Whether ``model`` is handed links, as the port says."""
        return self._mode(model) == "url"

    def _mode(self, model: VideoModel) -> str:
        return model.image_mode or self._image_mode

    async def generate(
        self, request: VideoRequest, may_send: Callable[[], bool] = lambda: True
    ) -> AsyncGenerator[ProviderEvent, None]:
        """
        Send ``request`` once and yield its Progress, then one Video, Refusal or Fault. Raises FileNotFoundError if
        the picture is gone; whatever the service does ends in a Fault, never in an exception.
        """
        parser = await first_use(_parser)
        reader = parser(
            prompt=request.echoable_text,
            base=self._endpoint,
            picture_link=request.pictures[0].link if request.pictures else "",
            secrets=(self._key, self._key.removeprefix("sk-")),
        )
        body = ChatRequest(request, stream=self._stream, image_mode=self._mode(request.model))
        answered = False
        try:
            async with (
                body.opened(may_send) as pieces,
                self._session.post(
                    self._endpoint,
                    data=pieces,
                    headers=self._headers(body.size),
                    timeout=self._timeout,
                    allow_redirects=False,  # a redirect would carry the key and the picture to another host
                ) as response,
            ):
                answered, seconds = True, body.seconds_since_sent()
                if not 200 <= response.status < 300:
                    yield await _http_error(response, reader, seconds)
                    return
                async for said in _pieces(response, reader):
                    if reader.feed(said) and reader.percent is not None:
                        yield Progress(reader.percent)
            yield reader.result()
        except EventTooLarge:
            fault = Failure(Outcome.BAD_STREAM, f"one event of the stream passed {MAX_EVENT_BYTES} bytes")
            yield reader.video() or replace(fault, usage=reader.usage)
        except TimeoutError:
            # aiohttp's own timeouts are TimeoutErrors as well.
            silent = Failure(Outcome.TIMEOUT, "the service was silent, or at work, for too long", usage=reader.usage)
            yield reader.result() if reader.settled() else silent
        except aiohttp.ClientConnectorError as error:
            yield turned_away(Failure(Outcome.PROVIDER_ERROR, f"no connection: {log_excerpt(str(error))}"))
        except aiohttp.ClientError as error:
            detail = f"the connection broke: {type(error).__name__}{_encoding(error)}"
            broke = Failure(Outcome.BAD_STREAM if answered else Outcome.PROVIDER_ERROR, detail, usage=reader.usage)
            yield reader.result() if reader.settled() else broke

    def _headers(self, size: int) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # events must arrive when they are sent, not when a block is full
            "Content-Length": str(size),
        }


@cache
def _parser() -> type[ReplyParser]:
    """Load all that reads replies: much, which a bot that starts, and one that nobody asks, do without."""
    import bot.providers.chat.stream
    import bot.providers.chat.whole_reply  # noqa: F401 - with what it needs
    from bot.providers.chat.reply import ReplyParser
    from bot.providers.judge.judge import lexicon

    lexicon()
    return ReplyParser


async def _pieces(response: aiohttp.ClientResponse, reader: ReplyParser) -> AsyncIterator[StreamDelta]:
    """
    Yield what the body says, piece by piece, until it ends, or ``[DONE]``, or a moment after it has said its last word.

    Some services say that they have finished with the first chunk, or minutes before the video (jimeng-free-api): as
    long as ``reader`` has neither video nor failure, the reading goes on to the end or the limits.
    """
    from bot.providers.chat.stream import ChatStream, read_body  # which ``_parser`` has loaded

    if "json" in response.headers.get("Content-Type", "").lower():
        body = await _read(response, is_too_large)
        if is_too_large(body):
            raise EventTooLarge
        said = read_body(body)
        if not said.broken:
            yield said
            return
        stream = ChatStream()  # a stream under the wrong label
        yield stream.feed(body)
        yield stream.flush()
        return
    stream = ChatStream()
    clock = asyncio.get_running_loop().time
    look: float | None = None  # when to see, after the service said that it has finished, whether it has said how
    try:
        while not response.content.at_eof():
            if look is not None and clock() >= look:
                if reader.settled():
                    break
                look = clock() + FINISH_GRACE
            try:
                async with asyncio.timeout_at(look) as grace:
                    chunk = await response.content.readany()
            except TimeoutError:
                if not grace.expired():  # aiohttp's own limits: the longest silence, the longest request
                    raise
                continue
            said = stream.feed(chunk)
            yield said
            if said.done:
                return
            if said.finished and look is None:
                look = clock() + FINISH_GRACE
    except (TimeoutError, aiohttp.ClientError):
        yield stream.flush()
        if look is None:
            raise
        return
    yield stream.flush()


def _encoding(error: aiohttp.ClientError) -> str:
    """Return what aiohttp says of a body in an encoding that this machine cannot decode: brotli, zstd."""
    message = str(getattr(error, "message", ""))
    return f": {log_excerpt(message)}" if "content-encoding" in message else ""


async def _read(response: aiohttp.ClientResponse, is_enough: Callable[[bytearray], bool]) -> bytes:
    """Return the body, or its beginning that ``is_enough``."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if is_enough(body):
            break
    return bytes(body)


async def _http_error(response: aiohttp.ClientResponse, reader: ReplyParser, seconds: float) -> Refusal | Failure:
    """Return what an error says that came ``seconds`` after the request had left."""
    status = response.status
    if 300 <= status < 400:
        return Failure(
            Outcome.PROVIDER_ERROR, f"HTTP {status}: the service redirects, which is not followed with the key"
        )
    try:
        body = await _read(response, lambda body: len(body) > MAX_ERROR_BYTES)
    except (TimeoutError, aiohttp.ClientError):
        body = b""
    from bot.providers.chat.whole_reply import read_error  # as above

    told = read_error(body)
    result = reader.error(told.message, status, odd=told.odd)
    if isinstance(result, Refusal) or reader.key_refused:
        return result
    words = f"{told.message} {told.odd}"
    return judged(result, status, words, response.headers.get("Retry-After"), seconds)
