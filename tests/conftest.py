"""What all tests share: discord.py's globals, a database that is up to date, and a word on what was left out."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import discord
import pytest
import yarl

from benchmarks.chromium import missing
from bot.storage import Database
from playground.fake_discord.server import DiscordServer
from tests.sockets import WithoutSockets

collect_ignore = ["browser"] if missing() else []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--without-sockets", action="store_true", help="leave out the tests that open sockets")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.without_sockets:
        config.pluginmanager.register(WithoutSockets())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    yield
    if reason := missing():
        terminalreporter.write_sep("=", "left out")
        terminalreporter.write_line(f"The tests of the page in a browser, tests/browser, did not run. {reason}")


class DiscordGlobals:
    """What discord.py keeps in its classes for a whole process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        # Set to what they are, so that they are put back whoever changes them.
        for owner, name in ((discord.http.Route, "BASE"), (discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY")):
            monkeypatch.setattr(owner, name, getattr(owner, name))
        for warning in ("warn_nacl", "warn_dave"):
            monkeypatch.setattr(discord.VoiceClient, warning, False)

    def connect_to(self, server: DiscordServer) -> None:
        """Have every client of this process talk to ``server``."""
        self._monkeypatch.setattr(discord.http.Route, "BASE", server.api_url)
        self._monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))

    def reconnect_at_once(self) -> None:
        """Have no client wait before it dials again; discord.py waits a second or more."""
        self._monkeypatch.setattr(discord.backoff.ExponentialBackoff, "delay", lambda self: 0.0)


@pytest.fixture
def discord_globals(monkeypatch: pytest.MonkeyPatch) -> DiscordGlobals:
    """discord.py's globals, to be set by the test or by what it calls; all are put back after it."""
    return DiscordGlobals(monkeypatch)


def apart(work: Coroutine[Any, Any, None]) -> None:
    """Run ``work`` in a loop of its own; fixtures of a whole session have none."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


async def migrate(url: str) -> None:
    """Bring the database up to date."""
    await (await Database.open(url)).close()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database that is up to date, to be copied: the migrations take longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "kinora.db"
    apart(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """The URL of an SQLite database that is up to date and holds nothing."""
    return f"sqlite+aiosqlite:///{shutil.copyfile(migrated_file, tmp_path / 'kinora.db')}"
