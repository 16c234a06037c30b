"""What is counted while Kinora works. These meters count nothing; those of ``prometheus.py`` do."""

from __future__ import annotations

from collections.abc import Callable

import aiohttp

from bot.models import Finished, JobRecord
from bot.providers.base import Failure


class Meters:
    """Told of everything that whoever watches over Kinora wants to count. No call waits or fails."""

    def denied(self, reason: str) -> None:
        """A request was not admitted."""

    def failed(self, failure: Failure) -> None:
        """The video service failed, whether or not it is asked once more."""

    def ended(self, record: JobRecord, finished: Finished) -> None:
        """A job ended; ``record`` knows when it was sent."""

    def shown(self, seconds: float) -> None:
        """The end of a job has reached its member, or could not, ``seconds`` after it."""

    def edited(self, result: str) -> None:
        """A reply was edited, or was not, with that result."""

    def watch_jobs(self, waiting: Callable[[], int], running: Callable[[], int]) -> None:
        """From now on ask these how many jobs wait and run."""

    def watch_shards(
        self, connected: Callable[[], int], total: Callable[[], int], latency: Callable[[], float]
    ) -> None:
        """From now on ask these for the shards of this process, and the seconds of the slowest heartbeat."""

    def trace(self) -> aiohttp.TraceConfig | None:
        """Return what counts the requests of a session with Discord."""
        return None

    async def run_forever(self) -> None:
        """Measure for ever what nobody tells of."""

    def exposition(self, accept: str) -> tuple[bytes, str] | None:
        """Return all counts in the best format that ``accept`` names, and its media type; None if there are none."""
        return None
