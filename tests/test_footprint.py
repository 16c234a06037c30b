"""What a start costs: modules that only some servers need are not imported before they are needed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.storage import Database
from tests.programs import run_program

NOT_NEEDED = (
    # Pictures, charts, files for spreadsheets, other languages than English, metrics.
    *("PIL", "av", "matplotlib", "numpy", "bot.reports.chart", "bot.reports.csv_export", "babel", "prometheus_client"),
    # Upgrades, PostgreSQL, and of SQLAlchemy what is no Core.
    *("alembic", "mako", "asyncpg", "sqlalchemy.dialects.postgresql", "sqlalchemy.ext", "sqlalchemy.orm"),
    # A file of services, other kinds of services than the one that is named, and reading what that one will say.
    *("tomllib", "bot.providers.tasks", "bot.providers.comfyui", "bot.providers.chat.reply", "bot.providers.judge"),
    # The doctor and the other commands of the shell; the health service; what is not the bot's at all.
    *("bot.cli.check", "bot.cli.explain", "bot.cli.usage", "bot.storage.transfer", "aiohttp.web", "playground"),
)


def modules_after_a_start(folder: Path) -> list[str]:
    """Start the bot in ``folder``, as far as that goes without Discord, and return what it imported."""
    settings = {"DISCORD_TOKEN": "t", "VIDEO_API_URL": "http://127.0.0.1:9", "VIDEO_API_KEY": "k"}
    environment = {"PATH": os.environ["PATH"], **settings}
    run = run_program("start_without_discord", cwd=folder, environment=environment)
    assert run.returncode == 0, run.stderr
    return run.stdout.split()


def those_of(packages: Iterable[str], modules: Iterable[str]) -> list[str]:
    return [name for name in modules if any(f"{name}.".startswith(f"{package}.") for package in packages)]


async def test_start_imports_nothing_that_only_some_need(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/data/kinora.db")
    await database.close()

    imported = modules_after_a_start(tmp_path)

    assert {"discord", "sqlalchemy", "bot.providers.chat.client", "cogs.usage.report"} <= set(imported)
    assert those_of(NOT_NEEDED, imported) == []


def test_start_that_has_to_make_the_tables_imports_what_makes_them(tmp_path: Path) -> None:
    assert "alembic" in modules_after_a_start(tmp_path)


@pytest.mark.parametrize("command", ["services", "describe"])
def test_command_of_the_shell_that_needs_no_discord_and_no_database_loads_neither(command: str) -> None:
    words = [command, "videos"] if command == "describe" else [command]

    run = run_program("run_command", *words)

    assert run.returncode == 0, run.stderr
    assert those_of(["discord", "sqlalchemy", "aiohttp"], run.stderr.split()) == []
