"""Posts lines to the log channels of servers, several in one message."""

from __future__ import annotations

import logging

import aiohttp
import discord

from bot.concurrency.forever import run_forever
from bot.gateway.client import KinoraBot
from bot.models import DiscordLimits

INTERVAL = 3.0  # seconds in which lines are gathered
KEPT = 200  # lines of one channel that wait while Discord is away; older ones are dropped

log = logging.getLogger(__name__)


class LogChannels:
    """Lines on their way to the log channels. They may get lost: the record is in the database."""

    def __init__(self, bot: KinoraBot) -> None:
        self._bot = bot
        self._lines: dict[tuple[int, int], list[str]] = {}

    def add(self, guild_id: int, channel_id: int, line: str) -> None:
        """Post ``line`` within ``INTERVAL``."""
        lines = self._lines.setdefault((guild_id, channel_id), [])
        lines.append(line)
        del lines[:-KEPT]

    async def run_forever(self) -> None:
        """Post the lines that were gathered, forever."""
        await run_forever("post to the log channels", self.post_gathered, INTERVAL, after=INTERVAL)

    async def post_gathered(self) -> None:
        """Post the lines that were gathered; what goes wrong in one channel keeps no other one waiting."""
        waiting, self._lines = self._lines, {}
        for (guild_id, channel_id), lines in waiting.items():
            await self._post(guild_id, channel_id, lines)

    async def _post(self, guild_id: int, channel_id: int, lines: list[str]) -> None:
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


def _messages(lines: list[str]) -> list[str]:
    """Return the lines as few messages, none of them too long."""
    messages = [""]
    for line in lines:
        if len(messages[-1]) + 1 + len(line) > DiscordLimits.CONTENT:
            messages.append("")
        messages[-1] += f"\n{line[: DiscordLimits.CONTENT - 1]}" if messages[-1] else line[: DiscordLimits.CONTENT]
    return [message for message in messages if message]
