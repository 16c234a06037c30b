"""The log channels of servers: a slow one delays no other one, and one that takes nothing is tried ever more rarely."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
import pytest_asyncio

from playground.bot_process import ROOT
from playground.fake_discord.people.rendering import render
from playground.fake_discord.state.events import Subscription
from playground.fake_discord.world.entities import Channel
from playground.fake_discord.world.permissions import Overwrite, Permission
from playground.playground import Playground
from tests.e2e.conftest import FOLDER, QUICK, SHORT_FILM, Stage

REST = timedelta(seconds=0.5)  # as in short_rests


class Logs(Stage):
    """A stage whose bot leaves a log channel alone for half a second at first."""

    async def limits(self, command: str, *, where: Channel | None = None, **options: object) -> str:
        """Let a server's owner type ``/limits`` and return the answer."""
        place = where or self.videos
        assert place.guild is not None
        return await self.told(await self.discord.slash(place.guild.owner, place, f"limits {command}", options))

    async def log_in(self, place: Channel) -> Channel:
        """Give the server of ``place`` a log channel, and return it once it has its first line."""
        assert place.guild is not None
        channel = await self.discord.create_channel(place.guild, "log")
        with self.discord.events.subscribe() as events:
            await self.limits("log", where=place, channel=channel)
            await self.line_in(channel, events)
        return channel

    async def line_in(self, channel: Channel, events: Subscription) -> str:
        """Wait for a message in ``channel`` and return it."""
        async with self.deadline(15):
            async for event in events:
                if event.kind == "message_created" and event.message and event.message.channel is channel:
                    return render(event.message)
        raise AssertionError

    async def try_at(self, channel: Channel, events: Subscription, status: int) -> datetime:
        """Wait until Discord answers a line for ``channel`` with ``status``, and return when."""
        async with self.deadline(15):
            async for event in events:
                if event.request and event.request.path == f"/channels/{channel.id}/messages":
                    assert event.request.status == status
                    return event.request.at
        raise AssertionError


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def logs(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Logs]:
    settings = QUICK | {"PYTHONPATH": os.pathsep.join(map(str, (FOLDER / "short_rests", ROOT)))}
    async with Playground(tmp_path_factory.mktemp("logs"), pace=0.3, plan=SHORT_FILM, settings=settings) as playground:
        yield Logs(playground, picture)
        await playground.bot.kill()  # a line of one test is to wait for longer than all of them take


async def test_a_channel_for_which_discord_asks_to_wait_delays_no_line_of_another_server(logs: Logs) -> None:
    elsewhere = logs.discord.world.channel("general", logs.discord.world.guild("Another Server"))
    slow, quick = await logs.log_in(logs.videos), await logs.log_in(elsewhere)
    asked_to_wait = f"POST /channels/{slow.id}/messages"
    logs.discord.faults.add(asked_to_wait, status=429, retry_after=25.0, times=1)
    with logs.discord.events.subscribe() as events:
        await logs.limits("prompts", days=5)
        await logs.try_at(slow, events, 429)
        await logs.limits("prompts", where=elsewhere, days=6)
        assert "erased after 6 days" in await logs.line_in(quick, events)

    assert len(logs.discord.world.messages_of(slow)) == 1


async def test_a_channel_that_takes_nothing_is_tried_ever_more_rarely_and_the_rules_say_so(logs: Logs) -> None:
    dead = await logs.log_in(logs.videos)
    dead.overwrites[logs.discord.world.bot.id] = Overwrite(deny=Permission.SEND_MESSAGES)
    tries = []
    with logs.discord.events.subscribe() as events:
        for days in range(10, 13):
            await logs.limits("prompts", days=days)
            tries.append(await logs.try_at(dead, events, 403))
    assert [later - earlier >= REST * 2**n for n, (earlier, later) in enumerate(pairwise(tries))] == [True] * 2
    assert "I can't write to the log channel #log" in await logs.limits("show")

    dead.overwrites.clear()
    with logs.discord.events.subscribe() as events:
        await logs.limits("log", channel=dead)
        assert "I can't write" not in await logs.limits("show")
        await logs.limits("prompts", days=30)
        assert "erased after 30 days" in await logs.line_in(dead, events)
