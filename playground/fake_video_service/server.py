"""A fake video service on loopback: chat completions, tasks at /v1/videos, a ComfyUI, and the finished files."""

from __future__ import annotations

import asyncio
import json
import logging
import math
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import uuid4

from aiohttp import web

from playground.fake_video_service import error_replies as replies
from playground.fake_video_service import scenarios
from playground.fake_video_service.answer import answer, video_link
from playground.fake_video_service.comfyui.machine import Machine
from playground.fake_video_service.comfyui.routes import ComfyRoutes
from playground.fake_video_service.error_replies import ErrorReply
from playground.fake_video_service.events import LineFeed, Listener, ServiceEvent, ServiceEventKind
from playground.fake_video_service.families import FAMILIES
from playground.fake_video_service.film import KINDS, FilmStoppedError, Size
from playground.fake_video_service.generation import FilmPlan, Generation
from playground.fake_video_service.performance import Performance
from playground.fake_video_service.recorded_request import RecordedRequest
from playground.fake_video_service.request import (
    BadRequestError,
    VideoRequest,
    check_picture,
    decode_picture,
    fetch_picture,
)
from playground.fake_video_service.scenarios import Scenario
from playground.fake_video_service.tasks.routes import Handle, TaskRoutes

MAX_BODY_BYTES = 48 * 2**20  # a picture of 32 MiB in base64, and text
BIG_FILM_BYTES = 11 * 2**20
# Films beyond this wait for a thread. A film mostly waits for its pace, so there are many threads.
FILM_THREADS = 256
# A drip without pauses would keep a core busy at pace 0.
MIN_PAUSE = 0.001
SHUTDOWN_SECONDS = 0.05
DEFAULT_PLAN = FilmPlan()

log = logging.getLogger(__name__)


class VideoService:
    """Start it, point a client at `url` with `key`, read `requests`, stop it; after that it cannot be started again.

    Without a key it wants none.
    """

    def __init__(
        self,
        key: str,
        directory: Path,
        *,
        pace: float = 1.0,
        plan: FilmPlan = DEFAULT_PLAN,
        family: str = "family-a",
    ) -> None:
        """`pace` multiplies every wait (0: none); films go to `directory`; `family` answers prompts that name none."""
        self.key = key
        self.requests: list[RecordedRequest] = []
        self.default_words = ""  # "#words" for prompts that select nothing themselves
        self.listener: Listener | None = None
        self.url = ""
        self._port = 0
        self._directory = directory
        self._pace = pace
        self._plan = plan
        self._family = family
        self._seen_prompts: set[str] = set()
        self._films: dict[asyncio.Task[None], Generation] = {}
        self._tasks = TaskRoutes(self)
        self.comfy = ComfyRoutes(self, Machine(directory / "comfyui", self.pause))
        self._threads = ThreadPoolExecutor(FILM_THREADS, thread_name_prefix="film")
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one. After `go_down` it takes the same one again."""
        self._directory.mkdir(parents=True, exist_ok=True)
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.router.add_post("/v1/chat/completions", self._recorded(self._chat))
        app.router.add_get("/v1/chat/completions", self._recorded(self._only_post))
        app.router.add_get("/v1/models", self._recorded(self._models))
        self._tasks.add_to(app.router, self._recorded)
        self.comfy.add_to(app.router, self._recorded)
        app.router.add_static("/files", self._directory)
        app.router.add_route("*", "/{path:.*}", self._recorded(self._not_found))
        # A stalled answer notices that its client has disconnected because its handler is cancelled.
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=SHUTDOWN_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port or port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"

    @property
    def is_down(self) -> bool:
        """Whether it refuses connections, as before its start."""
        return self._runner is None

    async def go_down(self) -> None:
        """Cut every answer and refuse connections until it is started again; its films and tasks go on meanwhile."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def stop(self) -> None:
        """Stop every answer and every film at once; afterwards no task and no thread of this service is left."""
        for generation in self._films.values():
            generation.stop()
        await self.go_down()
        await self._tasks.stop()
        await self.comfy.stop()
        await asyncio.gather(*self._films, return_exceptions=True)
        self._threads.shutdown()

    async def wait_for_films(self) -> None:
        """Wait until no film is being made, those included whose clients have disconnected."""
        await asyncio.gather(*self._films, return_exceptions=True)

    def _recorded(self, handle: Handle) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handler(request: web.Request) -> web.StreamResponse:
            record = RecordedRequest.of(request, self.key)
            self.requests.append(record)
            number = len(self.requests)
            self._emit("received", number, record)
            try:
                if not record.key_matched:
                    response: web.StreamResponse = self.respond(replies.INVALID_KEY)
                else:
                    response = await handle(request, record, number)
                record.status = response.status
                return response
            except asyncio.CancelledError:
                record.disconnected = not self.is_down
                raise
            except ConnectionError:
                record.disconnected = not self.is_down
                return web.Response()  # the client is gone
            finally:
                record.over.set()
                self._emit("answered", number, record)

        return handler

    async def _models(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        return self.respond(replies.model_list())

    async def _only_post(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        return self.respond(replies.json_reply(405, {"detail": "Method Not Allowed"}, Allow="POST"))

    async def _not_found(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        return self.respond(replies.bad_request(f"Invalid URL ({request.method} {request.path})", None, 404))

    def _emit(self, kind: ServiceEventKind, number: int, record: RecordedRequest, text: str = "") -> None:
        if self.listener is not None:
            self.listener(ServiceEvent(kind, number, record, text))

    async def _chat(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        try:
            video_request, picture = await self._read_video_request(request, record)
        except web.HTTPRequestEntityTooLarge:
            return self.respond(replies.BODY_TOO_LARGE)
        except BadRequestError as error:
            return self.respond(replies.bad_request(str(error), error.param, error.status))
        prompt = video_request.prompt
        scenario = self.choose(prompt, record, number)
        family = FAMILIES[scenario.family](video_request.model)
        reply = scenario.reply or (None if video_request.stream else family.without_stream)
        if reply is not None:
            return self.respond(reply)
        performance = Performance(
            scenario,
            family,
            prompt,
            self.key,
            self.start_film(picture, prompt, scenario, record) if scenario.makes_film else None,
            link=lambda path: video_link(scenario.link, self.url, path),
            pause=partial(self.pause, slowness=scenario.slowness),
        )
        lines = LineFeed(partial(self._emit, "line", number, record))
        try:
            return await answer(request, performance, lines.feed, stream=video_request.stream)
        finally:
            lines.close()

    def choose(self, prompt: str, record: RecordedRequest, number: int) -> Scenario:
        """The scenario for a request that was understood; it is remembered that it was answered."""
        self._emit("accepted", number, record, prompt)
        scenario = scenarios.choose(
            prompt, self._family, seen_before=prompt in self._seen_prompts, default_words=self.default_words
        )
        self._seen_prompts.add(prompt)
        record.scenario = scenario
        return scenario

    async def _read_video_request(
        self, request: web.Request, record: RecordedRequest
    ) -> tuple[VideoRequest, bytes | None]:
        """The request and the first of its pictures; raises BadRequestError."""
        data = await request.read()
        try:
            body = json.loads(data)
        except ValueError as error:
            raise BadRequestError("We could not parse the JSON body of your request.") from error
        record.keep_body(body)
        video_request = VideoRequest.parse(body)
        pictures = [await self.read_picture(url) for url in video_request.picture_urls]
        return video_request, pictures[0] if pictures else None

    async def read_picture(self, url: str) -> bytes:
        """The picture in a data URI or behind a link; raises BadRequestError."""
        data = await asyncio.to_thread(decode_picture, url) if url.startswith("data:") else await fetch_picture(url)
        await asyncio.to_thread(check_picture, data)
        return data

    def start_film(
        self,
        picture: bytes | None,
        prompt: str,
        scenario: Scenario,
        record: RecordedRequest,
        *,
        seconds: float | None = None,
        size: Size | None = None,
    ) -> Generation:
        """
        Start a film that is finished even if the client disconnects, as real services do. It has the `seconds` and the
        `size` that are asked for, unless all films of this service have one size.
        """
        plan = self._plan if self._plan.size else replace(self._plan, seconds=seconds or self._plan.seconds, size=size)
        plan = replace(
            plan,
            work_seconds=plan.work_seconds * self._pace * scenario.slowness,
            least_bytes=BIG_FILM_BYTES if scenario.link == "big" else 0,
            kind=KINDS[scenario.film],
        )
        path = self._directory / f"{uuid4()}{plan.kind.ending}"
        generation = Generation(picture, prompt, path, plan, self._threads)

        async def finish() -> None:
            try:
                record.film = await generation.finish()
            except FilmStoppedError:
                log.info("stopped a film because the service stops")
            except Exception:
                log.exception("unexpected error while making a film")

        task = asyncio.create_task(finish(), name=f"film {generation.path.stem}")
        self._films[task] = generation
        task.add_done_callback(self._films.pop)
        return generation

    async def pause(self, seconds: float, *, slowness: float) -> None:
        """Wait `seconds` of pace 1, inf until the wait is cancelled."""
        if math.isinf(seconds):
            await asyncio.Event().wait()
        await asyncio.sleep(max(MIN_PAUSE, seconds * self._pace * slowness))

    def respond(self, reply: ErrorReply) -> web.Response:
        """The reply with what it leaves open filled in."""
        fields = {"port": self._port, "retry_after": math.ceil(2 * self._pace)}
        headers = {name: value.format_map(fields) for name, value in reply.headers.items()}
        return web.Response(
            status=reply.status,
            body=reply.body,
            headers={**headers, "Content-Type": reply.content_type},
        )
