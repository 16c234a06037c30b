"""What a start costs: modules that only some servers need are not imported before they are needed."""

from __future__ import annotations

import os
from pathlib import Path

from bot.storage import Database
from tests.programs import run_program

# Pictures, charts, other languages than English, metrics, upgrades, PostgreSQL; and what is not the bot's at all.
NOT_NEEDED = {"PIL", "matplotlib", "numpy", "babel", "prometheus_client", "alembic", "mako", "asyncpg", "av"}
NOT_NEEDED |= {"playground"}


def modules_after_a_start(folder: Path) -> set[str]:
    """Start the bot in ``folder``, as far as that goes without Discord, and return what it imported."""
    settings = {"DISCORD_TOKEN": "t", "VIDEO_API_URL": "http://127.0.0.1:9", "VIDEO_API_KEY": "k"}
    environment = {"PATH": os.environ["PATH"], **settings}
    run = run_program("start_without_discord", cwd=folder, environment=environment)
    assert run.returncode == 0, run.stderr
    return {module.partition(".")[0] for module in run.stdout.split()}


async def test_start_imports_nothing_that_only_some_need(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/data/kinora.db")
    await database.close()

    imported = modules_after_a_start(tmp_path)

    assert "discord" in imported
    assert imported & NOT_NEEDED == set()


def test_start_that_has_to_make_the_tables_imports_what_makes_them(tmp_path: Path) -> None:
    assert "alembic" in modules_after_a_start(tmp_path)
