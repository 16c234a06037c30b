"""Runs ``safe.py`` and ``fitted.py`` in processes of their own."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from bot.concurrency.child_process import ProcessKilled, run_module
from bot.media.pictures.problems import PictureError, PictureProblem
from bot.models import PictureFit

TIME_LIMIT = 30.0  # seconds for one picture; a busy machine has others to do

log = logging.getLogger(__name__)


class PictureProcess:
    """Makes pictures safe, and what services take, one at a time: each may take a quarter of a gigabyte."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self._time_limit = time_limit
        self._turn = asyncio.Lock()

    async def make_safe(self, source: Path, target: Path) -> str:
        """Write the picture in ``source``, safe to send, to ``target``; return its media type. Raises PictureError."""
        return await self._media_type("safe", str(source), str(target))

    async def fit(self, source: Path, target: Path, fit: PictureFit) -> str:
        """Write the safe picture in ``source``, as ``fit`` says, to ``target``; the rest is as with ``make_safe``."""
        return await self._media_type("fitted", str(source), str(target), fit.as_text())

    async def _media_type(self, program: str, *words: str) -> str:
        try:
            async with self._turn:
                answer = await run_module(f"bot.media.pictures.{program}", *words, within=self._time_limit)
        except ProcessKilled as error:
            log.warning("a picture was given up: %s", error)
            raise PictureError(PictureProblem.TOO_HEAVY) from None
        if media_type := answer.get("media_type"):
            return str(media_type)
        raise PictureError(PictureProblem(answer["problem"]), answer["limit"])
