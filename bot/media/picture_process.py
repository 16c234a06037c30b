"""
Runs ``safe_picture.py`` and ``fitted_picture.py`` in processes of their own: a picture made to hurt takes neither the
bot's memory nor its time.

A new process for each picture takes a tenth of a second, and nothing while there is none.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bot.media.picture_problems import PictureError, PictureProblem
from bot.models import PictureFit

TIME_LIMIT = 30.0  # seconds for one picture; a busy machine has others to do
_FAILED = 1  # Python's exit code after an error that nothing caught
# What a Python may need to find its own parts. Nothing else of the environment: the bot's secrets stand there.
_PASSED_ON = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
_SOURCES = Path(__file__).resolve().parents[2]
# A Ctrl-C in the bot's terminal is the bot's alone, or the picture would be blamed for the end of its process.
_OWN_GROUP: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # on Windows; elsewhere a session says the same

log = logging.getLogger(__name__)


class PictureProcess:
    """Makes pictures safe, and what services take, one at a time: each may take a quarter of a gigabyte."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self._time_limit = time_limit
        self._turn = asyncio.Lock()

    async def make_safe(self, source: Path, target: Path) -> str:
        """Write the picture in ``source``, safe to send, to ``target``; return its media type. Raises PictureError."""
        return await self._media_type("safe_picture", str(source), str(target))

    async def fit(self, source: Path, target: Path, fit: PictureFit) -> str:
        """Write the safe picture in ``source``, as ``fit`` says, to ``target``; the rest is as with ``make_safe``."""
        return await self._media_type("fitted_picture", str(source), str(target), fit.as_text())

    async def _media_type(self, program: str, *words: str) -> str:
        async with self._turn:
            answer = await self._run(program, *words)
        if media_type := answer.get("media_type"):
            return str(media_type)
        raise PictureError(PictureProblem(answer["problem"]), answer["limit"])

    async def _run(self, program: str, *words: str) -> dict[str, Any]:
        command = (sys.executable, "-P", "-s", "-B", "-m", f"bot.media.{program}", *words)
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *command,
            env=_environment(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=pipe,
            stderr=pipe,
            start_new_session=True,
            creationflags=_OWN_GROUP,
        )
        try:
            async with asyncio.timeout(self._time_limit):
                answer, complaint = await process.communicate()
        except TimeoutError:
            log.warning("a picture took longer than %.0f s to decode and was given up", self._time_limit)
            raise PictureError(PictureProblem.TOO_HEAVY) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode == 0:
            return dict(json.loads(answer))
        said = complaint.decode(errors="replace")
        if process.returncode == _FAILED:
            raise RuntimeError(f"the picture could not be looked at: {said}")
        # Killed for its memory or time, or crashed inside a decoder: a fault of the picture.
        log.warning("decoding a picture ended with code %s: %s", process.returncode, said)
        raise PictureError(PictureProblem.TOO_HEAVY)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(dict.fromkeys([str(_SOURCES), *map(os.path.abspath, sys.path)]))}
