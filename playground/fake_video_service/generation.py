"""Makes one film in a thread at a set pace; it goes on when the client that asked for it disconnects."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from playground.fake_video_service.film import PLAIN, FilmKind, Size, make_film, pad_film

# A service reports about fifteen percentages per film, not one per frame.
REPORT_STEP = 6.5


@dataclass(frozen=True, slots=True)
class FilmPlan:
    """How films are made: their own seconds and size (None: what is asked for, else as the picture is), their kind, the
    seconds the work is stretched to (0: full speed), and the bytes a file is padded to (0: none)."""

    seconds: float = 3.0
    size: Size | None = None
    work_seconds: float = 8.0
    least_bytes: int = 0
    kind: FilmKind = PLAIN


class Generation:
    """Makes the file `path`. Its creator owns it and must await `finish()`; after `stop()` that returns soon."""

    def __init__(self, picture: bytes | None, prompt: str, path: Path, plan: FilmPlan, threads: Executor) -> None:
        self.path = path
        self._picture = picture
        self._prompt = prompt
        self._plan = plan
        self._stop = threading.Event()
        self._loop = asyncio.get_running_loop()
        self._reports: asyncio.Queue[float | None] = asyncio.Queue()
        self._started = time.monotonic()
        self._next_report = 0.0
        self._work = self._loop.run_in_executor(threads, self._make)
        self._work.add_done_callback(lambda work: self._reports.put_nowait(None))

    async def percents(self) -> AsyncIterator[float]:
        """The encoder's percentages, rising to 100; ends when the work does. For one reader only."""
        while (percent := await self._reports.get()) is not None:
            yield percent

    async def finish(self) -> Path:
        """The finished file; raises what the encoder raised. Cancelling the wait does not stop the work."""
        await asyncio.shield(self._work)
        return self.path

    def stop(self) -> None:
        self._stop.set()

    def _make(self) -> None:
        make_film(
            self._picture,
            self._prompt,
            self.path,
            seconds=self._plan.seconds,
            size=self._plan.size,
            kind=self._plan.kind,
            on_progress=self._report,
            stop=self._stop,
        )
        pad_film(self.path, self._plan.least_bytes)

    def _report(self, percent: float) -> None:
        """Called in the encoder's thread: slows it to the plan's pace, so that each percentage is true when sent."""
        due = self._started + self._plan.work_seconds * percent / 100
        self._stop.wait(max(0.0, due - time.monotonic()))
        if percent >= self._next_report or percent >= 100:
            self._next_report = percent + REPORT_STEP
            self._loop.call_soon_threadsafe(self._reports.put_nowait, percent)
