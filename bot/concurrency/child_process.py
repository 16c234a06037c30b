"""
Runs a module of Kinora's in a process of its own, for files made to hurt: they take neither the bot's memory nor its
time.

A new process takes a tenth of a second, and nothing while there is none.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_FAILED = 1  # Python's exit code after an error that nothing caught
# What a Python may need to find its own parts. Nothing else of the environment: the bot's secrets stand there.
_PASSED_ON = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
_SOURCES = Path(__file__).resolve().parents[2]
# A Ctrl-C in the bot's terminal is the bot's alone, or the file would be blamed for the end of its process.
_OWN_GROUP: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # on Windows; elsewhere a session says the same


class ProcessKilled(Exception):
    """The process was killed for its memory or time, or crashed inside a decoder: a fault of the file."""


async def run_module(name: str, *words: str, within: float) -> dict[str, Any]:
    """
    Return the JSON object that ``python -m name words`` writes. Raises ProcessKilled, also after ``within`` seconds,
    and RuntimeError for an error that the module did not catch. The process goes with whoever waits for it.
    """
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-s", "-B", "-m", name, *words),
        env=_environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
        start_new_session=True,
        creationflags=_OWN_GROUP,
    )
    try:
        async with asyncio.timeout(within):
            answer, complaint = await process.communicate()
    except TimeoutError:
        raise ProcessKilled(f"it took longer than {within:.0f} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 0:
        return dict(json.loads(answer))
    said = complaint.decode(errors="replace")
    if process.returncode == _FAILED:
        raise RuntimeError(f"{name} failed: {said}")
    raise ProcessKilled(f"it ended with code {process.returncode}: {said}")


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(dict.fromkeys([str(_SOURCES), *map(os.path.abspath, sys.path)]))}
