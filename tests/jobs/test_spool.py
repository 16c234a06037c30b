"""What the database does not take stands in a file, for nobody else to read, until the database has taken it."""

from __future__ import annotations

import asyncio
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.spool import UNREADABLE, Spool, Unsaved
from bot.models import Outcome
from bot.policy.charges import ALL, UNSURE
from bot.providers.base import TokenUsage
from tests.storage.records import NOON, OWNER

SUCCESS = Unsaved(
    "a" * 32, 100, OWNER, NOON, Outcome.SUCCESS, ALL, True, 99.5, "https://h.example/v.mp4", TokenUsage(1, 2)
)
LOST = Unsaved("b" * 32, 100, OWNER, NOON + timedelta(seconds=1), Outcome.INTERRUPTED, UNSURE, sent=True)
REVOKED = Unsaved("c" * 32, 100, OWNER, NOON, Outcome.INTERRUPTED, revoked=True)
WAITS = Unsaved("d" * 32, 100, OWNER, NOON)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "data", OWNER)


@pytest.fixture
def other(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "data", "another")


async def test_another_process_reads_all_that_was_kept(spool: Spool, other: Spool) -> None:
    kept = (SUCCESS, LOST, REVOKED, WAITS)
    await asyncio.gather(*(spool.keep(unsaved) for unsaved in kept))
    (file,) = await other.left()
    assert set(file.unsaved) == set(kept)
    assert await spool.left() == []  # its own it keeps trying


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
async def test_the_file_is_for_nobody_else_to_read(spool: Spool, other: Spool) -> None:
    await spool.keep(SUCCESS)
    (file,) = await other.left()
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


async def test_the_file_goes_with_the_last_that_the_database_has_taken(spool: Spool, other: Spool) -> None:
    for unsaved in (SUCCESS, LOST):
        await spool.keep(unsaved)
    await spool.drop(SUCCESS)
    assert len(await other.left()) == 1
    await spool.drop(LOST)
    assert await other.left() == []


async def test_a_line_that_was_cut_off_is_kept_aside_and_loses_no_other(
    spool: Spool, other: Spool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await spool.keep(SUCCESS)
    path = tmp_path / "data" / f"{OWNER}.spool"
    with path.open("ab") as file:
        file.write(LOST.to_line()[:40])
    await spool.keep(REVOKED)
    for _ in range(2):
        (found,) = await other.left()
        assert found.unsaved == (SUCCESS, REVOKED)
    assert path.with_suffix(UNREADABLE).read_bytes().strip() == LOST.to_line()[:40].strip()
    assert len([message for message in caplog.messages if "cannot be read" in message]) == 1


async def test_a_file_that_cannot_be_read_hides_no_other(
    spool: Spool, other: Spool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await spool.keep(SUCCESS)
    (tmp_path / "data" / "a folder.spool").mkdir()
    (tmp_path / "data" / "gone.spool").symlink_to("nowhere")  # as one that goes once its name was read
    (found,) = await other.left()
    assert found.unsaved == (SUCCESS,)
    assert [message.partition(":")[0] for message in caplog.messages] == [
        "could not read what another process could not save"
    ]


async def test_what_a_living_process_keeps_while_another_saves_the_rest_is_not_deleted(
    spool: Spool, other: Spool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "data" / f"{OWNER}.spool"
    path.parent.mkdir()
    path.touch()  # opened, and not yet written to
    (empty,) = await other.left()
    await other.delete(empty)
    await spool.keep(SUCCESS)
    (file,) = await other.left()
    await spool.keep(LOST)
    await other.delete(file)
    (file,) = await other.left()
    assert file.unsaved == (SUCCESS, LOST)
    await other.delete(file)
    await other.delete(file)  # as two others do that find it at once
    assert not path.exists()
    assert not caplog.messages


async def test_a_disk_that_takes_nothing_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "data").write_text("no folder")
    await Spool(tmp_path / "data", OWNER).keep(SUCCESS)
    assert "could not write what the database does not take" in caplog.text
