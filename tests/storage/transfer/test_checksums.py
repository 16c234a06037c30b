"""Tables add up to the same numbers on both databases, exactly, however large their ids are."""

from __future__ import annotations

from datetime import timedelta

from bot.storage import AdmissionStore, Database
from bot.storage.engine.tables import jobs
from bot.storage.transfer.checksums import sums
from tests.storage.records import NOON, added


async def test_table_adds_up_to_the_same_on_every_database(database: Database, admissions: AdmissionStore) -> None:
    for guild_id, prompt, spoiler in ((2**63 - 1, "ü🎬", True), (2**63 - 1, "", False), (-5, "abc", True)):
        late = NOON + timedelta(seconds=1, microseconds=999_999)
        await added(admissions, guild_id=guild_id, prompt=prompt, spoiler=spoiler, created_at=late)
    async with database.read() as connection:
        found = await sums(connection, jobs)
    assert found.rows == 3
    assert found.columns["guild_id"] == (3, 2**64 - 7)
    assert found.columns["prompt"] == (3, 5)
    assert found.columns["spoiler"] == (3, 2)
    assert found.columns["created_at"] == (3, 3 * (int(NOON.timestamp()) + 1))
    assert found.columns["finished_at"] == found.columns["percent"] == (0, 0)


async def test_empty_table_adds_up_to_nothing(database: Database) -> None:
    async with database.read() as connection:
        found = await sums(connection, jobs)
    assert (found.rows, set(found.columns.values())) == (0, {(0, 0)})


async def test_only_columns_that_differ_are_named(database: Database, admissions: AdmissionStore) -> None:
    job = await added(admissions)
    async with database.write() as connection:
        before = await sums(connection, jobs)
        await connection.execute(jobs.update().where(jobs.c.id == job.id).values(percent=0.0, cost=job.cost + 1))
        assert before.differing(await sums(connection, jobs)) == ["percent", "cost"]
