"""The log channels of all servers are served, whatever goes wrong in one of them."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from bot.concurrency.tasks import Tasks
from cogs.moderation.server_log import LONGEST_REST, REST, LogChannels


class Channel:
    def __init__(self, bot: Bot, channel_id: int) -> None:
        self._bot = bot
        self._id = channel_id

    async def send(self, text: str, **_: object) -> None:
        self._bot.tries.append(self._id)
        if self._id == UNREADABLE and self._bot.unreadable:
            raise KeyError("author")
        if self._id == SLOW:
            await asyncio.sleep(60)
        self._bot.posted.append(text)


class Bot:
    """A Discord whose answers in one channel cannot be read, and do not come in another one."""

    def __init__(self) -> None:
        self.posted: list[str] = []
        self.tries: list[int] = []
        self.unreadable = True
        self.silent_logs: set[int] = set()
        self.tasks = Tasks()

    def get_partial_messageable(self, channel_id: int, *, guild_id: int) -> Channel:
        return Channel(self, channel_id)


class Logs(LogChannels):
    def __init__(self) -> None:
        self.bot, self.now = Bot(), 0.0
        super().__init__(cast(Any, self.bot), lambda: self.now)

    async def post(self) -> None:
        await self.post_gathered()
        for _ in range(5):
            await asyncio.sleep(0)


UNREADABLE, SLOW, GOOD = 1, 2, 3


async def test_an_answer_that_cannot_be_read_in_one_log_channel_stops_no_other_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logs = Logs()
    for channel in (UNREADABLE, GOOD):
        logs.add(100, channel, "made")
    await logs.post()
    assert logs.bot.posted == ["made"]
    assert "could not post to a log channel" in caplog.text


async def test_a_channel_whose_answer_is_long_in_coming_keeps_no_other_one_waiting_and_its_own_lines_in_order() -> None:
    logs = Logs()
    for channel in (SLOW, GOOD):
        logs.add(100, channel, "first")
    await logs.post()
    for channel in (SLOW, GOOD):
        logs.add(100, channel, "second")
    await logs.post()

    assert logs.bot.posted == ["first", "second"]
    assert logs.bot.tries == [SLOW, GOOD, GOOD]
    await logs.bot.tasks.finish(0)


async def test_a_channel_that_takes_nothing_is_tried_ever_more_rarely_until_it_does_again() -> None:
    logs = Logs()
    for _ in range(12 * 3600 // 10):
        logs.add(100, UNREADABLE, "made")
        await logs.post()
        logs.now += 10.0
    assert len(logs.bot.tries) < 14
    assert logs.bot.silent_logs == {UNREADABLE}

    logs.bot.unreadable = False
    logs.now += LONGEST_REST + REST
    logs.add(100, UNREADABLE, "back")
    await logs.post()
    assert logs.bot.posted[-1].endswith("back")
    assert not logs.bot.silent_logs
