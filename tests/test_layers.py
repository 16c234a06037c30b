"""Importing any module by itself works, reads no environment, and opens nothing."""

from __future__ import annotations

import os
import pkgutil
from pathlib import Path

from tests.programs import run_program

ROOT = Path(__file__).parents[1]


def modules() -> list[str]:
    found = [
        module.name
        for folder in ("bot", "cogs")
        for module in pkgutil.walk_packages([str(ROOT / folder)], prefix=f"{folder}.")
    ]
    # Alembic alone loads this one, while a migration runs.
    return ["bot", "cogs", *(name for name in found if name != "bot.storage.migrations.env")]


def test_each_module_can_be_imported_alone_and_importing_does_nothing() -> None:
    ours = modules()
    assert {"bot.storage.jobs", "bot.__main__", "cogs.video.command"} <= set(ours)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    run = run_program("import_each_module", *ours, environment=environment, timeout=100)
    assert (run.returncode, run.stdout, run.stderr[-2000:]) == (0, "", "")
