"""What a killed process left of its downloads is removed; the folder of a living one stays."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.media.downloads import ABANDONED, remove_abandoned

NOW = datetime(2026, 1, 10, tzinfo=UTC)


def folder(path: Path, age: timedelta) -> Path:
    path.mkdir()
    (path / "video.mp4").write_bytes(b"x")
    os.utime(path, ((NOW - age).timestamp(),) * 2)
    return path


def test_folder_of_a_killed_process_is_removed_and_nothing_else(tmp_path: Path) -> None:
    second = timedelta(seconds=1)
    own = folder(tmp_path / "kinora-downloads-own", ABANDONED * 2)
    abandoned = folder(tmp_path / "kinora-downloads-killed", ABANDONED + second)
    others = {
        folder(tmp_path / "kinora-downloads-living", ABANDONED - second),
        folder(tmp_path / "kinora-backup", ABANDONED * 2),
        folder(tmp_path / "another's", ABANDONED * 2),
    }
    file, link = tmp_path / "kinora-downloads-file", tmp_path / "kinora-downloads-link"
    file.write_bytes(b"x")
    link.symlink_to(tmp_path / "another's")
    for path in (file, link):
        os.utime(path, (0, 0), follow_symlinks=False)
    assert remove_abandoned(own, NOW) == 1
    assert not abandoned.exists()
    assert set(tmp_path.iterdir()) == {own, file, link, *others}
    assert (tmp_path / "another's" / "video.mp4").exists()


def test_living_process_renews_its_folder_and_has_it_again_if_it_was_removed(tmp_path: Path) -> None:
    own = folder(tmp_path / "kinora-downloads-own", ABANDONED * 2)
    remove_abandoned(own, NOW)
    assert own.stat().st_mtime == NOW.timestamp()
    (own / "video.mp4").unlink()
    own.rmdir()
    remove_abandoned(own, NOW)
    assert own.is_dir()
