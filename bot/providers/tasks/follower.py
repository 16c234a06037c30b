"""Follows one task of a service to its end: asks for it at its pace, and looks whether the video is there."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from urllib.parse import unquote

import aiohttp

from bot.errors import LinkRefused
from bot.models import Outcome, VideoRequest
from bot.providers.base import Failure, FinishedVideo, Progress, Refusal, Result, TaskHandle
from bot.providers.patience import Patience
from bot.providers.tasks.answers.answer import BYTES, CONTENT, Going, Reading
from bot.providers.tasks.answers.reader import AnswerReader, Circumstances, StepName
from bot.providers.tasks.call import ServiceCall
from bot.providers.tasks.descriptions.description import Description
from bot.providers.tasks.pacing import Pacing
from bot.providers.tasks.request import ServiceCalls
from bot.providers.tasks.wire import LOOK_UP, Wire

MAX_HOPS = 4  # from link to link, until the video is there
FORGOTTEN = 3  # times in a row that a service denies a task which it knew before that is believed


class TaskFollower:
    """Follows one request from its create on, ``age`` seconds ago."""

    def __init__(
        self,
        description: Description,
        calls: ServiceCalls,
        wire: Wire,
        request: VideoRequest,
        patience: Patience,
        *,
        secrets: tuple[str, ...] = (),
        age: float = 0.0,
        usual: float | None = None,
    ) -> None:
        self._description = description
        self._calls = calls
        self._wire = wire
        self._patience = patience
        self._pacing = Pacing(description.poll.every, usual)
        links = tuple(picture.link for picture in request.pictures if picture.link)
        self._about = Circumstances(prompt=request.echoable_text, picture_links=links, secrets=secrets)
        self._began = patience.clock() - age
        self._learnt = patience.clock()
        self._highest: float | None = None
        self._cost: float | None = None

    @property
    def age(self) -> float:
        """Seconds since the create."""
        return self._patience.clock() - self._began

    async def ask(
        self,
        step: StepName,
        call: ServiceCall,
        limits: aiohttp.ClientTimeout = LOOK_UP,
        may_send: Callable[[], bool] = lambda: True,
    ) -> Reading:
        """Send ``call`` and return what the answer means. Raises as ``Wire.send``."""
        answer = await self._wire.send(call, limits, may_send)
        about = replace(self._about, age=self.age, highest=self._highest)
        reading = AnswerReader(self._description, self._calls, about).read(step, answer)
        if reading.cost is not None:
            self._cost = reading.cost
        if reading.outcome is not Going.AGAIN:
            self._learnt = self._patience.clock()
        if reading.percent is not None and isinstance(reading.outcome, Going):
            self._highest = max(reading.percent, self._highest or 0.0)
        return reading

    async def polled(self, task: TaskHandle, *, at_once: bool = False) -> AsyncGenerator[Progress | Result, None]:
        """Ask for ``task`` until it has ended, ``at_once`` for the first time; yield Progress, then one ending."""
        shown: float | None = None
        asked: float | None = None
        self._about = replace(self._about, task=task.id)
        left = 1  # denials until they are believed
        heard = not at_once  # of the task, since it is followed here
        while True:
            if not at_once and not await self._wait(asked, late=not heard):
                yield Failure(Outcome.TIMEOUT, "the task took too long", cost=self._cost)
                return
            at_once = False
            reading = await self._learn("poll", lambda: self._calls.poll(task))
            asked = reading.wait
            heard = heard or reading.outcome is not Going.AGAIN
            if reading.outcome in (Going.QUEUED, Going.IN_PROGRESS):
                left = FORGOTTEN
                if reading.percent is not None and reading.percent != shown:
                    shown = reading.percent
                    yield Progress(reading.percent)
            elif reading.lost and reading.outcome is Outcome.PROVIDER_ERROR and not reading.retry and left > 1:
                left -= 1
            elif reading.outcome is not Going.AGAIN:
                yield await self.made(task, reading)
                return

    async def made(self, task: TaskHandle, reading: Reading) -> Result:
        """Return how ``task`` ended by ``reading``: of a made video, once its first bytes were seen."""
        for _ in range(MAX_HOPS):
            if reading.outcome not in (Outcome.SUCCESS, Going.RESULT_CALL):
                return self.ended(reading)
            link = reading.link
            if link and link != CONTENT and self._calls.opens_without_key(link):
                return FinishedVideo((link,), cost=self._cost, locked=self._is_locked(link))
            named = replace(task, result_id=reading.result_id or task.result_id)
            try:
                call = self._calls.download(link) if link and link != CONTENT else self._calls.result(named)
            except LinkRefused as error:
                return Failure(Outcome.BAD_STREAM, str(error), cost=self._cost)
            if call is None:
                return Failure(Outcome.BAD_STREAM, "the service says nowhere where the video is", cost=self._cost)
            reading = await self._seen(call)
            if reading.link == BYTES:
                return FinishedVideo((call.url,), cost=self._cost, locked=self._is_locked(call.url))
        return Failure(Outcome.BAD_STREAM, "the service sends from link to link", cost=self._cost)

    def _is_locked(self, link: str) -> bool:
        """Whether ``link`` is for Kinora alone: it opens with the key, or the key stands in it."""
        return not self._calls.opens_without_key(link) or any(held in unquote(link) for held in self._about.secrets)

    async def _seen(self, call: ServiceCall) -> Reading:
        """Return what is answered to ``call`` as soon as it is more than that the video is not there yet."""
        while (reading := await self._learn("content", lambda: call)).outcome is Going.AGAIN:
            await self._wait(reading.wait, late=True)
        return reading

    async def _learn(self, step: StepName, call: Callable[[], ServiceCall]) -> Reading:
        """Return what is answered to ``call``; where nothing was learnt for too long, what that comes to."""
        try:
            reading = await self.ask(step, call())
        except LinkRefused as error:
            return Reading(Outcome.BAD_STREAM, "the service gives a wrong address", detail=str(error))
        except (TimeoutError, aiohttp.ClientError) as error:
            rule = f"the connection broke: {type(error).__name__}"
            reading = Reading(Going.AGAIN, rule, last=Outcome.PROVIDER_ERROR)
        silent = reading.outcome is Going.AGAIN and self._patience.clock() - self._learnt > self._patience.stall
        return replace(reading, outcome=reading.last or Outcome.PROVIDER_ERROR, lost=True) if silent else reading

    async def _wait(self, asked: float | None, *, late: bool) -> bool:
        """
        Wait until the next poll, the last one at the very end of the time. Return whether there is one.

        ``late``: beyond that time, too, where silence has an end of its own: one who has only now come to ask may not
        reach the service yet, and a video that was made is worth more than a few minutes.
        """
        left = math.inf if late else self._patience.whole - self.age
        if left <= 0:
            return False
        await self._patience.sleep(min(self._pacing.pause(self.age, asked), left))
        return True

    def ended(self, reading: Reading) -> Refusal | Failure:
        """Return the ending that ``reading`` means."""
        outcome = reading.outcome if isinstance(reading.outcome, Outcome) else reading.last or Outcome.BAD_STREAM
        if outcome.is_refusal:
            return Refusal(outcome, cost=self._cost)
        detail = f"{reading.rule}: {reading.detail}" if reading.detail else reading.rule
        return Failure(outcome, detail, model_gone=reading.model_gone, may_cost=reading.lost, cost=self._cost)
