"""What moderators do: blocks, the details of a video, and the log channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.moderation import blocks, details, server_log

if TYPE_CHECKING:
    from bot.gateway.client import KinoraBot


async def setup(bot: KinoraBot) -> None:
    """Add all of it to ``bot``."""
    for part in (details, blocks, server_log):
        await part.setup(bot)
