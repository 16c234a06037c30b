"""A real bot behind a REST proxy: what the proxy adds of its own is sat out, and no video is lost over it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from playground.bot_process import BotProcess
from playground.fake_discord.people.rendering import render
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage
from tests.e2e.rest_proxy import RestProxy

READY = "Your video is ready"
UPLOADED = "[video: video.mp4"


class Proxied(Playground):
    """A playground whose bot reaches Discord's REST through a proxy."""

    proxy: RestProxy

    async def start_bot(self) -> None:
        """Put the proxy in between, busy from the first request on, and start the bot."""
        parts = urlsplit(self.discord.api_url)
        self.proxy = RestProxy(f"{parts.scheme}://{parts.netloc}")
        await self.proxy.start()
        self.proxy.busy = True
        settings = {**QUICK, "VIDEO_TIMEOUT": "60", "DISCORD_API_URL": self.proxy.url}
        self.bot = BotProcess(self.discord, self.service, self.bot.directory, settings)
        await super().start_bot()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Proxied]:
    async with Proxied(tmp_path_factory.mktemp("proxied"), pace=0.3, plan=SHORT_FILM) as world:
        yield world
        await world.bot.stop()
        await world.proxy.stop()


@pytest.fixture
def stage(world: Proxied, picture: bytes) -> Stage:
    world.proxy.busy = world.proxy.impatient = False
    return Stage(world, picture)


async def test_behind_a_busy_proxy_everything_arrives_from_the_commands_to_the_uploaded_video(
    world: Proxied, stage: Stage
) -> None:
    world.proxy.busy = True
    by_token = await stage.video("by token")
    refused = await stage.video("#refuse-prompt", by=stage.mo)
    as_bot = await stage.video("#slow as the bot's own", by=stage.ben)
    await stage.discord.wait_for(as_bot, lambda m: re.search(r"\d%", render(m)) is not None, timeout=40)
    stage.discord.kill_token(as_bot)
    await stage.shows(by_token, READY, UPLOADED, within=40)
    await stage.told(refused, within=40)
    await stage.shows(as_bot, READY, UPLOADED, within=60)

    # Logging in, commands, acknowledgements, edits and private words by token, edits of the bot's own.
    expected = {"GET users", "PUT applications", "GET gateway", "POST interactions"}
    expected |= {"PATCH webhooks", "POST webhooks", "PATCH channels"}
    assert expected <= set(world.proxy.turned_away)
    assert "HTTP 429, code" not in stage.log()


async def test_where_a_proxy_gives_up_on_the_upload_the_link_stays_and_the_log_says_what_to_raise(
    world: Proxied, stage: Stage
) -> None:
    world.proxy.impatient = True
    interaction = await stage.video("too slow for the proxy")
    row = await stage.delivered(interaction)
    message = await stage.shows(interaction, READY)

    assert UPLOADED not in render(message)
    assert row["video_url"] in render(message)
    assert "too slow for the proxy" in render(message)
    assert stage.log().count("REQUEST_TIMEOUT") == 1
