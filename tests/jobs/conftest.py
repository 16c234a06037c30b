"""Fixtures for the tests of jobs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.jobs import ending_writer
from bot.jobs import runner as runner_module
from bot.storage import Database
from tests.jobs.world import Make, World


@pytest.fixture
async def make(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Make]:
    database = await Database.open(sqlite_url)
    worlds: list[World] = []

    def build(max_jobs: int = 50, **judged: Any) -> World:
        worlds.append(World(database, tmp_path, max_jobs, **judged))
        return worlds[-1]

    yield build
    for world in worlds:
        world.service.gate.set()
        await world.jobs.close(1)
    await database.close()


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending_writer, "SETTLE_PAUSES", (0.01,) * 7)
    monkeypatch.setattr(runner_module, "START_PAUSES", (0.01,))
