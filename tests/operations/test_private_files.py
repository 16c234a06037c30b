"""What Kinora writes is for its own user alone, also what an earlier one left open to others."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bot.operations.private_files import make_private

pytestmark = pytest.mark.skipif(os.name == "nt", reason="on Windows files take after their folder")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_left_open_to_others_are_closed_and_the_operators_own_are_not(tmp_path: Path) -> None:
    own = [tmp_path / f"kinora.db{end}" for end in ("", "-wal", "-shm", ".before-0007", ".before-0007-2")]
    others = [tmp_path / name for name in ("kinora.dbx", "notes.txt", "kinora.db.gz")]
    for path in (*own, *others):
        path.write_bytes(b"x")
        path.chmod(0o644)
    (tmp_path / "pictures").mkdir(mode=0o755)
    tmp_path.chmod(0o755)
    make_private(own[0], tmp_path / "pictures")
    assert [mode(path) for path in own] == [0o600] * len(own)
    assert mode(tmp_path / "pictures") == 0o700
    assert [mode(path) for path in (*others, tmp_path)] == [0o644] * len(others) + [0o755]


def test_nothing_is_made_where_there_is_nothing_yet(tmp_path: Path) -> None:
    make_private(tmp_path / "kinora.db", tmp_path / "pictures")
    make_private(None, tmp_path / "pictures")
    assert list(tmp_path.iterdir()) == []


def test_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "shared").write_bytes(b"x")
    (tmp_path / "shared").chmod(0o644)
    (tmp_path / "kinora.db").symlink_to(tmp_path / "shared")
    make_private(tmp_path / "kinora.db", tmp_path / "pictures")
    assert mode(tmp_path / "shared") == 0o644
