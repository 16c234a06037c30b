"""Opens the database at the given URL, and leaves it open."""

from __future__ import annotations

import asyncio
import sys

from bot.storage import Database

asyncio.run(Database.open(sys.argv[1]))
