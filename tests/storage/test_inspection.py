"""Looking at a database changes neither its version nor whether it is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import StorageError
from bot.storage import Database, inspect, is_new


async def test_a_database_that_is_not_there_yet_stays_so(empty_database_url: str, tmp_path: Path) -> None:
    for _ in range(2):
        condition = await inspect(empty_database_url, patience=5)
        assert (condition.revision, condition.is_newer) == (None, False)
    assert not (tmp_path / "kinora.db").exists()


async def test_a_database_is_new_until_the_first_start(empty_database_url: str) -> None:
    assert await is_new(empty_database_url)
    await (await Database.open(empty_database_url)).close()
    assert not await is_new(empty_database_url)


async def test_a_database_that_is_up_to_date_is_sound_and_of_the_newest_version(database_url: str) -> None:
    condition = await inspect(database_url, patience=5)

    assert condition.revision == condition.newest
    assert (condition.sound, condition.copies) == (True, ())


@pytest.mark.parametrize(("version", "newer"), [("0001", False), ("9999", True)])
async def test_an_older_or_a_newer_database_keeps_its_version(
    empty_database_url: str, version: str, newer: bool
) -> None:
    database = await Database.open(empty_database_url)
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    await database.close()

    for _ in range(2):
        condition = await inspect(empty_database_url, patience=5)
        assert (condition.revision, condition.is_newer) == (version, newer)


async def test_damage_within_an_sqlite_file_is_found(database_url: str, kind: str, tmp_path: Path) -> None:
    if kind != "sqlite":
        pytest.skip("PostgreSQL looks after its files itself")
    path = tmp_path / "kinora.db"
    whole = bytearray(path.read_bytes())
    half = len(whole) // 2 // 4096 * 4096
    whole[half:] = b"\xff" * (len(whole) - half)
    path.write_bytes(whole)

    with pytest.raises(StorageError, match="malformed"):
        await inspect(database_url, patience=5)


async def test_a_look_for_damage_that_takes_too_long_is_given_up(empty_database_url: str, kind: str) -> None:
    if kind != "sqlite":
        pytest.skip("only files are looked through")
    database = await Database.open(empty_database_url)
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE large (x TEXT)"))
        await connection.execute(text("CREATE INDEX larger ON large (x)"))
        await connection.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) "
                "INSERT INTO large SELECT printf('%0100d', i) FROM n"
            )
        )
    await database.close()

    assert not (await inspect(empty_database_url, patience=0.001)).sound
