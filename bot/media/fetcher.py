"""The guarded fetcher: the one way in which Kinora follows a link that came from outside."""

from __future__ import annotations

import asyncio
import shutil
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

import aiohttp
from aiohttp import DefaultResolver
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.errors import FetchError, FileGone, FileTooLarge, LinkRefused
from bot.media.addresses import is_public
from bot.models import KEPT_VIDEO

MAX_REDIRECTS = 5
CONNECT_TIMEOUT = 10.0  # seconds
LOOK_TIMEOUT = 3.0  # seconds; a good video waits for the look, and is not to wait for a slow host
STALL_TIMEOUT = 30.0  # seconds without a byte
CONNECTIONS = 32  # at once
CONNECTIONS_TO_HOST = 16  # of them to one host: one that hardly sends anything must not keep all others waiting
LEAST_SPEED = 16 * 1024  # bytes a second, on average over each SPEED_WINDOW; 50 MB take 52 minutes with it
SPEED_WINDOW = 20.0  # seconds
_PIECE = 256 * 1024


class Fetcher:
    """
    Fetches http and https links into files, and what ``KeptVideos`` has in the folder ``kept``. Its connections are its
    own, so each purpose has a fetcher of its own.

    A host that is, or resolves to, an address outside the public internet is refused, at each redirect anew, unless
    it stands in ``allowed`` as ``host`` or ``host:port``. The check sits inside the resolver that the connection
    uses, so that a name cannot change its address between check and use. ``resolver`` finds the addresses of names;
    the system's does by default.
    """

    def __init__(
        self, allowed: Iterable[str] = (), *, kept: Path | None = None, resolver: AbstractResolver | None = None
    ) -> None:
        self._guard = _Guard(allowed)
        self._kept = kept
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        resolver = _GuardedResolver(self._guard, self._resolver or DefaultResolver())
        connector = aiohttp.TCPConnector(
            resolver=resolver, use_dns_cache=False, limit=CONNECTIONS, limit_per_host=CONNECTIONS_TO_HOST
        )
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT, sock_read=STALL_TIMEOUT)
        self._session = aiohttp.ClientSession(
            connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    def permits(self, url: str) -> bool:
        """Whether the link may be shown and followed as far as can be told without resolving its name."""
        if url.startswith(KEPT_VIDEO):
            return True
        try:
            self._guard.check_link(url)
        except LinkRefused:
            return False
        return True

    async def fetch(self, url: str, path: Path, *, limit: int, within: float) -> int:
        """
        Write what ``url`` holds to ``path`` and return its size in bytes.

        Raises LinkRefused, FileGone, FileTooLarge beyond ``limit`` bytes, FetchError for all else, also after
        ``within`` seconds, or when less comes than ``LEAST_SPEED``. No file is left behind by a failure.
        """
        if url.startswith(KEPT_VIDEO) and self._kept:
            return await asyncio.to_thread(_copy, self._kept / Path(url.removeprefix(KEPT_VIDEO)).name, path, limit)
        try:
            async with asyncio.timeout(within):
                return await self._follow(url, path, limit)
        except TimeoutError as error:
            raise FetchError("the transfer took too long") from error
        except aiohttp.ClientError as error:
            if isinstance(error.__cause__, _AddressRefused):
                raise LinkRefused(str(error.__cause__)) from error
            raise FetchError(f"the transfer failed: {type(error).__name__}") from error

    async def is_gone(self, url: str) -> bool:
        """Whether the host of ``url`` says that there is no such file. Any other answer, or none, is no."""
        try:
            async with asyncio.timeout(LOOK_TIMEOUT), self._response(url):
                return False
        except FileGone:
            return True
        except (FetchError, TimeoutError, aiohttp.ClientError):
            return False

    async def _follow(self, url: str, path: Path, limit: int) -> int:
        async with self._response(url) as response:
            if (response.content_length or 0) > limit:
                raise FileTooLarge(f"{response.content_length} bytes, more than {limit}")
            return await _save(response, path, limit)

    @asynccontextmanager
    async def _response(self, url: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """Open ``url``, where it is redirected to. Raises LinkRefused, FileGone, FetchError."""
        if self._session is None:
            raise RuntimeError("the fetcher is not open")
        link = self._guard.check_link(url)
        for _ in range(MAX_REDIRECTS + 1):
            try:
                response = await self._session.get(link, allow_redirects=False)
            except (aiohttp.InvalidURL, UnicodeError) as error:
                raise LinkRefused("the link is malformed") from error
            async with response:
                location = response.headers.get("Location")
                if 300 <= response.status < 400 and location:
                    link = self._guard.check_link(location, base=link)
                    continue
                if response.status in (404, 410):
                    raise FileGone(f"the host answered HTTP {response.status}")
                if response.status != 200:
                    raise FetchError(f"the host answered HTTP {response.status}")
                yield response
                return
        raise FetchError("too many redirects")


async def _save(response: aiohttp.ClientResponse, path: Path, limit: int) -> int:
    size = 0
    piece = bytearray()
    check_speed = _speed_check()
    try:
        # In this thread: an open that is cancelled halfway would leave the file open.
        with path.open("wb") as file:
            async for chunk in response.content.iter_any():
                size += len(chunk)
                check_speed(size)
                if size > limit:
                    raise FileTooLarge(f"more than {limit} bytes")
                piece += chunk
                if len(piece) >= _PIECE:
                    await asyncio.to_thread(file.write, bytes(piece))
                    piece.clear()
            await asyncio.to_thread(file.write, bytes(piece))
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)  # only now: Windows keeps a file that is open
        raise
    return size


def _speed_check() -> Callable[[int], None]:
    """Return what is told the size that has come so far, and raises FetchError where that grows too slowly."""
    begun, had = time.monotonic(), 0

    def check(size: int) -> None:
        nonlocal begun, had
        seconds = time.monotonic() - begun
        if seconds < SPEED_WINDOW:
            return
        if size - had < LEAST_SPEED * seconds:
            raise FetchError(f"less than {LEAST_SPEED} bytes a second came for {seconds:.0f} s")
        begun, had = time.monotonic(), size

    return check


def _copy(kept: Path, path: Path, limit: int) -> int:
    """Copy a kept video to ``path`` and return its size. Raises FileTooLarge, FetchError if it is gone."""
    try:
        size = kept.stat().st_size
        if size > limit:
            raise FileTooLarge(f"{size} bytes, more than {limit}")
        shutil.copyfile(kept, path)
    except FileNotFoundError as error:
        raise FileGone("the kept video is gone") from error
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return size


class _AddressRefused(OSError):
    """The resolver's way to say no: aiohttp expects an OSError and keeps it as the cause of its own."""


class _Guard:
    """Decides which hosts and addresses may be spoken to."""

    def __init__(self, allowed: Iterable[str]) -> None:
        # An IPv6 address stands in brackets only before a port: ``::1`` and ``[::1]:8080``.
        entries = (entry.strip().lower() for entry in allowed)
        self._allowed = {entry.strip("[]") if entry.endswith("]") else entry for entry in entries}

    def allows(self, host: str, port: int) -> bool:
        host = host.lower().rstrip(".")
        with_port = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        return host in self._allowed or with_port in self._allowed

    def check_link(self, url: str, base: URL | None = None) -> URL:
        """
        Return ``url``, seen from ``base``, as it will be requested. Raise LinkRefused unless it is a web link whose
        host, if it is an address, may be spoken to.
        """
        try:
            # The parser that the connection uses, and no other one: it also reads １２７.０.０.１ as an address.
            link = base.join(URL(url)) if base else URL(url)
            host = (link.raw_host or "").rstrip(".")
            port = link.port or 0
        except ValueError as error:
            raise LinkRefused("the link is malformed") from error
        if link.scheme not in ("http", "https") or not host:
            raise LinkRefused("only http and https links are followed")
        if link.user or link.password:
            raise LinkRefused("the link holds a user name or password")
        if not self.allows(host, port):
            _check_host(host)
        return link


def _check_host(host: str) -> None:
    """Raise LinkRefused if ``host`` is an address outside the public internet, or a name that always means one."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        raise LinkRefused("the link leads into a private network")
    try:
        # inet_aton also reads 127.1, 0x7f000001 and 2130706433, as the system's resolver does.
        public = is_public(host if ":" in host else socket.inet_ntoa(socket.inet_aton(host)))
    except (OSError, ValueError):
        if ":" not in host:
            return  # a name: the resolver looks at its addresses
        raise LinkRefused("the link's address cannot be read") from None
    if not public:
        raise LinkRefused("the link leads into a private network")


class _GuardedResolver(AbstractResolver):
    def __init__(self, guard: _Guard, resolver: AbstractResolver) -> None:
        self._guard = guard
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if not self._guard.allows(host, port) and not all(is_public(entry["host"]) for entry in found):
            raise _AddressRefused("the link leads into a private network")
        return found

    async def close(self) -> None:
        await self._resolver.close()
