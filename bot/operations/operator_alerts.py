"""Telling the operator of what only they can mend: once, and again only after it was mended in between."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from bot.concurrency.tasks import Tasks
from bot.models import JobRecord, Outcome
from bot.providers.base import Failure, Result

Send = Callable[[str], Awaitable[None]]

_SENTENCES = {
    "auth": "The video service refuses the key. Every job fails until VIDEO_API_KEY is right and the bot restarted.",
    "quota": "The account with the video service has no credit left. Every job fails until it is topped up.",
    "model": "The video service no longer has the model {model}. Take it out of VIDEO_MODELS, or name its successor.",
}

log = logging.getLogger(__name__)


class OperatorAlerts:
    """Heeds how jobs end. What it says goes to the log and, once ``send`` is set, to the operator's own inbox."""

    def __init__(self) -> None:
        self.send: Send | None = None
        self._tasks = Tasks()
        self._told: set[str] = set()

    def on_ending(self, record: JobRecord, ending: Result) -> None:
        """Say what ``ending`` means for the operator, if it means anything new."""
        trouble = _trouble(ending)
        if trouble is None:
            if not isinstance(ending, Failure):  # the service took key and model, and had credit enough
                self._told -= {"auth", "quota", f"model {record.model}"}
            return
        about = f"model {record.model}" if trouble == "model" else trouble
        if about in self._told:
            return
        self._told.add(about)
        sentence = _SENTENCES[trouble].format(model=record.model)
        log.error("%s", sentence)
        if self.send:
            self._tasks.start(self._deliver(self.send, sentence), f"notice of {about}")

    async def close(self, within: float) -> None:
        """Wait up to ``within`` seconds for what is being sent."""
        await self._tasks.finish(within)

    @staticmethod
    async def _deliver(send: Send, sentence: str) -> None:
        await send(sentence)


def _trouble(ending: Result) -> str | None:
    if not isinstance(ending, Failure):
        return None
    if ending.model_gone:
        return "model"
    return {Outcome.AUTH: "auth", Outcome.QUOTA: "quota"}.get(ending.outcome)
