"""Access to the page: from this machine, with the key."""

from __future__ import annotations

import io
import socket

import aiohttp
import pytest

from playground.fake_discord.server import CannotDo, Upload
from playground.page.server import PageServer
from playground.page.upload_store import MAX_BYTES, MAX_FILES, UploadStore
from tests.playground.page_visitor import Visit

GUARDED = ("/live", "/api/sample", "/api/upload", "/api/panel")
# Other ports and names of this machine are other sites.
FOREIGN = ("http://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1", "http://localhost:8700")


async def status(page: PageServer, path: str, method: str = "GET", **headers: str) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, page.origin + path, headers=headers) as response,
    ):
        return response.status


@pytest.mark.parametrize("path", GUARDED)
@pytest.mark.parametrize("key", ["", "?key=", "?key=wrong", "?key=%00%ff"])
async def test_everything_but_files_needs_the_key(page: PageServer, path: str, key: str) -> None:
    assert await status(page, path + key, "POST" if path in GUARDED[2:] else "GET") == 403


async def test_the_key_may_come_as_a_header_or_in_the_address(page: PageServer) -> None:
    assert await status(page, f"/api/sample?key={page.key}") == 200
    assert await status(page, "/api/sample", **{"X-Key": page.key}) == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.0.7:8700", "[", ""])
async def test_a_name_of_another_machine_is_turned_away_although_it_leads_here(page: PageServer, host: str) -> None:
    assert await status(page, f"/api/sample?key={page.key}", Host=host) in (400, 403)
    assert await status(page, "/", Host=host) in (400, 403)


@pytest.mark.parametrize("host", ["localhost:8700", "127.0.0.1", "[::1]:8700"])
async def test_every_name_of_this_machine_is_welcome(page: PageServer, host: str) -> None:
    assert await status(page, f"/api/sample?key={page.key}", Host=host) == 200


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_script_of_another_site_is_turned_away_even_with_the_key(page: PageServer, origin: str) -> None:
    assert await status(page, f"/api/sample?key={page.key}", Origin=origin) == 403


async def test_the_address_without_its_key_shows_a_button_that_gives_the_key_to_the_page_itself(
    page: PageServer,
) -> None:
    async with aiohttp.ClientSession() as session:
        for address in (page.origin, f"{page.origin}/?key=of-an-earlier-run"):
            async with session.get(address) as response:
                door = await response.text()
            assert "Open the playground" in door
            assert page.key not in door
            assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]  # nobody's click is borrowed
        own = {"Origin": page.origin, "Sec-Fetch-Site": "same-origin"}
        async with session.post(f"{page.origin}/enter", headers=own) as response:
            assert await response.json() == {"key": page.key}
            assert "Access-Control-Allow-Origin" not in response.headers
            assert not response.cookies
        async with session.get(page.address) as response:
            assert "Open the playground" not in await response.text()


@pytest.mark.parametrize("origin", [*FOREIGN, None])
async def test_the_button_of_another_site_is_turned_away(page: PageServer, origin: str | None) -> None:
    assert await status(page, "/enter", "POST", **({"Origin": origin} if origin else {})) == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
async def test_a_request_that_the_browser_calls_foreign_is_turned_away(page: PageServer, site: str) -> None:
    assert await status(page, "/enter", "POST", **{"Origin": page.origin, "Sec-Fetch-Site": site}) == 403


@pytest.mark.parametrize("host", ["evil.example:8700", "127.0.0.1.evil.example"])
async def test_the_button_works_under_no_name_of_another_machine_that_leads_here(page: PageServer, host: str) -> None:
    assert await status(page, "/enter", "POST", Host=host, Origin=f"http://{host}") == 403


async def test_the_key_is_given_to_no_link_or_picture(page: PageServer) -> None:
    for method in ("GET", "HEAD", "PUT"):
        assert await status(page, "/enter", method, Origin=page.origin) in (404, 405)


async def test_answers_forbid_the_browser_to_load_from_elsewhere_and_to_tell_the_address(page: PageServer) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{page.origin}/js/panel.js") as response:
        assert response.status == 200
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "Access-Control-Allow-Origin" not in response.headers
    assert await status(page, "/../server.py") == 404


async def test_other_addresses_have_no_listener(page: PageServer) -> None:
    port = int(page.origin.rpartition(":")[2])
    with pytest.raises(ConnectionError), socket.create_connection(("127.0.0.2", port), timeout=2):
        pass


async def test_a_file_beyond_the_limit_is_refused_in_words(page: PageServer) -> None:
    data = io.BytesIO(bytes(MAX_BYTES + 1))
    async with (
        aiohttp.ClientSession(headers={"X-Key": page.key}) as session,
        session.post(f"{page.origin}/api/upload", data=data) as response,
    ):
        assert response.status == 413
        assert "30 MB" in (await response.json())["error"]


def test_the_upload_store_keeps_the_latest_files_only() -> None:
    uploads = UploadStore()
    first = uploads.put(Upload("first.png", b"1"))
    ids = [uploads.put(Upload("next.png", b"2")) for _ in range(MAX_FILES)]
    assert uploads.get(ids[0]).data == b"2"
    with pytest.raises(CannotDo):
        uploads.get(first)


async def test_two_people_have_two_pages(visit: Visit) -> None:
    mara, mo = await visit("Mara"), await visit("Mo")
    assert (mara.hello["me"]["display_name"], mo.hello["me"]["display_name"]) == ("Mara", "Mo")
    assert {person["display_name"]: person["note"] for person in mara.hello["people"]} == {
        "Mara": "member",
        "Ben": "member",
        "Mo": "moderator",
        "Olga": "server owner",
    }
    assert "staff" not in str(mara.hello["guilds"])
    assert "staff" in str(mo.hello["guilds"])
