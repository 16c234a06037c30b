"""The folders of files on their way, one for each process, and what becomes of those whose process was killed."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

PREFIX = "kinora-downloads-"  # no name that somebody else would give: folders of that age are removed
ABANDONED = timedelta(days=1)  # so old is no folder whose process lives: it renews its time far more often


def remove_abandoned(own: Path, now: datetime) -> int:
    """Renew the time of the folder ``own``, remove those beside it that are abandoned; return how many. Blocks."""
    own.mkdir(mode=0o700, exist_ok=True)  # in case that another process removed it, after this one had long slept
    os.utime(own, (now.timestamp(),) * 2)
    return sum(_removed(folder, now) for folder in own.parent.glob(f"{PREFIX}*"))


def _removed(folder: Path, now: datetime) -> bool:
    try:
        if folder.lstat().st_mtime > (now - ABANDONED).timestamp():
            return False
        shutil.rmtree(folder)
    except OSError:  # another user's, no folder, or just gone
        return False
    return True
