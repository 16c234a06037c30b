"""Alerts the operator to what only they can fix: once, and again only if it was fixed in between."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from bot.concurrency.tasks import Tasks
from bot.models import JobRecord, Outcome
from bot.providers.base import Failure, Result
from bot.texts.operator import ALERTS

Send = Callable[[str], Coroutine[Any, Any, None]]

log = logging.getLogger(__name__)


class OperatorAlerts:
    """
    Judges by how jobs end; alerts go to the log and, once ``send`` is set, to the operator's inbox. ``key`` names the
    setting that holds the service's key.
    """

    def __init__(self, key: str = "VIDEO_API_KEY") -> None:
        self._key = key
        self.send: Send | None = None
        self._tasks = Tasks()
        self._told: set[str] = set()

    def on_ending(self, record: JobRecord, result: Result) -> None:
        """Send an alert if ``result`` shows a problem that the operator has not been alerted to."""
        trouble = _trouble(result)
        if trouble is None:
            if not isinstance(result, Failure):  # the service took key and model, and had credit enough
                self._told -= {"auth", "quota", f"model {record.model}"}
            return
        about = f"model {record.model}" if trouble == "model" else trouble
        if about in self._told:
            return
        self._told.add(about)
        sentence = ALERTS[trouble].format(model=record.model, key=self._key)
        log.error("%s", sentence)
        if self.send:
            self._tasks.start(self.send(sentence), f"alert about {about}")

    async def close(self, within: float) -> None:
        """Wait up to ``within`` seconds for what is being sent."""
        await self._tasks.finish(within)


def _trouble(result: Result) -> str | None:
    if not isinstance(result, Failure):
        return None
    if result.model_gone:
        return "model"
    return {Outcome.AUTH: "auth", Outcome.QUOTA: "quota"}.get(result.outcome)
