"""A disk that takes nothing more, as far as this process and those that it starts can tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

ROOM = 1000  # bytes a file


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file grow beyond ``ROOM``. Skips the test on Windows, which has no such limit."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
