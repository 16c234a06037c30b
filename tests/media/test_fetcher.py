"""Links from outside are followed only to where they may lead, within bounds of size and time."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import FetchError, FileTooLarge, LinkRefused
from bot.media import fetcher as fetching
from bot.media.fetcher import CONNECTIONS_TO_HOST, MAX_REDIRECTS, Fetcher

BODY = b"0123456789" * 100


class Names(AbstractResolver):
    """A resolver that knows the names it was given; all else it does not find."""

    def __init__(self, names: dict[str, list[str]]) -> None:
        self.names = names
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if host not in self.names:
            raise OSError(f"no such name: {host}")
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
            for address in self.names[host]
        ]

    async def close(self) -> None:
        """Nothing to close."""


class Host:
    """A web server on loopback that answers by path and notes what it was asked."""

    def __init__(self) -> None:
        self.port = 0
        self.requests: list[web.BaseRequest] = []
        self.redirects: dict[str, str] = {}
        self.hang = asyncio.Event()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(request)
        if location := self.redirects.get(request.path):
            return web.Response(status=302, headers={"Location": location, "Set-Cookie": "id=1; Path=/"})
        match request.path:
            case "/status/204" | "/status/404" | "/status/500":
                return web.Response(status=int(request.path.rsplit("/", 1)[1]))
            case "/big":
                return web.Response(body=BODY)
            case "/streamed" | "/hangs" | "/short":
                return await self._streamed(request)
            case "/drips":
                return await self._dripping(request)
            case _:
                return web.Response(body=BODY)

    async def _streamed(self, request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        if request.path == "/short":
            response.content_length = len(BODY) * 2
        await response.prepare(request)
        await response.write(BODY)
        if request.path == "/hangs":
            await self.hang.wait()
        if request.path == "/short" and request.transport:
            request.transport.close()
        return response

    async def _dripping(self, request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while not self.hang.is_set():
            await response.write(b".")
            await asyncio.sleep(0.02)
        return response

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    host = Host()
    runner = web.ServerRunner(web.Server(host.answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host.port = runner.addresses[0][1]
    yield host
    host.hang.set()
    await runner.cleanup()


async def refused(url: str, path: Path, *allowed: str, resolver: AbstractResolver | None = None) -> None:
    async with Fetcher(allowed, resolver=resolver) as fetcher:
        with pytest.raises(LinkRefused):
            await fetcher.fetch(url, path, limit=10_000, within=5)
    assert not path.exists()


@pytest.mark.parametrize(
    "name",
    [
        "127.0.0.1", "10.1.2.3", "169.254.169.254", "[::1]", "[fe80::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]", "[::127.0.0.1]", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "127.1", "127.0.1", "0",
        "127.0.0.1.", "localhost", "LOCALHOST", "localhost.", "a.localhost", "printer.local",
        "metadata.google.internal", "168.63.129.16", "192.0.0.192", "[2001::1]", "[v1.fe80::1]", "[::1%25eth0]",
        "１２７.０.０.１", "127。0。0。1", "①②⑦.⓪.⓪.①", "ｌｏｃａｌｈｏｓｔ",
    ],
)  # fmt: skip
async def test_private_host_is_refused_however_it_is_written(host: Host, tmp_path: Path, name: str) -> None:
    names = Names({})
    await refused(host.url("/x", name), tmp_path / "f", resolver=names)
    assert (host.requests, names.asked) == ([], [])


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::1"], ["169.254.169.254"]])
async def test_name_that_resolves_to_a_private_address_is_refused(
    host: Host, tmp_path: Path, addresses: list[str]
) -> None:
    await refused(host.url("/x", "rebind.example"), tmp_path / "f", resolver=Names({"rebind.example": addresses}))
    assert host.requests == []


async def test_name_is_resolved_anew_for_each_connection(host: Host, tmp_path: Path) -> None:
    names = Names({"video.example": ["127.0.0.1"]})
    async with Fetcher(["video.example"], resolver=names) as fetcher:
        for _ in range(2):
            await fetcher.fetch(host.url("/x", "video.example"), tmp_path / "f", limit=10_000, within=5)
            host.requests[-1].transport.close()  # type: ignore[union-attr]
            await asyncio.sleep(0.01)
    assert names.asked == ["video.example"] * 2


@pytest.mark.parametrize("entry", ["127.0.0.1", "127.0.0.1:{port}", " 127.0.0.1:{port} "])
async def test_allowed_address_is_fetched(host: Host, tmp_path: Path, entry: str) -> None:
    async with Fetcher([entry.format(port=host.port)]) as fetcher:
        size = await fetcher.fetch(host.url("/x"), tmp_path / "f", limit=10_000, within=5)
    assert (size, (tmp_path / "f").read_bytes()) == (len(BODY), BODY)


@pytest.mark.parametrize("entry", ["video.lan", "VIDEO.lan:{port}"])
async def test_allowed_name_is_fetched_from_a_private_address(host: Host, tmp_path: Path, entry: str) -> None:
    async with Fetcher([entry.format(port=host.port)], resolver=Names({"video.lan": ["127.0.0.1"]})) as fetcher:
        assert await fetcher.fetch(host.url("/x", "Video.LAN"), tmp_path / "f", limit=10_000, within=5) == len(BODY)


@pytest.mark.parametrize("entry", ["127.0.0.1:1", "27.0.0.1", "localhost", "127.0.0"])
async def test_entry_for_another_host_or_port_allows_nothing(host: Host, tmp_path: Path, entry: str) -> None:
    await refused(host.url("/x"), tmp_path / "f", entry)


@pytest.mark.parametrize(
    ("entry", "url", "permitted"),
    [
        ("::1", "http://[::1]:8080/", True),
        ("[::1]", "http://[::1]:8080/", True),
        ("[::1]:8080", "http://[::1]:8080/", True),
        ("[::1]:8080", "http://[::1]:9090/", False),
        ("video.lan:443", "https://video.lan/", True),
    ],
)
async def test_allowed_ipv6_address_may_have_a_port(entry: str, url: str, permitted: bool) -> None:
    assert Fetcher([entry]).permits(url) is permitted


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://example.com/x", "gopher://example.com/", "javascript:alert(1)", "//example.com/x",
        "example.com", "", "http://", "http:///x", "https://user:pass@example.com/", "https://user@example.com/",
        "http://127.0.0.1\\@example.com/", "http://[::1", "http://h:99999/", "http://h:x/", "http://exa mple.com/",
        f"http://{'a' * 70}.example/", "http://a..b/",
    ],
)  # fmt: skip
async def test_what_is_no_plain_web_link_is_refused(tmp_path: Path, url: str) -> None:
    async with Fetcher(resolver=Names({})) as fetcher:
        with pytest.raises(FetchError):
            await fetcher.fetch(url, tmp_path / "f", limit=10, within=5)
    assert not (tmp_path / "f").exists()


@pytest.mark.parametrize(
    ("url", "permitted"),
    [("https://example.com/v.mp4", True), ("https://8.8.8.8/", True), ("http://10.0.0.1/", False), ("ftp://h/", False)],
)
def test_permits_says_so_without_asking_anybody(url: str, permitted: bool) -> None:
    assert Fetcher().permits(url) is permitted


@pytest.mark.parametrize("location", ["/x", "x", "http://{host}/x", "//{host}/x"])
async def test_redirect_is_followed_where_it_may_lead(host: Host, tmp_path: Path, location: str) -> None:
    host.redirects["/start"] = location.format(host=f"127.0.0.1:{host.port}")
    async with Fetcher(["127.0.0.1"]) as fetcher:
        assert await fetcher.fetch(host.url("/start"), tmp_path / "f", limit=10_000, within=5) == len(BODY)


@pytest.mark.parametrize(
    "location",
    ["http://10.0.0.1/", "http://localhost/", "http://[::1]/", "http://１２７.0.0.2/", "file:///etc/passwd",
     "http://u:p@127.0.0.1/", "http://[::1", "http://other.example/"],
)  # fmt: skip
async def test_redirect_from_an_allowed_host_to_a_forbidden_one_is_refused(
    host: Host, tmp_path: Path, location: str
) -> None:
    host.redirects["/start"] = location
    names = Names({"other.example": ["10.0.0.1"]})
    await refused(host.url("/start"), tmp_path / "f", "127.0.0.1", resolver=names)
    assert len(host.requests) == 1


async def test_redirect_loop_ends_as_an_error(host: Host, tmp_path: Path) -> None:
    host.redirects["/start"] = "/start"
    async with Fetcher(["127.0.0.1"]) as fetcher:
        with pytest.raises(FetchError, match="too many redirects"):
            await fetcher.fetch(host.url("/start"), tmp_path / "f", limit=10_000, within=5)
    assert len(host.requests) == MAX_REDIRECTS + 1


async def test_cookies_are_not_sent_back(host: Host, tmp_path: Path) -> None:
    host.redirects["/start"] = "/x"
    async with Fetcher(["127.0.0.1"]) as fetcher:
        await fetcher.fetch(host.url("/start"), tmp_path / "f", limit=10_000, within=5)
    assert "Cookie" not in host.requests[-1].headers


async def test_proxy_of_the_environment_is_not_used(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with Fetcher(["127.0.0.1"]) as fetcher:
        assert await fetcher.fetch(host.url("/x"), tmp_path / "f", limit=10_000, within=5) == len(BODY)


@pytest.mark.parametrize("path", ["/big", "/streamed"])
async def test_file_beyond_the_bound_is_refused_and_leaves_nothing(host: Host, tmp_path: Path, path: str) -> None:
    async with Fetcher(["127.0.0.1"]) as fetcher:
        with pytest.raises(FileTooLarge):
            await fetcher.fetch(host.url(path), tmp_path / "f", limit=len(BODY) - 1, within=5)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["/big", "/streamed"])
async def test_file_of_just_the_bound_is_taken(host: Host, tmp_path: Path, path: str) -> None:
    async with Fetcher(["127.0.0.1"]) as fetcher:
        assert await fetcher.fetch(host.url(path), tmp_path / "f", limit=len(BODY), within=5) == len(BODY)


@pytest.mark.parametrize("path", ["/status/204", "/status/404", "/status/500", "/short"])
async def test_failed_transfer_is_an_error_and_leaves_nothing(host: Host, tmp_path: Path, path: str) -> None:
    async with Fetcher(["127.0.0.1"]) as fetcher:
        with pytest.raises(FetchError):
            await fetcher.fetch(host.url(path), tmp_path / "f", limit=10_000, within=5)
    assert list(tmp_path.iterdir()) == []


async def test_transfer_that_takes_too_long_is_an_error_and_leaves_nothing(host: Host, tmp_path: Path) -> None:
    async with Fetcher(["127.0.0.1"]) as fetcher:
        with pytest.raises(FetchError, match="too long"):
            await fetcher.fetch(host.url("/hangs"), tmp_path / "f", limit=10_000, within=0.1)
    assert list(tmp_path.iterdir()) == []


async def test_cancelled_transfer_leaves_nothing(host: Host, tmp_path: Path) -> None:
    async with Fetcher(["127.0.0.1"]) as fetcher:
        task = asyncio.create_task(fetcher.fetch(host.url("/hangs"), tmp_path / "f", limit=10_000, within=60))
        async with asyncio.timeout(5):
            while not (tmp_path / "f").exists():  # noqa: ASYNC110 - a file has no event
                await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.wait([task])
    assert task.cancelled()
    assert list(tmp_path.iterdir()) == []


async def test_host_that_nobody_answers_for_is_an_error(tmp_path: Path) -> None:
    async with Fetcher(["127.0.0.1"]) as fetcher:
        with pytest.raises(FetchError):
            await fetcher.fetch("http://127.0.0.1:1/x", tmp_path / "f", limit=10, within=5)


async def test_fetcher_must_be_open(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        await Fetcher().fetch("https://example.com", tmp_path / "f", limit=10, within=5)


async def test_transfer_that_drips_is_given_up_and_leaves_nothing(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "SPEED_WINDOW", 0.3)
    async with Fetcher(["127.0.0.1"]) as fetcher:
        with pytest.raises(FetchError, match="bytes a second"):
            await fetcher.fetch(host.url("/drips"), tmp_path / "f", limit=10_000, within=20)
    assert list(tmp_path.iterdir()) == []


async def test_transfer_at_the_least_speed_is_finished(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "SPEED_WINDOW", 0.1)
    monkeypatch.setattr(fetching, "LEAST_SPEED", 5)
    async with Fetcher(["127.0.0.1"]) as fetcher:
        with pytest.raises(FileTooLarge):  # it goes on for ever
            await fetcher.fetch(host.url("/drips"), tmp_path / "f", limit=20, within=20)


async def test_host_that_keeps_its_connections_busy_does_not_stop_another(host: Host, tmp_path: Path) -> None:
    names = Names({"slow.example": ["127.0.0.1"], "quick.example": ["127.0.0.1"]})
    async with Fetcher(names.names, resolver=names) as fetcher:
        link = host.url("/hangs", "slow.example")
        slow = [
            asyncio.create_task(fetcher.fetch(link, tmp_path / f"{number}", limit=10_000, within=60))
            for number in range(CONNECTIONS_TO_HOST * 3)
        ]
        async with asyncio.timeout(20):
            while len(host.requests) < CONNECTIONS_TO_HOST:  # noqa: ASYNC110 - the host has no event
                await asyncio.sleep(0.01)
        await fetcher.fetch(host.url("/x", "quick.example"), tmp_path / "f", limit=10_000, within=5)
        assert len(host.requests) == CONNECTIONS_TO_HOST + 1
        for task in slow:
            task.cancel()
        await asyncio.wait(slow)
