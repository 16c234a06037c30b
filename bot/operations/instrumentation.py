"""The interface through which events are counted. These meters count nothing; those of ``prometheus.py`` do."""

from __future__ import annotations

from collections.abc import Callable

import aiohttp

from bot.models import Finished, JobRecord
from bot.providers.base import Failure


class Meters:
    """Called with each event that the operator may want to count. No call waits or fails."""

    def denied(self, reason: str) -> None:
        """A request was not admitted."""

    def failed(self, failure: Failure) -> None:
        """The video service failed, whether or not it is asked once more."""

    def rests(self, service: str, resting: bool) -> None:
        """A video service is left alone for a while, or no longer."""

    def ended(self, record: JobRecord, finished: Finished) -> None:
        """A job ended; ``record`` knows when it was sent."""

    def shown(self, seconds: float) -> None:
        """The end of a job reached its member, or turned out not to, ``seconds`` after it."""

    def edited(self, result: str) -> None:
        """A reply was edited, or was not, with that result."""

    def watch_jobs(self, waiting: Callable[[], int], running: Callable[[], int]) -> None:
        """Take the numbers of waiting and running jobs from these functions."""

    def watch_shards(
        self, connected: Callable[[], int], total: Callable[[], int], latency: Callable[[], float]
    ) -> None:
        """Take from these functions the shards of this process, and the slowest heartbeat in seconds."""

    def trace(self) -> aiohttp.TraceConfig | None:
        """Return what counts the requests of a session with Discord."""
        return None

    async def run_forever(self) -> None:
        """Measure, until cancelled, what no event tells of."""

    def exposition(self, accept: str) -> tuple[bytes, str] | None:
        """Return all counts in the best format that ``accept`` names, and its media type; None if there are none."""
        return None
