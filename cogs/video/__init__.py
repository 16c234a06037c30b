"""Making a video: from the command, form or button to the reply."""

from __future__ import annotations

from bot.gateway.client import KinoraBot
from cogs.video import actions, animate, command, recovery


async def setup(bot: KinoraBot) -> None:
    """Add all of it to ``bot``."""
    for part in (command, actions, animate, recovery):
        await part.setup(bot)
