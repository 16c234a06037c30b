"""The HTTP side of the service's tasks: create, poll, content, cancel, with the habits that prompts ask for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from aiohttp import web

from playground.fake_video_service import error_replies as replies
from playground.fake_video_service.answer import video_link
from playground.fake_video_service.error_replies import ErrorReply, model_list
from playground.fake_video_service.film import Size
from playground.fake_video_service.generation import Generation
from playground.fake_video_service.recorded_request import RecordedRequest
from playground.fake_video_service.request import BadRequestError, picture_size
from playground.fake_video_service.scenarios import Scenario
from playground.fake_video_service.tasks.dialects import Dialect, OpenRouter, XAi, dialect_in
from playground.fake_video_service.tasks.habits import Habit, Step, habit_in
from playground.fake_video_service.tasks.order import read_order
from playground.fake_video_service.tasks.task import Task

Handle = Callable[[web.Request, RecordedRequest, int], Awaitable[web.StreamResponse]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Studio(Protocol):
    """What the service does for tasks as for chats."""

    url: str
    key: str
    default_words: str

    def choose(self, prompt: str, record: RecordedRequest, number: int) -> Scenario: ...
    async def read_picture(self, url: str) -> bytes: ...
    def start_film(
        self,
        picture: bytes | None,
        prompt: str,
        scenario: Scenario,
        record: RecordedRequest,
        *,
        seconds: float | None = None,
        size: Size | None = None,
    ) -> Generation: ...
    async def pause(self, seconds: float, *, slowness: float) -> None: ...
    def respond(self, reply: ErrorReply) -> web.Response: ...


@dataclass(frozen=True, slots=True)
class _Known:
    task: Task
    dialect: Dialect
    habit: Habit | None
    course: asyncio.Task[None]


class TaskRoutes:
    """The tasks of one service. Its owner awaits `stop()`."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._known: dict[str, _Known] = {}

    def add_to(self, router: web.UrlDispatcher, recorded: Callable[[Handle], Handler]) -> None:
        """Serve all three shapes; `recorded` checks the key and keeps a record of each request."""
        router.add_post("/v1/videos", recorded(partial(self._create, None)))
        router.add_post("/api/v1/videos", recorded(partial(self._create, OpenRouter())))
        router.add_post("/v1/videos/generations", recorded(partial(self._create, XAi())))
        router.add_get("/v1/videos", recorded(self._list))
        router.add_get("/api/v1/videos/models", recorded(self._models))
        for base in ("/v1/videos", "/api/v1/videos"):
            router.add_get(f"{base}/{{id}}", recorded(self._poll))
            router.add_get(f"{base}/{{id}}/content", recorded(self._content))
            router.add_delete(f"{base}/{{id}}", recorded(self._cancel))

    async def stop(self) -> None:
        """End the course of every task."""
        courses = [known.course for known in self._known.values()]
        for course in courses:
            course.cancel()
        await asyncio.gather(*courses, return_exceptions=True)

    async def _create(
        self, shape: Dialect | None, request: web.Request, record: RecordedRequest, number: int
    ) -> web.StreamResponse:
        try:
            order = await read_order(request)
            record.keep_body(order.body)
            picture = (
                await self._studio.read_picture(order.picture) if isinstance(order.picture, str) else order.picture
            )
            size = await asyncio.to_thread(picture_size, picture) if picture else None
        except web.HTTPRequestEntityTooLarge:
            return self._studio.respond(replies.BODY_TOO_LARGE)
        except BadRequestError as error:
            return self._studio.respond(replies.bad_request(str(error), error.param, error.status))
        words = f"{order.prompt} {self._studio.default_words}"
        dialect, scenario = shape or dialect_in(words), self._studio.choose(order.prompt, record, number)
        if turned_away := dialect.check(order, size) or scenario.reply or dialect.refuse_create(scenario.outcome):
            return self._studio.respond(turned_away)
        film = None
        if scenario.makes_film:
            film = self._studio.start_film(
                picture, order.prompt, scenario, record, seconds=order.length, size=order.sides
            )
        link_of = partial(video_link, scenario.link, self._studio.url)
        task = Task(dialect.new_id(), order, scenario, film, link_of)
        course = asyncio.create_task(
            task.perform(partial(self._studio.pause, slowness=scenario.slowness)), name=f"task {task.id}"
        )
        known = self._known[task.id] = _Known(task, dialect, habit_in(words), course)
        if scenario.ending in ("cut", "cut-character", "huge-line"):
            return cut(request)
        return await self._spoilt(known, "create", request) or self._studio.respond(
            dialect.created(task, self._studio.url)
        )

    async def _list(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        return self._studio.respond(replies.json_reply(200, {"object": "list", "data": []}))

    async def _models(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        return self._studio.respond(model_list())

    async def _poll(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        known = self._known.get(request.match_info["id"])
        if known is None:
            return self._studio.respond(dialect_in(self._studio.default_words).unknown())
        return await self._spoilt(known, "poll", request) or self._studio.respond(
            known.dialect.polled(known.task, self._studio.url, self._studio.key)
        )

    async def _content(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        known = self._known.get(request.match_info["id"])
        if known is None:
            return self._studio.respond(dialect_in(self._studio.default_words).unknown())
        if known.task.film is None or known.task.scenario.link == "dead":
            return self._studio.respond(replies.bad_request("Video is not ready yet", None, 404))
        return await self._spoilt(known, "content", request) or web.FileResponse(known.task.film)

    async def _cancel(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        known = self._known.get(request.match_info["id"])
        if known is None:
            return self._studio.respond(dialect_in(self._studio.default_words).unknown())
        reply, stops = known.dialect.cancel(known.task)
        if stops:
            known.course.cancel()
            if known.task.generation is not None:
                known.task.generation.stop()
            del self._known[known.task.id]
        return self._studio.respond(reply)

    async def _spoilt(self, known: _Known, step: Step, request: web.Request) -> web.StreamResponse | None:
        """The answer that the habit of this task has in place of the right one, None where it has none, or no more."""
        habit = known.habit
        if habit is None or habit.step != step or 0 < habit.times <= known.task.count(step):
            return None
        if isinstance(habit.reply, ErrorReply):
            return self._studio.respond(habit.reply)
        if habit.reply == "cut":
            return cut(request)
        if habit.reply == "half" and known.task.film is not None:
            return await _send_half(request, known.task.film)
        if habit.reply == "redirect":
            return web.Response(status=302, headers={"Location": known.task.link})
        return web.json_response({"url": known.task.link})


def cut(request: web.Request) -> web.Response:
    """Close the connection of a request that gets no answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _send_half(request: web.Request, film: Path) -> web.StreamResponse:
    """Send half of what is asked for, and close."""
    data = await asyncio.to_thread(film.read_bytes)
    start = request.http_range.start or 0
    headers = {"Content-Type": "video/mp4", "Content-Length": str(len(data) - start)}
    if start:
        headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
    response = web.StreamResponse(status=206 if start else 200, headers=headers)
    await response.prepare(request)
    await response.write(data[start : (start + len(data)) // 2])
    if request.transport is not None:
        request.transport.close()
    return response
