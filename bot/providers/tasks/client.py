"""The client of a task service: creates a task once, follows it in this process or the next, fetches its video."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, nullcontext
from dataclasses import replace
from pathlib import Path

import aiohttp

from bot.concurrency.first_use import first_use
from bot.errors import LinkRefused
from bot.models import ImageMode, Outcome, Picture, PictureFit, VideoModel, VideoRequest
from bot.providers.base import Accepted, Failure, FinishedVideo, Provider, ProviderEvent, TaskHandle
from bot.providers.classify import log_excerpt
from bot.providers.judge.judge import lexicon
from bot.providers.patience import Patience
from bot.providers.shapes import nearest
from bot.providers.tasks.answers.answer import BYTES, Going, Reading
from bot.providers.tasks.answers.reader import AnswerReader, Circumstances
from bot.providers.tasks.call import TRAVELS, ServiceCall, TaskOrder
from bot.providers.tasks.descriptions.description import Description
from bot.providers.tasks.download import Download, Fetch
from bot.providers.tasks.follower import TaskFollower
from bot.providers.tasks.picture_rules import picture_fit
from bot.providers.tasks.request import ServiceCalls, base_address
from bot.providers.tasks.wire import Wire, timeout_of
from bot.providers.turned_away import turned_away

CANCEL_TIMEOUT = 10.0  # seconds


Fit = Callable[[Picture, PictureFit], AbstractAsyncContextManager[Picture]]


class TaskClient(Provider):
    """
    Speaks to one service. ``describe`` gives its description, by the name of a model ("" for what all have in common);
    ``url`` is the operator's address of it, "" for the description's own; ``key`` is "" where it wants none;
    ``image_mode`` is how pictures travel, where the operator chose; ``fit`` makes them what the service takes, for as
    long as its block lasts; ``fetch`` is the guarded fetcher, for videos that lie elsewhere; ``now`` the seconds since
    1970.

    Raises SettingsError for a service without an address.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        describe: Callable[[str], Description],
        url: str,
        key: str,
        fetch: Fetch,
        fit: Fit = lambda picture, _fit: nullcontext(picture),
        image_mode: ImageMode | None = None,
        patience: Patience | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._wire = Wire(session)
        self._describe = describe
        self._url = url
        self._key = key
        self._fit = fit
        self._fetch = fetch
        self._image_mode = image_mode
        self._patience = patience or Patience()
        self._now = now
        self._services: dict[str, tuple[Description, ServiceCalls]] = {}
        self._usual: dict[str, float] = {}  # seconds that the latest videos of a model took, the last one counting most
        self._service("")

    async def generate(
        self, request: VideoRequest, may_send: Callable[[], bool] = lambda: True
    ) -> AsyncGenerator[ProviderEvent, None]:
        """
        Create the task once and follow it: Accepted, its Progress, then one ending. Raises FileNotFoundError if a
        picture is gone, and what ``fit`` raises; whatever the service does ends in a Failure, never in an exception.
        """
        await first_use(lexicon)
        follower = self._follower(request)
        reading = await self._created(request, follower, may_send)
        if isinstance(reading, Failure):
            yield reading
            return
        going = reading.outcome in (Going.QUEUED, Going.IN_PROGRESS)
        if not going and reading.outcome not in (Going.RESULT_CALL, Outcome.SUCCESS):
            ending = follower.ended(reading)
            yield turned_away(ending, reading.wait) if isinstance(ending, Failure) and reading.retry else ending
            return
        if reading.link == BYTES:
            yield Failure(Outcome.BAD_STREAM, "the service answers a create with the video itself")
            return
        model = request.model.at_service
        task = TaskHandle(reading.job_id or "", model, reading.addresses, reading.result_id, self._now())
        if task.id:
            yield Accepted(task)
        if not going:
            yield await follower.made(task, reading)
            return
        async with aclosing(follower.polled(task)) as events:
            async for event in events:
                if isinstance(event, FinishedVideo):
                    self._usual[model] = (self._usual.get(model, follower.age) + follower.age) / 2
                yield event

    async def follow(self, request: VideoRequest, task: TaskHandle) -> AsyncGenerator[ProviderEvent, None]:
        """Go on with ``task``, as the port says."""
        await first_use(lexicon)
        follower = self._follower(request, age=max(0.0, self._now() - task.created))
        async with aclosing(follower.polled(task, at_once=True)) as events:
            async for event in events:
                yield event

    async def cancel(self, task: TaskHandle) -> bool:
        """Ask the service to stop ``task``, where it can, and return whether it says that it does."""
        try:
            async with asyncio.timeout(CANCEL_TIMEOUT):
                call = self._service(task.model)[1].cancel(task)
                return call is not None and (await self._wire.send(call)).ok
        except (LinkRefused, aiohttp.ClientError, TimeoutError):
            return False

    def sends_link(self, model: VideoModel) -> bool:
        """Whether ``model`` is handed links, as the port says."""
        mode = model.image_mode or self._image_mode
        return mode == "url" if mode else self._service(model.at_service)[0].image.travels == "link"

    async def download(self, video: FinishedVideo, path: Path, *, limit: int, within: float) -> int:
        """Write ``video`` to ``path``, as the port says."""
        description, calls = self._service("")
        reader = AnswerReader(description, calls, Circumstances(secrets=self._secrets))
        download = Download(self._wire, calls, reader, self._fetch, self._patience.sleep)
        return await download.save(video.urls[0], path, limit=limit, within=within)

    async def _created(
        self, request: VideoRequest, follower: TaskFollower, may_send: Callable[[], bool]
    ) -> Reading | Failure:
        """Return what the service says to the create, which is sent once, or to a picture before it."""
        description, calls = self._service(request.model.at_service)
        order = self._order(request)
        limits = timeout_of(self._patience.whole, silence=self._patience.stall)
        try:
            async with AsyncExitStack() as fitted:
                pictures = [
                    await fitted.enter_async_context(self._fit(picture, fit))
                    if (fit := picture_fit(description, order, picture))
                    else picture
                    for picture in request.pictures
                ]
                order = replace(order, pictures=tuple(pictures))
                for picture in pictures:
                    taken = await self._handed_over(calls.upload(picture, order.model), follower)
                    if isinstance(taken, Failure) or (taken and taken.outcome is not Going.QUEUED):
                        return taken
                    order = replace(order, uploaded=(*order.uploaded, taken.picture) if taken else ())
                return await follower.ask("create", calls.create(order), limits, may_send)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return turned_away(Failure(Outcome.PROVIDER_ERROR, f"no connection: {log_excerpt(str(error))}"))
        except (aiohttp.ClientError, TimeoutError) as error:
            detail = f"no answer to the create, which may have begun and cost: {type(error).__name__}"
            return Failure(Outcome.INTERRUPTED, detail)

    async def _handed_over(self, call: ServiceCall | None, follower: TaskFollower) -> Reading | Failure | None:
        """Return what the service says to a picture, which costs nothing; None where it travels in the create."""
        try:
            return await follower.ask("upload", call) if call else None
        except (aiohttp.ClientError, TimeoutError) as error:
            detail = f"the picture was not handed over: {type(error).__name__}"
            return turned_away(Failure(Outcome.PROVIDER_ERROR, detail))

    def _order(self, request: VideoRequest) -> TaskOrder:
        model = request.model
        mode = model.image_mode or self._image_mode
        shape = request.format or nearest(model.formats, request.pictures)
        return TaskOrder(
            model.at_service,
            request.prompt,
            request.pictures,
            model.pictures[: len(request.pictures)],
            seconds=request.length or next(iter(model.seconds), None),
            size=shape if model.sizes else None,
            ratio=None if model.sizes else shape,
            travels=TRAVELS[mode] if mode else None,
            image_field=model.image_field,
            extra=model.extra,
        )

    def _follower(self, request: VideoRequest, age: float = 0.0) -> TaskFollower:
        return TaskFollower(
            *self._service(request.model.at_service),
            self._wire,
            request,
            self._patience,
            secrets=self._secrets,
            age=age,
            usual=self._usual.get(request.model.at_service),
        )

    def _service(self, model: str) -> tuple[Description, ServiceCalls]:
        if model not in self._services:
            description = self._describe(model)
            calls = ServiceCalls(description, base_address(description, self._url), self._key)
            self._services[model] = description, calls
        return self._services[model]

    @property
    def _secrets(self) -> tuple[str, ...]:
        return (self._key, self._key.removeprefix("sk-")) if self._key else ()
