"""Sends each request to a service that has its model, and to the next one where that surely did not begin."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from bot.errors import FetchError
from bot.models import Outcome, VideoModel, VideoRequest
from bot.providers.base import Accepted, Failure, FinishedVideo, Provider, ProviderEvent, Routed, TaskHandle
from bot.providers.breaker import Breaker, Sending

log = logging.getLogger(__name__)

OnRest = Callable[[str, Failure | None], None]
_NOT_BEGUN = (Outcome.AUTH, Outcome.QUOTA)  # what is said before any work


class Router(Provider):
    """
    Has the ``services`` by their names. ``on_rest`` hears which begins to rest, with what it said last, and which does
    no longer, with None; ``clock`` gives seconds.
    """

    def __init__(
        self,
        services: Mapping[str, Provider],
        on_rest: OnRest = lambda service, failure: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._on_rest = on_rest
        self._breakers = {name: Breaker(clock) for name in services}

    def is_resting(self, service: str) -> bool:
        """Whether a service is left alone for a while."""
        return self._breakers[service].is_resting

    async def generate(
        self, request: VideoRequest, may_send: Callable[[], bool]
    ) -> AsyncGenerator[ProviderEvent, None]:
        """Send ``request``, as the port says; before each service that it goes to comes Routed."""
        models = self._in_order(request)
        pauses: list[float] = []
        for place, model in enumerate(models, 1):
            yield Routed(model)
            failure: Failure | None = None
            async with aclosing(self._asked(replace(request, model=model), may_send)) as events:
                async for event in events:
                    if isinstance(event, Failure) and event.not_begun:
                        pauses += [event.retry_after] if event.retry_after is not None else []
                        failure = event
                    else:
                        yield event
            if failure is None:
                return
            if place == len(models):  # whichever service is ready the soonest, all are asked again then
                yield replace(failure, retry_after=min(pauses, default=None))
                return
            instead = models[place].service
            log.warning("the service %s did not begin, asking %s instead: %s", model.service, instead, failure.detail)

    async def _asked(self, request: VideoRequest, may_send: Callable[[], bool]) -> AsyncGenerator[ProviderEvent, None]:
        """Send ``request`` to its service, whose breaker hears what comes of it."""
        service = request.model.service
        breaker = self._breakers[service]
        asked = breaker.ask()
        has_begun = False
        try:
            async with aclosing(self._services[service].generate(request, may_send)) as events:
                async for event in events:
                    if isinstance(event, Failure):
                        event = replace(event, not_begun=not has_begun and _surely_not_begun(event))
                    if not has_begun:  # what follows is news of the request, not of the service
                        has_begun = True
                        self._note(service, asked, event)
                    yield _stamped(event, service)
        finally:
            if not has_begun:
                breaker.left(asked)

    def _note(self, service: str, asked: Sending, event: ProviderEvent) -> None:
        breaker = self._breakers[service]
        if isinstance(event, Failure) and event.not_begun:
            if breaker.failed(asked):
                self._on_rest(service, event)
        elif breaker.succeeded(asked):
            self._on_rest(service, None)

    def _in_order(self, request: VideoRequest) -> list[VideoModel]:
        """Return who may be asked for what was chosen: those that do not rest, else the one that has rested longest."""
        count = len(request.pictures)
        first, *others = request.makers
        linked = all(picture.link for picture in request.pictures)
        others = [one for one in others if linked or not self._services[one.service].sends_link(one)]
        models = [first, *(one for one in others if one.takes(count) and one.may_replace(first, count))]
        ready = [one for one in models if self._breakers[one.service].may_ask()]
        return ready or [min(models, key=lambda one: self._breakers[one.service].rests_until)]

    def sends_link(self, model: VideoModel) -> bool:
        """Whether a service that has ``model`` is handed links, as the port says."""
        return any(self._services[one.service].sends_link(one) for one in (model, *model.stand_ins))

    def follow(self, request: VideoRequest, task: TaskHandle) -> AsyncGenerator[ProviderEvent, None]:
        """Go on with ``task`` at the service that accepted it, as the port says."""
        provider = self._services.get(task.service)
        return _followed(provider, request, task) if provider else super().follow(request, task)

    async def cancel(self, task: TaskHandle) -> bool:
        """Ask the service that accepted ``task`` to stop it, as the port says."""
        provider = self._services.get(task.service)
        return provider is not None and await provider.cancel(task)

    async def shortcomings(self) -> Sequence[str]:
        """Return what is missing at any of the services, as the port says."""
        found = await asyncio.gather(*(service.shortcomings() for service in self._services.values()))
        return [f"{name}: {each}" for name, sentences in zip(self._services, found, strict=True) for each in sentences]

    async def download(self, video: FinishedVideo, path: Path, *, limit: int, within: float) -> int:
        """Write a video that only the key of its service opens, as the port says."""
        provider = self._services.get(video.service)
        if provider is None:
            raise FetchError("the service of the video is not there any more")
        return await provider.download(video, path, limit=limit, within=within)


async def _followed(provider: Provider, request: VideoRequest, task: TaskHandle) -> AsyncGenerator[ProviderEvent, None]:
    async with aclosing(provider.follow(request, task)) as events:
        async for event in events:
            yield _stamped(event, task.service)


def _stamped(event: ProviderEvent, service: str) -> ProviderEvent:
    """Return ``event`` with the name of its service where that is needed later."""
    match event:
        case Accepted(task=task):
            return Accepted(replace(task, service=service))
        case FinishedVideo():
            return replace(event, service=service)
        case _:
            return event


def _surely_not_begun(failure: Failure) -> bool:
    return failure.not_begun or failure.model_gone or failure.outcome in _NOT_BEGUN
