"""The client of a ComfyUI server: runs a workflow once for each request, follows it, and fetches its film."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from pathlib import Path

import aiohttp

from bot.models import Outcome, Picture, VideoRequest
from bot.providers.base import Accepted, Failure, FinishedVideo, Provider, ProviderEvent, TaskHandle
from bot.providers.classify import log_excerpt
from bot.providers.comfyui.answers import Where, read_create, read_upload
from bot.providers.comfyui.film import SavedFilm
from bot.providers.comfyui.follower import CONNECTED_WITHIN, EVERY, LOST_AFTER, Messages, followed, listening, state_of
from bot.providers.comfyui.inventory import missing_from
from bot.providers.comfyui.look import Lookout
from bot.providers.comfyui.progress import SamplerSteps
from bot.providers.comfyui.server import ComfyServer
from bot.providers.comfyui.workflow import NOTHING_KNOWN, Workflow
from bot.providers.patience import Patience
from bot.providers.shapes import nearest
from bot.providers.turned_away import turned_away

CANCEL_TIMEOUT = 10.0  # seconds


class ComfyClient(Provider):
    """
    Speaks to ``server``, which runs the ``workflows``, by the names of models; ``now`` gives the seconds since 1970.

    An id of Kinora's own names both the prompt and the client that hears of it: so any process finds it again.
    """

    def __init__(
        self,
        server: ComfyServer,
        workflows: Mapping[str, Workflow],
        patience: Patience | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._server = server
        self._lookout = Lookout(server)
        self._workflows = workflows
        self._patience = patience or Patience()
        self._now = now

    async def generate(
        self, request: VideoRequest, may_send: Callable[[], bool] = lambda: True
    ) -> AsyncGenerator[ProviderEvent, None]:
        """
        Queue the prompt once and follow it: Accepted, its place and its steps, then one ending. Raises
        FileNotFoundError if a picture is gone; whatever the server does ends in a Failure, never in an exception.
        """
        workflow, id = self._workflows[request.model.at_service], str(uuid.uuid4())
        async with listening(self._server, id, SamplerSteps(workflow.graph, id)) as messages:
            with suppress(TimeoutError):
                async with asyncio.timeout(CONNECTED_WITHIN):
                    await messages.tried.wait()
            queued = await self._queued(request, workflow, id, may_send)
            if isinstance(queued, Failure):
                yield queued
                return
            task = TaskHandle(queued, request.model.at_service, created=self._now())
            yield Accepted(task)
            async with aclosing(self._made(workflow, messages, task)) as events:
                async for event in events:
                    yield event

    async def follow(self, request: VideoRequest, task: TaskHandle) -> AsyncGenerator[ProviderEvent, None]:
        """Go on with ``task``, as the port says."""
        workflow = self._workflows.get(task.model, NOTHING_KNOWN)  # the model may have gone since
        async with (
            listening(self._server, task.id, SamplerSteps(workflow.graph, task.id)) as messages,
            aclosing(self._made(workflow, messages, task)) as events,
        ):
            async for event in events:
                yield event

    async def cancel(self, task: TaskHandle) -> bool:
        """Take the prompt out of the queue or interrupt it, as the port says."""
        try:
            async with asyncio.timeout(CANCEL_TIMEOUT):
                return await self._lookout.cancel(task.id)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    async def download(self, video: FinishedVideo, path: Path, *, limit: int, within: float) -> int:
        """Write ``video`` to ``path``, as the port says."""
        return await self._server.download(video.urls[0], path, limit=limit, within=within)

    async def shortcomings(self) -> Sequence[str]:
        """Return the nodes and files that the workflows need and the server lacks, as the port says."""
        try:
            nodes = (await self._server.get("/object_info")).body
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return [f"the server does not answer: {_named(error)}"]
        if not isinstance(nodes, dict):
            return ["what answers is not a ComfyUI server, or refuses the key"]
        found = ((name, each) for name, workflow in self._workflows.items() for each in missing_from(workflow, nodes))
        return [f"{name}: {each}" for name, each in found]

    async def _queued(
        self, request: VideoRequest, workflow: Workflow, id: str, may_send: Callable[[], bool]
    ) -> str | Failure:
        """Return the id that the prompt has in the queue."""
        images = await self._uploaded(request.pictures)
        if isinstance(images, Failure):
            return images
        model = request.model
        seconds, size = request.length or next(iter(model.seconds), None), nearest(model.sizes, request.pictures)
        graph = workflow.filled(request.prompt, images, seconds, request.format or size)
        body = {"prompt": graph, "prompt_id": id, "client_id": id}
        try:
            return read_create(await self._server.post("/prompt", body, may_send))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return turned_away(Failure(Outcome.PROVIDER_ERROR, f"no connection: {_named(error)}"))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            lost = Failure(Outcome.INTERRUPTED, f"no answer to the create, and no such prompt: {_named(error)}")
            return await self._found(id) or lost

    async def _uploaded(self, pictures: Sequence[Picture]) -> list[str] | Failure:
        """Return what LoadImage takes for each picture. Raises FileNotFoundError."""
        images: list[str] = []
        for picture in pictures:
            try:
                name = read_upload(await self._server.upload(picture))
            except (aiohttp.ClientError, TimeoutError) as error:
                detail = f"the picture was not handed over: {_named(error)}"
                return turned_away(Failure(Outcome.PROVIDER_ERROR, detail))
            if isinstance(name, Failure):
                return name
            images.append(name)
        return images

    async def _found(self, id: str) -> str | None:
        """Return ``id`` if it was queued although the answer was lost."""
        for _ in range(LOST_AFTER):
            await self._patience.sleep(EVERY)
            if await state_of(self._lookout, id, None) not in (Where.ABSENT, Where.UNKNOWN):
                return id
        return None

    async def _made(
        self, workflow: Workflow, messages: Messages, task: TaskHandle
    ) -> AsyncGenerator[ProviderEvent, None]:
        age = max(0.0, self._now() - task.created)
        output = workflow.bindings.output
        async with aclosing(followed(self._lookout, task.id, output, messages, self._patience, age)) as events:
            async for event in events:
                yield FinishedVideo((event.path,), locked=True) if isinstance(event, SavedFilm) else event


def _named(error: Exception) -> str:
    return log_excerpt(f"{type(error).__name__} {error}".strip())
