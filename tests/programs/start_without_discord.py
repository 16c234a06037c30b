"""Does everything that ``python -m bot run`` does before it connects, and prints the modules that are loaded then."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import bot.cli.run.run
import bot.cli.run.with_settings  # noqa: F401 - all that a start loads
from bot.app import open_app
from bot.gateway.client import EXTENSIONS, KinoraBot
from bot.settings import Settings


async def main() -> None:
    async with open_app(Settings.load(Path("none"))) as app, KinoraBot(app) as bot:
        for extension in EXTENSIONS:
            await bot.load_extension(extension)
        print(*sys.modules)  # before the cogs are unloaded


asyncio.run(main())
