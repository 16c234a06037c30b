"""What a start costs: modules that only some servers need are not imported before they are needed."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from bot.storage import Database

ROOT = Path(__file__).resolve().parent.parent
# Charts, other languages than English, metrics, upgrades, PostgreSQL; and what is not the bot's at all.
NOT_NEEDED = {"matplotlib", "numpy", "babel", "prometheus_client", "alembic", "mako", "asyncpg", "av", "playground"}

# Everything that `python -m bot run` does before it connects.
START = """
import asyncio, pathlib, sys
from bot.__main__ import KinoraBot, Settings, open_app
from bot.gateway.client import EXTENSIONS

async def start():
    async with open_app(Settings.load(pathlib.Path("none"))) as app, KinoraBot(app) as bot:
        for extension in EXTENSIONS:
            await bot.load_extension(extension)

asyncio.run(start())
print(*sys.modules)
"""


async def modules_after_a_start(folder: Path) -> set[str]:
    """Start the bot in ``folder``, as far as that goes without Discord, and return what it imported."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", START),
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": "t",
            "VIDEO_API_URL": "http://127.0.0.1:9",
            "VIDEO_API_KEY": "k",
        },
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return {module.partition(".")[0] for module in output.decode().split()}


async def test_start_imports_nothing_that_only_some_need(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/data/kinora.db")
    await database.close()

    imported = await modules_after_a_start(tmp_path)

    assert "discord" in imported
    assert imported & NOT_NEEDED == set()


async def test_start_that_has_to_make_the_tables_imports_what_makes_them(tmp_path: Path) -> None:
    assert "alembic" in await modules_after_a_start(tmp_path)
