"""Loads the bot, opens its health service without a port, and prints what was loaded that only a port would need."""

from __future__ import annotations

import asyncio
import sys

import bot.cli.run.run
import bot.cli.run.with_settings  # noqa: F401 - all that a start loads
from bot.app import open_health
from bot.settings import Settings


async def main() -> None:
    needed = {"discord_token": "t", "video_api_url": "https://h", "video_api_key": "k"}
    async with open_health(Settings.model_validate(needed)) as health:
        assert health.meters.trace() is None


asyncio.run(main())
print([name for name in ("prometheus_client", "aiohttp.web") if name in sys.modules])
