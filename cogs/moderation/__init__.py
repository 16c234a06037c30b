"""What moderators do: blocks, the details of a video, and the log channel."""

from __future__ import annotations

from bot.gateway.client import KinoraBot
from cogs.moderation import blocks, details, server_log


async def setup(bot: KinoraBot) -> None:
    """Add all of it to ``bot``."""
    for part in (details, blocks, server_log):
        await part.setup(bot)
