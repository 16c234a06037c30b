"""The log channels of all servers are served, whatever goes wrong in one of them."""

from __future__ import annotations

from typing import Any, cast

import pytest

from cogs.moderation.server_log import LogChannels


class Channel:
    def __init__(self, posted: list[str], fails: Exception | None) -> None:
        self._posted = posted
        self._fails = fails

    async def send(self, text: str, **_: object) -> None:
        if self._fails:
            raise self._fails
        self._posted.append(text)


class Bot:
    """A Discord whose answers in channel 1 cannot be read."""

    def __init__(self) -> None:
        self.posted: list[str] = []

    def get_partial_messageable(self, channel_id: int, *, guild_id: int) -> Channel:
        return Channel(self.posted, KeyError("author") if channel_id == 1 else None)


async def test_an_answer_that_cannot_be_read_in_one_log_channel_stops_no_other_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bot = Bot()
    logs = LogChannels(cast(Any, bot))
    for channel in (1, 2):
        logs.add(100, channel, "made")
    await logs.post_gathered()
    assert bot.posted == ["made"]
    assert "could not post to a log channel" in caplog.text
