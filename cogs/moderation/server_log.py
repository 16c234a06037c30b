"""Posts lines to the log channels of servers, several in one message."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import aiohttp
import discord

from bot.concurrency.forever import run_forever
from bot.gateway.client import KinoraBot
from bot.models import DiscordLimits

INTERVAL = 3.0  # seconds in which lines are gathered
KEPT = 200  # lines of one channel that wait while Discord is away; older ones are dropped
REST = 30.0  # seconds in which a channel is left alone that did not take its lines; twice as long each time
LONGEST_REST = 6 * 3600.0  # seconds

log = logging.getLogger(__name__)


class _Log:
    """The lines that wait for one channel, and how it took the last ones."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.posting = False
        self.failures = 0  # in a row
        self.rests_until = 0.0  # by the clock


class LogChannels:
    """
    Lines on their way to the log channels, each channel by itself. They may get lost: the record is in the database.

    One that does not take them is tried ever more rarely for as long as it stands in ``bot.silent_logs``.
    """

    def __init__(self, bot: KinoraBot, clock: Callable[[], float] = time.monotonic) -> None:
        self._bot = bot
        self._clock = clock
        self._logs: dict[tuple[int, int], _Log] = {}

    def add(self, guild_id: int, channel_id: int, line: str) -> None:
        """Post ``line`` within ``INTERVAL``."""
        lines = self._logs.setdefault((guild_id, channel_id), _Log()).lines
        lines.append(line)
        del lines[:-KEPT]

    async def run_forever(self) -> None:
        """Post the lines that were gathered, forever."""
        await run_forever("post to the log channels", self.post_gathered, INTERVAL, after=INTERVAL)

    async def post_gathered(self) -> None:
        """Start to post the lines that were gathered; no channel waits for another one."""
        for (guild_id, channel_id), waiting in list(self._logs.items()):
            rests = channel_id in self._bot.silent_logs and waiting.rests_until > self._clock()
            if waiting.lines and not waiting.posting and not rests:
                waiting.posting = True
                self._bot.tasks.start(self._post(guild_id, channel_id, waiting), f"log channel {channel_id}")

    async def _post(self, guild_id: int, channel_id: int, waiting: _Log) -> None:
        lines, waiting.lines = waiting.lines, []
        taken = False
        try:
            taken = await self._took(guild_id, channel_id, lines)
        finally:
            waiting.posting = False
        if taken:
            self._bot.silent_logs.discard(channel_id)
            if not waiting.lines:
                del self._logs[guild_id, channel_id]
            waiting.failures = 0
        else:
            self._bot.silent_logs.add(channel_id)
            waiting.rests_until = self._clock() + min(REST * 2**waiting.failures, LONGEST_REST)
            waiting.failures += 1

    async def _took(self, guild_id: int, channel_id: int, lines: list[str]) -> bool:
        channel = self._bot.get_partial_messageable(channel_id, guild_id=guild_id)
        try:
            for text in _messages(lines):
                await channel.send(text, suppress_embeds=True, allowed_mentions=discord.AllowedMentions.none())
        except discord.HTTPException as error:
            log.warning("could not post to a log channel: HTTP %d", error.status, extra={"guild": guild_id})
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("could not post to a log channel: %s", type(error).__name__, extra={"guild": guild_id})
        except Exception:  # an answer that discord.py cannot read, for one
            log.exception("could not post to a log channel", extra={"guild": guild_id})
        else:
            return True
        return False


def _messages(lines: list[str]) -> list[str]:
    """Return the lines as few messages, none of them too long."""
    messages = [""]
    for line in lines:
        if len(messages[-1]) + 1 + len(line) > DiscordLimits.CONTENT:
            messages.append("")
        messages[-1] += f"\n{line[: DiscordLimits.CONTENT - 1]}" if messages[-1] else line[: DiscordLimits.CONTENT]
    return [message for message in messages if message]
