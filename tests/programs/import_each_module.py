"""
Imports each module named on the command line by itself, and prints what doing so opens, starts or reads.

All runs in one interpreter: our own modules are forgotten before each import, while an audit hook and an environment
that reports its readers look on. Other libraries stay loaded from a first round, so what they do does not count.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

WATCHED = ("socket.", "sqlite3.", "subprocess.", "os.mkdir")
watching = False
seen: list[str] = []
settings: set[str] = set()


def hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not watching:
        return
    if event.startswith(WATCHED):
        seen.append(f"{event} {arguments}")
    if event == "open" and not str(arguments[0]).endswith((".py", ".pyc")) and "__pycache__" not in str(arguments[0]):
        seen.append(f"open {arguments[0]}")


class WatchedEnvironment(type(os.environ)):  # type: ignore[misc]  # the class has no public name
    def __getitem__(self, key: str) -> str:
        if watching and key in settings:
            seen.append(f"environment {key}")
        value: str = super().__getitem__(key)
        return value


def forget_ours() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] in ("bot", "cogs")]:
        del sys.modules[name]


def main(names: list[str]) -> None:
    global watching
    for name in names:
        importlib.import_module(name)
    settings.update(name.upper() for name in sys.modules["bot.settings"].Settings.model_fields)
    os.environ.__class__ = WatchedEnvironment
    sys.addaudithook(hook)
    for name in names:
        forget_ours()
        watching = True
        importlib.import_module(name)
        watching = False
        for line in seen:
            print(f"{name}: {line}")
        seen.clear()


main(sys.argv[1:])
