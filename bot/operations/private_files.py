"""Takes Kinora's files from other users of the machine, except on Windows, where files take after their folder."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

log = logging.getLogger(__name__)


def make_private(database: Path | None, pictures: Path) -> None:
    """
    Take from others what an earlier Kinora, or a backup put back, left open to them: the SQLite file with what stands
    beside it, and the folder of pictures. The folder above is the operator's, who may keep other things there.
    """
    if os.name == "nt":
        return
    for path in (pictures, *_files(database)):
        try:
            mode = stat.S_IMODE(path.lstat().st_mode)
            if mode & 0o077 and not path.is_symlink():
                path.chmod(mode & ~0o077)
                log.info("other users of this machine may no longer read %s", path)
        except FileNotFoundError:
            continue
        except OSError as error:
            log.warning("other users of this machine may read %s: %s", path, error.strerror)


def _files(database: Path | None) -> Iterator[Path]:
    if database:
        yield from (database.with_name(f"{database.name}{end}") for end in ("", "-wal", "-shm", "-journal"))
        yield from database.parent.glob(f"{database.name}.before-*")
