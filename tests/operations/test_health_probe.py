"""A trial answers soon and tries seldom, however often it is asked and however long a try takes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from bot.concurrency.tasks import Tasks
from bot.errors import StorageError
from bot.operations import health_probe as module
from bot.operations.health_probe import HealthProbe


class Work:
    """Something that may hang or fail."""

    def __init__(self) -> None:
        self.tries = 0
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        self.fails = False

    async def __call__(self) -> None:
        self.tries += 1
        await self.goes_on.wait()
        if self.fails:
            raise StorageError("database is locked")


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    tasks = Tasks()
    yield tasks
    await tasks.finish(0)


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def trial(work: Work, tasks: Tasks) -> HealthProbe:
    return HealthProbe("the database", work, tasks)


async def test_many_who_ask_at_once_or_soon_after_cause_one_try(trial: HealthProbe, work: Work) -> None:
    answers = await asyncio.gather(*(trial.check() for _ in range(100)))

    assert all(answers)
    assert await trial.check()
    assert work.tries == 1


async def test_failure_is_told_and_forgotten_after_the_next_success(
    trial: HealthProbe, work: Work, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "INTERVAL", 0)
    caplog.set_level(logging.INFO)
    work.fails = True
    assert not await trial.check()
    assert not await trial.check()
    work.fails = False
    assert await trial.check()

    messages = [record.getMessage() for record in caplog.records]
    assert messages == ["the database does not work: database is locked", "the database works again"]


async def test_try_that_hangs_counts_as_failed_and_no_other_begins_beside_it(
    trial: HealthProbe, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "INTERVAL", 0)
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    work.goes_on.clear()
    assert [await trial.check() for _ in range(3)] == [False, False, False]
    assert work.tries == 1

    work.goes_on.set()
    await asyncio.sleep(0)
    assert await trial.check()


async def test_who_stops_waiting_does_not_stop_the_try(trial: HealthProbe, work: Work) -> None:
    work.goes_on.clear()
    impatient = asyncio.create_task(trial.check())
    await asyncio.sleep(0.01)
    impatient.cancel()
    await asyncio.wait([impatient])
    work.goes_on.set()

    assert await trial.check()
    assert work.tries == 1
