"""What members ask about themselves: ``/quota``, ``/help`` and ``/privacy``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.member import help, privacy, quota

if TYPE_CHECKING:
    from bot.gateway.client import KinoraBot


async def setup(bot: KinoraBot) -> None:
    """Add all of it to ``bot``."""
    for part in (help, quota, privacy):
        await part.setup(bot)
