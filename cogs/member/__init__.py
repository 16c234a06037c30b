"""What members ask about themselves: ``/quota``, ``/help`` and ``/privacy``."""

from __future__ import annotations

from bot.gateway.client import KinoraBot
from cogs.member import help, privacy, quota


async def setup(bot: KinoraBot) -> None:
    """Add all of it to ``bot``."""
    for part in (help, quota, privacy):
        await part.setup(bot)
