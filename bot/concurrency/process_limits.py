"""The limits that a process sets itself before it touches what may be made to hurt."""

from __future__ import annotations

import sys


def set_limits(memory: int, seconds: int) -> None:
    """
    Bound the memory in bytes and the processor's time of this process, as far as the system can; it is killed beyond.
    """
    if sys.platform == "win32":
        return
    import resource  # there is none on Windows

    for limit, most in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(limit, (most, most))
        except (OSError, ValueError):  # not allowed, or above a limit there is: other bounds hold as well
            continue
