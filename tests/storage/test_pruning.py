"""Counters of days and months that nobody asks for any more are deleted, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.policy.limit_kinds import DAY, MONTH, NOW
from bot.policy.limits import Reservation
from bot.storage import CounterStore, Database
from bot.storage import counters as counters_module
from bot.storage.counters import reserve
from bot.storage.engine.tables import counters
from tests.storage.records import NOON


async def test_old_counters_go_and_those_of_now_stay(
    database: Database, counters: CounterStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters_module, "_CHUNK", 7)
    days = {NOW: [0], DAY: [0, 39, 41, 800], MONTH: [0, 380, 440, 800]}
    needs = [
        Reservation(guild, user, span, NOON - timedelta(days=age), videos=1, cost=0)
        for guild in (100, 101)
        for user in range(10)
        for span, ages in days.items()
        for age in ages
    ]
    async with database.write() as connection:
        await reserve(connection, database.dialect, needs)
    assert [await counters.prune(NOON) for _ in range(2)] == [80, 0]
    assert await periods(database) == {"now", "2026-03-01", "2026-01-21", "2026-03", "2025-02"}


async def periods(database: Database) -> set[str]:
    async with database.read() as connection:
        return set((await connection.scalars(select(counters.c.period))).all())
