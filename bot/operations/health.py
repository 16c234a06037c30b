"""What this process knows of its own state. Each part is told by whoever knows it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.operations.instrumentation import Meters


class Health:
    """Whether this process is fit to work, and what it has counted."""

    def __init__(self, meters: Meters | None = None) -> None:
        self.meters = meters or Meters()
        self.gateway: Callable[[], bool] = lambda: False  # every shard of this process is in a session
        self.draining: Callable[[], bool] = lambda: False  # it was asked to leave
        self.database: Callable[[], Awaitable[bool]] | None = None  # it takes a write; None while it is not open

    async def readiness(self) -> dict[str, bool]:
        """Return whether this process is ``ready``, and the parts of that. It takes a few seconds at most."""
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
