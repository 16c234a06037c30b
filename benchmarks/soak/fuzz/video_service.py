"""A video service that keeps a list of what it was sent, and answers when it is told to; with tasks or without."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

from bot.models import Outcome, VideoRequest
from bot.providers.base import Accepted, Failure, FinishedVideo, Progress, ProviderEvent, Refusal, TaskHandle

CONNECTING = 2.0  # seconds at most, before a request leaves
POLLING = (1.0, 5.0)  # seconds between two looks at a task
_FREE = (Outcome.PROVIDER_ERROR, Outcome.QUOTA, Outcome.AUTH, Outcome.RATE_LIMITED)
_BROKEN_OFF = (Outcome.TIMEOUT, Outcome.BAD_STREAM)
_REFUSED = tuple(outcome for outcome in Outcome if outcome.is_refusal)


@dataclass(eq=False)
class Sent:
    """
    One request that left, for the message of that ``number``. ``events`` are what the service says of it, ``task`` what
    it was accepted as; ``is_noted``: that is written down.
    """

    number: int
    events: asyncio.Queue[ProviderEvent] = field(default_factory=asyncio.Queue)
    answered: ProviderEvent | None = None
    is_open: bool = True  # somebody listens
    task: TaskHandle | None = None
    is_noted: bool = False
    percent: float | None = None

    @property
    def was_turned_away(self) -> bool:
        """Whether the service said that it did not begin."""
        return isinstance(self.answered, Failure) and self.answered.retry_after is not None


class VideoService:
    """
    What is outside of all processes: requests, by the message they belong to, and what became of them.

    ``has_tasks``: it accepts requests as tasks, and works on those whether or not anybody asks for them.
    """

    def __init__(self, chance: random.Random, *, has_tasks: bool) -> None:
        self._chance = chance
        self._has_tasks = has_tasks
        self.sent: list[Sent] = []

    def of(self, number: int) -> list[Sent]:
        """Return what was sent for that message."""
        return [sent for sent in self.sent if sent.number == number]

    def open(self) -> list[Sent]:
        """Return what waits for the end of its answer."""
        return [sent for sent in self.sent if (sent.is_open or sent.task) and sent.answered is None]

    def answer(self, sent: Sent) -> ProviderEvent:
        """Say something of it, how far it is or how it ended, and return that."""
        event = self._event_of_create(sent) if self._has_tasks and not sent.task else self._event(sent)
        if isinstance(event, Accepted):
            sent.task = event.task
        elif isinstance(event, Progress):
            sent.percent = event.percent
        else:
            sent.answered = event
        sent.events.put_nowait(event)
        return event

    def _event_of_create(self, sent: Sent) -> ProviderEvent:
        if self._chance.random() < 0.7:
            return Accepted(TaskHandle(str(self.sent.index(sent)), "model"))
        if self._chance.random() < 0.3:
            return Failure(Outcome.INTERRUPTED, "no answer to the create")
        return self._event(sent)

    def _event(self, sent: Sent) -> ProviderEvent:
        tries = 2 if sent.task else len(self.of(sent.number))
        kind = self._chance.choices(range(6), (4, 8, 2, 2, 3, 2 if tries == 1 else 0))[0]
        match kind:
            case 0:
                return Progress(self._chance.uniform(0, 100))
            case 1:
                return FinishedVideo((f"https://cdn.example/{sent.number}.mp4",))
            case 2:
                return Refusal(self._chance.choice(_REFUSED))
            case 3:
                return Failure(self._chance.choice(_FREE), "it says so")
            case 4:
                return Failure(self._chance.choice(_BROKEN_OFF), "the answer ends in the middle")
            case _:
                return Failure(Outcome.RATE_LIMITED, "busy", retry_after=self._chance.uniform(0.5, 10))

    async def generate(
        self, request: VideoRequest, may_send: Callable[[], bool], on_send: Callable[[int], None]
    ) -> AsyncGenerator[ProviderEvent, None]:
        """A provider's ``generate``; ``on_send`` hears of the message whose request is about to leave."""
        await asyncio.sleep(self._chance.uniform(0, CONNECTING))
        if not may_send():
            return
        on_send(request.message_id)
        sent = Sent(request.message_id)
        self.sent.append(sent)
        try:
            while True:
                event = await sent.events.get()
                yield event
                if isinstance(event, Accepted):
                    break
                if not isinstance(event, Progress):
                    return
        finally:
            sent.is_open = False
        async for event in self.follow(sent.task):
            yield event

    async def follow(self, task: TaskHandle | None) -> AsyncGenerator[ProviderEvent, None]:
        """A provider's ``follow``."""
        sent = next(sent for sent in self.sent if sent.task == task)
        while True:
            await asyncio.sleep(self._chance.uniform(*POLLING))
            if sent.answered:
                yield sent.answered
                return
            if sent.percent is not None:
                yield Progress(sent.percent)

    def cancel(self, task: TaskHandle) -> bool:
        """A provider's ``cancel``."""
        sent = next(sent for sent in self.sent if sent.task == task)
        if sent.answered or self._chance.random() < 0.5:
            return False
        sent.answered = Failure(Outcome.PROVIDER_ERROR, "cancelled")
        return True
