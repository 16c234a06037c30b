"""Readiness of this process; each component registers its own check."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.operations.instrumentation import Meters

SERVER = "kinora"  # the header of its answers: not which Python and which library


class Health:
    """The checks of this process, and its meters."""

    def __init__(self, meters: Meters | None = None) -> None:
        self.meters = meters or Meters()
        self.gateway: Callable[[], bool] = lambda: False  # every shard of this process is in a session
        self.draining: Callable[[], bool] = lambda: False  # it was asked to stop
        self.database: Callable[[], Awaitable[bool]] | None = None  # it can be written; None while it is not open

    async def readiness(self) -> dict[str, bool]:
        """Return whether this process is ``ready``, and each check, in a few seconds at most."""
        draining = self.draining()
        starting = self.database is None and not draining
        database = await self.database() if self.database else False
        gateway = self.gateway()
        return {
            "ready": gateway and database and not draining,
            "starting": starting,
            "gateway": gateway,
            "database": database,
            "draining": draining,
        }
