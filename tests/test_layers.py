"""Importing any module by itself works, reads no environment, and opens nothing."""

from __future__ import annotations

import os
import pkgutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

# In one interpreter: each module after all of ours were forgotten, while an audit hook and an environment that notes
# its readers look on. Third-party modules stay loaded from a first round, so what they do by themselves counts not.
_SCRIPT = """
import importlib, os, sys

names = sys.argv[1:]

def forget():
    for name in [name for name in sys.modules if name.split(".")[0] in ("bot", "cogs")]:
        del sys.modules[name]

for name in names:
    importlib.import_module(name)

watched, seen = [False], []

def hook(event, arguments):
    if not watched[0]:
        return
    if event.startswith(("socket.", "sqlite3.", "subprocess.", "os.mkdir")):
        seen.append(f"{event} {arguments}")
    if event == "open" and not str(arguments[0]).endswith((".py", ".pyc")) and "__pycache__" not in str(arguments[0]):
        seen.append(f"open {arguments[0]}")

class Watched(type(os.environ)):
    def __getitem__(self, key):
        if watched[0] and (key in KINORA):
            seen.append(f"environment {key}")
        return super().__getitem__(key)

from bot.settings import Settings
KINORA = {name.upper() for name in Settings.model_fields}
os.environ.__class__ = Watched
sys.addaudithook(hook)
for name in names:
    forget()
    watched[0] = True
    importlib.import_module(name)
    watched[0] = False
    for line in seen:
        print(f"{name}: {line}")
    seen.clear()
"""


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
    run = subprocess.run(  # noqa: S603 - our own interpreter with our own script
        [sys.executable, "-c", _SCRIPT, *ours],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr[-2000:]) == (0, "", "")
