"""A loop that shall never end survives whatever goes wrong in a round, says so, and gives the next ones more time."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.concurrency.forever import run_forever
from bot.errors import StorageError


class Rounds:
    """A work that fails with each of ``errors`` in turn, then works, and then is cancelled."""

    def __init__(self, *errors: Exception | None) -> None:
        self.errors = list(errors)
        self.slept: list[float] = []

    async def work(self) -> None:
        if not self.errors:
            raise asyncio.CancelledError
        if error := self.errors.pop(0):
            raise error

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def run(self, interval: float = 3.0, longest: float = 10.0) -> list[float]:
        with pytest.raises(asyncio.CancelledError):
            await run_forever("do it", self.work, interval, after=1.0, longest=longest, sleep=self.sleep)
        return self.slept


async def test_loop_survives_any_exception_and_logs_what_it_could_not_do(caplog: pytest.LogCaptureFixture) -> None:
    rounds = Rounds(ValueError("an unknown word"), KeyError("rules"), StorageError("locked"), OSError("full"), None)
    await rounds.run()
    assert [record.getMessage() for record in caplog.records] == [
        "could not do it", "could not do it", "could not do it: locked", "could not do it: full",
    ]  # fmt: skip
    assert [bool(record.exc_info) for record in caplog.records] == [True, True, False, False]
    assert {record.levelno for record in caplog.records[:2]} == {logging.ERROR}


async def test_pauses_grow_while_rounds_fail_and_are_as_before_once_one_succeeds() -> None:
    rounds = Rounds(*[ValueError()] * 3, None, ValueError(), None)
    assert await rounds.run() == [1.0, 6.0, 10.0, 10.0, 3.0, 6.0, 3.0]


async def test_interval_that_is_longer_than_the_longest_pause_stays() -> None:
    assert await Rounds(ValueError(), None).run(interval=99.0) == [1.0, 99.0, 99.0]
