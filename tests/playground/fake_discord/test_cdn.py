"""Files on the CDN: signed links, ranges, expiry and deletion."""

from __future__ import annotations

import aiohttp
import pytest

from playground.clock import Clock
from playground.fake_discord.server import DiscordServer, Upload
from tests.playground.discord_rest_client import Api

VIDEO = Upload("clip.mp4", bytes(range(100)))


@pytest.fixture
def link(server: DiscordServer) -> str:
    message = server.say(server.world.person("Mara"), server.world.channel("general"), files=[VIDEO])
    return server.cdn.url(message.attachments[0])


async def test_file_is_served_with_type_and_length(link: str, http: aiohttp.ClientSession) -> None:
    async with http.get(link) as got:
        assert await got.read() == VIDEO.data
    assert (got.content_type, got.content_length) == ("video/mp4", 100)
    assert set(got.url.query) == {"ex", "is", "hm"}


async def test_part_of_a_file_is_served_to_a_player(link: str, http: aiohttp.ClientSession) -> None:
    async with http.get(link, headers={"Range": "bytes=10-19"}) as got:
        assert await got.read() == VIDEO.data[10:20]
    assert (got.status, got.headers["Content-Range"]) == (206, "bytes 10-19/100")


async def test_unsigned_forged_or_unknown_link_is_not_found(link: str, http: aiohttp.ClientSession) -> None:
    forged = link.replace("hm=", "hm=0")
    for bad in (link.partition("?")[0], forged, link.replace("clip", "clap")):
        async with http.get(bad) as got:
            assert got.status == 404


async def test_link_expires_after_a_day_and_is_renewed(
    link: str, http: aiohttp.ClientSession, api: Api, clock: Clock
) -> None:
    clock.advance(24 * 3600 + 1)
    async with http.get(link) as got:
        assert got.status == 404
    renewed = await api.ask("POST", "/attachments/refresh-urls", {"attachment_urls": [link]})
    async with http.get(renewed.json["refreshed_urls"][0]["refreshed"]) as got:
        assert got.status == 200


async def test_file_is_deleted_with_its_message(link: str, http: aiohttp.ClientSession, server: DiscordServer) -> None:
    server.delete_message(server.world.messages_of(server.world.channel("general"))[0])
    async with http.get(link) as got:
        assert got.status == 404
