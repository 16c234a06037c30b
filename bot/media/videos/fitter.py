"""Fetches finished videos as Discord takes and plays them, and has those that are not so encoded in another process."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path
from typing import Protocol

from bot.concurrency.child_process import ProcessKilled, run_module
from bot.errors import FileTooLarge
from bot.media.videos.index import plays_everywhere
from bot.media.videos.problems import Fit, VideoError, VideoProblem

MAX_SOURCE = 150_000_000  # bytes of a video that is made smaller
TIME_LIMIT = 300.0  # seconds for one video; a busy machine has others to do
_LARGE_AT_ONCE = 2  # one that is fetched, or waits, while another is encoded: they may lie in a /tmp of 512 MB

log = logging.getLogger(__name__)


class VideoFetch(Protocol):
    """Writes what a link leads to into a file: see ``Fetcher.fetch``."""

    async def __call__(self, url: str, path: Path, *, limit: int, within: float) -> int: ...


class VideoFitter:
    """Fetches with ``fetch``; unless ``enabled``, videos stay what they are. One is encoded at a time."""

    def __init__(self, fetch: VideoFetch, *, enabled: bool, time_limit: float = TIME_LIMIT) -> None:
        self._fetch = fetch
        self._enabled = enabled
        self._time_limit = time_limit
        self._large = asyncio.Semaphore(_LARGE_AT_ONCE)
        self._turn = asyncio.Lock()

    async def fetch(self, link: str, path: Path, *, limit: int, within: float) -> Fit:
        """
        Write the video behind ``link`` to ``path``, at most ``limit`` bytes, and return what was done to it.

        Raises VideoError if it cannot be made so small, or is none; FetchError as the fetcher does, for which there are
        ``within`` seconds; OSError where the machine has no room. No file is left behind by a failure.
        """
        try:
            await self._fetch(link, path, limit=limit, within=within)
        except FileTooLarge:
            if not self._enabled:
                raise
            async with self._large:
                return await self._fetch_large(link, path, limit, within)
        if not self._enabled or await asyncio.to_thread(plays_everywhere, path):
            return Fit.AS_IT_IS
        return await self._fit(path, limit)

    async def _fetch_large(self, link: str, path: Path, limit: int, within: float) -> Fit:
        try:
            await self._fetch(link, path, limit=MAX_SOURCE, within=within)
        except FileTooLarge as error:
            raise VideoError(VideoProblem.TOO_HEAVY) from error
        return await self._fit(path, limit)

    async def _fit(self, path: Path, limit: int) -> Fit:
        """Put a fitting video in the place of the one in ``path``. One that is small enough stays if it is a video."""
        target = path.with_suffix(".fitted")
        try:
            fit = await self._run(path, target, limit)
            await asyncio.to_thread(os.replace, target, path)
        except VideoError as error:
            size = (await asyncio.to_thread(path.stat)).st_size
            if size <= limit and error.problem is not VideoProblem.DAMAGED:
                return Fit.AS_IT_IS
            await asyncio.to_thread(path.unlink)
            raise
        except BaseException:
            await asyncio.to_thread(path.unlink, missing_ok=True)
            raise
        finally:
            await asyncio.to_thread(target.unlink, missing_ok=True)
        log.info("a video was fitted to Discord: %s", fit)
        return fit

    async def _run(self, path: Path, target: Path, limit: int) -> Fit:
        words = ("bot.media.videos.fitted", str(path), str(target), str(limit))
        try:
            async with self._turn:
                answer = await run_module(*words, within=self._time_limit)
        except (ProcessKilled, RuntimeError) as error:
            log.warning("fitting a video to Discord was given up: %s", error)
            raise VideoError(VideoProblem.TOO_HEAVY) from error
        if trouble := answer.get("trouble"):
            raise OSError(trouble)
        if problem := answer.get("problem"):
            log.warning("a video cannot be fitted to Discord: %s", problem)
            raise VideoError(VideoProblem(problem))
        return Fit(answer["fit"])
