"""The client of the video service, against small servers on real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.models import ImageMode, Outcome, Picture, VideoModel, VideoRequest
from bot.providers import turned_away
from bot.providers.base import Failure, FinishedVideo, Progress, ProviderEvent, Refusal
from bot.providers.chat import client as provider
from bot.providers.chat.client import VideoClient
from tests.providers.wire import DONE, SUCCESS, VIDEO, delta, event

KEY = "hunter2-the-key-of-the-operator"
PATH = "/v1/chat/completions"
SUCCEEDED = delta("> 🏃 进度：36.0%\n\n") + delta("> 🏃 进度：98.7%\n\n") + delta(SUCCESS)
FINISH = delta(finish="stop")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Service:
    """A server with one answer; it remembers what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[web.Request] = []
        self.bodies: list[bytes] = []
        self.left = asyncio.Event()
        """Set when the client has gone away while a reply was open."""

    async def stream(
        self, request: web.Request, body: str | bytes, kind: str = "text/event-stream"
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": kind})
        await response.prepare(request)
        await response.write(body.encode() if isinstance(body, str) else body)
        return response

    async def stay_open(self) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            self.left.set()


class World:
    """Starts services and makes clients; closes both at the end of the test."""

    def __init__(self, stack: contextlib.AsyncExitStack, picture: Path) -> None:
        self._stack = stack
        self.session: aiohttp.ClientSession
        self.request = VideoRequest(
            1,
            2,
            3,
            4,
            VideoModel("sora_video2", "Sora"),
            "a cat",
            (Picture(picture, "image/png", picture.stat().st_size),),
        )

    async def service(self, answer: Callable[[Service, web.Request], Awaitable[web.StreamResponse]]) -> Service:
        async def handle(request: web.Request) -> web.StreamResponse:
            service.asked.append(request)
            service.bodies.append(await request.read())
            return await answer(service, request)

        app = web.Application(client_max_size=2**26)
        app.router.add_route("*", "/{path:.*}", handle)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        service = Service("http://{}:{}".format(*runner.addresses[0][:2]))
        return service

    async def ask(self, url: str, **options: Any) -> list[ProviderEvent]:
        client = self.client(url, **options)
        async with asyncio.timeout(20), aclosing(client.generate(self.request)) as events:
            return [event async for event in events]

    def client(self, url: str, **options: Any) -> VideoClient:
        return VideoClient(self.session, endpoint=url + PATH, **{"key": KEY, **options})

    async def answer(
        self, status: int, body: str | bytes = "", *, headers: dict[str, str] | None = None, **options: Any
    ) -> Failure:
        async def reply(service: Service, request: web.Request) -> web.StreamResponse:
            raw = body.encode() if isinstance(body, str) else body
            return web.Response(status=status, body=raw, headers=headers)

        (ending,) = await self.ask((await self.service(reply)).url, **options)
        assert isinstance(ending, Failure)
        return ending

    async def said(self, body: str | bytes, kind: str = "text/event-stream", **options: Any) -> list[ProviderEvent]:
        async def reply(service: Service, request: web.Request) -> web.StreamResponse:
            return await service.stream(request, body, kind)

        return await self.ask((await self.service(reply)).url, **options)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    picture = tmp_path / "cat.png"
    picture.write_bytes(b"\x89PNG" + bytes(100_000))
    async with contextlib.AsyncExitStack() as stack:
        world = World(stack, picture)
        world.session = await stack.enter_async_context(aiohttp.ClientSession())
        yield world


LINK = "https://cdn.discordapp.example/cat.png"


@pytest.mark.parametrize(("mode", "sent"), [("url", LINK), (None, "data:image/png;base64,")])
async def test_a_model_may_have_its_pictures_travel_in_a_way_of_its_own(
    world: World, mode: ImageMode | None, sent: str
) -> None:
    bodies = []

    async def reply(service: Service, request: web.Request) -> web.StreamResponse:
        bodies.append(await request.text())
        return web.Response(status=500)

    service = await world.service(reply)
    (picture,) = world.request.pictures
    model = replace(world.request.model, image_mode=mode, seconds=(5,), sizes=("1280x720",), extra={"seed": 7})
    world.request = replace(world.request, model=model, pictures=(replace(picture, link=LINK),))
    await world.ask(service.url)

    assert f'"url":"{sent}' in bodies[0].replace(": ", ":")
    assert "seconds" not in bodies[0]  # chat completions has no place for it, nor for the others
    assert world.client(service.url).sends_link(model) is (mode == "url")


def fault_of(events: list[ProviderEvent]) -> Failure:
    assert isinstance(events[-1], Failure)
    return events[-1]


async def test_the_request_is_the_one_of_the_api_page(world: World) -> None:
    async def reply(service: Service, request: web.Request) -> web.StreamResponse:
        return await service.stream(request, SUCCEEDED + FINISH + DONE)

    service = await world.service(reply)
    await world.ask(service.url)
    (asked,), (body,) = service.asked, service.bodies
    assert (asked.method, asked.path) == ("POST", PATH)
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Accept"] == "application/json"
    assert asked.headers["Authorization"] == f"Bearer {KEY}"
    assert asked.headers["Content-Length"] == str(len(body))
    assert "Transfer-Encoding" not in asked.headers
    assert json.loads(body)["stream"] is True
    assert json.loads(body)["messages"][0]["content"][0] == {"type": "text", "text": "a cat"}


async def test_a_stream_becomes_progress_and_then_the_video(world: World) -> None:
    assert await world.said(SUCCEEDED + FINISH + DONE) == [Progress(98.7), FinishedVideo((VIDEO,))]


async def test_each_new_percentage_is_told_when_it_comes(world: World) -> None:
    told = asyncio.Event()

    async def reply(service: Service, request: web.Request) -> web.StreamResponse:
        response = await service.stream(request, "")
        for percent in (1, 50, 99):
            told.clear()
            await response.write(delta(f"进度：{percent}%\n").encode())
            await told.wait()
            await response.write(delta(f"进度：{percent}%\n").encode())
        await response.write((delta(SUCCESS) + FINISH + DONE).encode())
        return response

    service = await world.service(reply)
    seen = []
    async with asyncio.timeout(20):
        async for event in world.client(service.url).generate(world.request):
            seen.append(event)
            told.set()
    assert seen == [Progress(1), Progress(50), Progress(99), FinishedVideo((VIDEO,))]


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "text/event-stream", "text/plain"]
)
@pytest.mark.parametrize("stream", [True, False])
async def test_one_json_reply_is_read_under_any_label(world: World, kind: str, stream: bool) -> None:
    body = json.dumps({"choices": [{"message": {"content": SUCCESS}, "finish_reason": "stop"}]}, indent=2)
    assert await world.said(body, kind, stream=stream) == [FinishedVideo((VIDEO,))]


async def test_a_stream_labelled_as_json_is_read(world: World) -> None:
    assert await world.said(": PING\n\n" + SUCCEEDED + DONE, "application/json") == [
        Progress(98.7),
        FinishedVideo((VIDEO,)),
    ]


async def test_a_status_of_created_is_a_reply(world: World) -> None:
    async def reply(service: Service, request: web.Request) -> web.StreamResponse:
        return web.Response(status=201, text=SUCCEEDED + DONE)

    assert (await world.ask((await world.service(reply)).url))[-1] == FinishedVideo((VIDEO,))


async def test_a_refusal_is_told(world: World) -> None:
    body = delta("进度：95%\n") + event({"error": {"code": "moderation_blocked"}}) + DONE
    assert await world.said(body) == [Progress(95), Refusal(Outcome.MODERATION_RESULT)]


async def open_end(service: Service, request: web.Request) -> web.StreamResponse:
    response = await service.stream(request, delta("> 🏃 进度：36.0%\n\n"))
    await service.stay_open()
    return response


async def test_silence_is_a_timeout(world: World) -> None:
    service = await world.service(open_end)
    events = await world.ask(service.url, stall_timeout=0.1)
    assert events[0] == Progress(36)
    assert (fault_of(events).outcome, fault_of(events).retry_after) == (Outcome.TIMEOUT, None)
    await asyncio.wait_for(service.left.wait(), 5)


async def test_silence_before_the_answer_is_a_timeout(world: World) -> None:
    async def reply(service: Service, request: web.Request) -> web.StreamResponse:
        await service.stay_open()
        raise AssertionError

    fault = fault_of(await world.ask((await world.service(reply)).url, stall_timeout=0.1))
    assert (fault.outcome, fault.retry_after) == (Outcome.TIMEOUT, None)


async def test_a_reply_in_one_piece_may_be_silent_for_longer_than_a_stall(world: World) -> None:
    async def reply(service: Service, request: web.Request) -> web.StreamResponse:
        assert json.loads(service.bodies[0])["stream"] is False
        await asyncio.get_running_loop().run_in_executor(None, pause.wait, 0.4)
        return web.json_response({"choices": [{"message": {"content": SUCCESS}}]})

    pause = threading.Event()  # never set: the wait is the silence
    assert await world.ask((await world.service(reply)).url, stream=False, stall_timeout=0.05) == [
        FinishedVideo((VIDEO,))
    ]


async def moment() -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.02):
            await asyncio.Event().wait()


async def drip(service: Service, request: web.Request) -> web.StreamResponse:
    """Say one thing, then only keep the line alive, for ever."""
    response = await service.stream(request, delta("进度：36%\n"))
    while True:
        await response.write(b": PING\n\n")
        await moment()


async def test_a_drip_cannot_pass_the_limit_in_all(world: World) -> None:
    events = await world.ask((await world.service(drip)).url, timeout=0.3, stall_timeout=5)
    assert fault_of(events).outcome is Outcome.TIMEOUT


@pytest.mark.parametrize("pings", [False, True], ids=["silent", "pinging"])
async def test_a_server_that_stays_open_after_its_finish_is_left_after_the_grace(
    world: World, monkeypatch: pytest.MonkeyPatch, pings: bool
) -> None:
    async def reply(service: Service, request: web.Request) -> web.StreamResponse:
        response = await service.stream(request, SUCCEEDED + FINISH)
        while pings:
            await response.write(b": PING\n\n")
            await moment()
        await service.stay_open()
        return response

    monkeypatch.setattr(provider, "FINISH_GRACE", 0.2)
    events = await world.ask((await world.service(reply)).url, timeout=10, stall_timeout=10)
    assert events[-1] == FinishedVideo((VIDEO,))


async def test_words_within_the_grace_still_count(world: World) -> None:
    usage = event({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}})
    events = await world.said(delta("x") + FINISH + delta(SUCCESS) + usage)
    assert isinstance(events[-1], FinishedVideo)
    assert events[-1].usage is not None


async def test_a_stream_is_left_at_its_end_mark(world: World) -> None:
    async def reply(service: Service, request: web.Request) -> web.StreamResponse:
        response = await service.stream(request, SUCCEEDED + DONE)
        await service.stay_open()
        return response

    service = await world.service(reply)
    assert (await world.ask(service.url))[-1] == FinishedVideo((VIDEO,))
    await asyncio.wait_for(service.left.wait(), 5)


async def broken(service: Service, request: web.Request, body: str) -> web.StreamResponse:
    response = await service.stream(request, body)
    assert request.transport is not None
    request.transport.close()
    return response


async def test_a_video_whose_link_has_come_survives_a_broken_connection(world: World) -> None:
    service = await world.service(lambda service, request: broken(service, request, SUCCEEDED))
    assert (await world.ask(service.url))[-1] == FinishedVideo((VIDEO,))


async def test_a_video_whose_link_has_come_survives_a_stall(world: World) -> None:
    async def reply(service: Service, request: web.Request) -> web.StreamResponse:
        response = await service.stream(request, SUCCEEDED)
        await service.stay_open()
        return response

    assert (await world.ask((await world.service(reply)).url, stall_timeout=0.1))[-1] == FinishedVideo((VIDEO,))


async def test_a_connection_that_breaks_within_the_reply_is_a_bad_stream(world: World) -> None:
    service = await world.service(lambda service, request: broken(service, request, delta("进度：36%\n")))
    fault = fault_of(await world.ask(service.url))
    assert (fault.outcome, fault.retry_after) == (Outcome.BAD_STREAM, None)


async def test_a_connection_closed_before_the_answer_is_never_tried_again(world: World) -> None:
    async def reply(service: Service, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    service = await world.service(reply)
    fault = fault_of(await world.ask(service.url))
    assert (fault.outcome, fault.retry_after, len(service.asked)) == (Outcome.PROVIDER_ERROR, None, 1)


async def test_a_refused_connection_may_be_tried_again(world: World, unused_tcp_port: int) -> None:
    fault = fault_of(await world.ask(f"http://127.0.0.1:{unused_tcp_port}"))
    assert (fault.outcome, fault.retry_after) == (Outcome.PROVIDER_ERROR, turned_away.RETRY_PAUSE)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed_and_the_key_goes_nowhere(world: World, status: int) -> None:
    async def other(service: Service, request: web.Request) -> web.StreamResponse:
        return web.Response(text=SUCCEEDED)

    thief = await world.service(other)
    fault = await world.answer(status, headers={"Location": thief.url})
    assert (fault.outcome, fault.retry_after, thief.asked) == (Outcome.PROVIDER_ERROR, None, [])


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, {"error": {"message": "Invalid token", "type": "new_api_error"}}, Outcome.AUTH),
        (401, {"error": {"message": "该令牌额度已用尽"}}, Outcome.QUOTA),
        (402, {"error": {"message": "Insufficient credits", "code": 402}}, Outcome.QUOTA),
        (413, {"error": {"code": "read_request_body_failed"}}, Outcome.PROVIDER_ERROR),
        (429, {"error": {"message": "请求数限制"}}, Outcome.RATE_LIMITED),
        (500, {"error": "x"}, Outcome.PROVIDER_ERROR),
        (524, {"title": "Error 524", "status": 524, "detail": "120-second"}, Outcome.PROVIDER_ERROR),
    ],
)
async def test_an_http_error_becomes_its_fault(world: World, status: int, body: Any, expected: Outcome) -> None:
    fault = await world.answer(status, json.dumps(body))
    assert fault.outcome is expected
    assert fault.detail.startswith(f"HTTP {status}: ")


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[" * 50_000, b"<html>" + b"x" * 300_000, b'{"error":' * 900])
async def test_no_body_of_an_error_raises(world: World, body: bytes) -> None:
    fault = await world.answer(500, body)
    assert fault.outcome is Outcome.PROVIDER_ERROR
    assert len(fault.detail) <= 300


@pytest.mark.parametrize(
    ("status", "value", "pause"),
    [
        (429, None, turned_away.RETRY_PAUSE),
        (503, None, turned_away.RETRY_PAUSE),
        (429, "7", 7),
        (503, "1.5", 1.5),
        (429, "0", 0),
        (429, "-5", 0),
        (429, "60", 60),
        (429, "61", None),
        (429, "inf", None),
        (429, "soon", turned_away.RETRY_PAUSE),
        (429, "", turned_away.RETRY_PAUSE),
        (429, "Wed, 21 Oct 2015 07:28:00 GMT", 0),
        (500, "7", None),
        (502, "7", None),
        (504, "7", None),
        (524, "7", None),
        (400, "7", None),
        (401, "7", None),
    ],
)
async def test_only_a_busy_service_may_be_asked_again(
    world: World, status: int, value: str | None, pause: float
) -> None:
    fault = await world.answer(status, headers={"Retry-After": value} if value is not None else None)
    assert fault.retry_after == pause


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    "said",
    [
        "timeout after 95 %",
        "the generation failed, try again later",
        "upstream timed out",
        "Progress: 40",
        "视频生成失败，请稍后再试",
        "上游超时",
    ],
)
async def test_a_busy_service_that_speaks_of_a_generation_is_not_asked_again(
    world: World, status: int, said: str
) -> None:
    for body in (json.dumps({"error": {"message": said}}), json.dumps({"odd": [said]}), said):
        assert (await world.answer(status, body, headers={"Retry-After": "1"})).retry_after is None


async def test_a_busy_service_that_answers_late_is_not_asked_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turned_away, "TURNED_AWAY_WITHIN", 0.2)

    async def reply(service: Service, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.3)
        return web.Response(status=503, headers={"Retry-After": "1"})

    service = await world.service(reply)
    assert fault_of(await world.ask(service.url)).retry_after is None


async def test_a_service_that_turns_a_large_body_away_before_it_has_read_it_may_be_asked_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turned_away, "TURNED_AWAY_WITHIN", 0.2)

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)  # without reading: the body waits to leave
        writer.write(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    [picture] = world.request.pictures
    picture.path.write_bytes(bytes(30_000_000))
    request = replace(world.request, pictures=(replace(picture, size=30_000_000),))
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        client = world.client(f"http://127.0.0.1:{port}")
        events = [event async for event in client.generate(request)]
    assert fault_of(events).retry_after == turned_away.RETRY_PAUSE


async def test_a_request_that_may_not_leave_any_more_stays_although_the_connection_is_there(world: World) -> None:
    arrived = b""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal arrived
        arrived = await reader.read()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        client = world.client(f"http://127.0.0.1:{port}")
        events = [event async for event in client.generate(world.request, lambda: False)]
    assert (len(events), arrived) == (1, b"")


async def test_a_date_to_retry_after_is_understood(world: World) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    late = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert 25 <= ((await world.answer(503, headers={"Retry-After": soon})).retry_after or 0) <= 30
    assert (await world.answer(503, headers={"Retry-After": late})).retry_after is None


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}},
        {"error": {"message": "No available channel for model sora_video2", "code": "model_not_found"}},
        {"error": {"message": "Invalid token"}},
    ],
)
async def test_what_another_try_cannot_mend_is_not_tried_again(world: World, body: Any) -> None:
    for status in (429, 503):
        assert (await world.answer(status, json.dumps(body))).retry_after is None


@pytest.mark.parametrize("kind", ["text/event-stream", "application/json"])
async def test_eighty_mebibytes_in_one_line_are_a_bad_stream_in_little_memory(world: World, kind: str) -> None:
    async def reply(service: Service, request: web.Request) -> web.StreamResponse:
        response = await service.stream(request, "data: ", kind)
        with contextlib.suppress(ConnectionError):
            for _ in range(80 * 16):
                await response.write(piece)
        return response

    piece = b"x" * 65536
    service = await world.service(reply)
    tracemalloc.start()
    try:
        fault = fault_of(await world.ask(service.url))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (fault.outcome, fault.retry_after) == (Outcome.BAD_STREAM, None)
    assert peak < 12 * 2**20


async def test_a_video_before_an_event_that_is_too_large_is_kept(world: World) -> None:
    events = await world.said(SUCCEEDED.encode() + b"data: " + b"x" * 2**21)
    assert events[-1] == FinishedVideo((VIDEO,))


@pytest.mark.parametrize("key", [KEY, "sk-0123456789abcdef", "0123-4567-89ab"])
async def test_the_key_is_in_no_fault(world: World, key: str) -> None:
    bare = key.removeprefix("sk-")
    body = json.dumps({"error": {"message": f"TokenStatusExhausted[{key}] {bare} Bearer {key}"}})
    for fault in (
        await world.answer(401, body, key=key),
        await world.answer(500, f"no json: {bare}", key=key),
        fault_of(await world.said(f"data: {body}\n\n", key=key)),
        fault_of(await world.said(delta(f"❌ failed: {bare}"), key=key)),
    ):
        assert bare not in repr(fault)


async def test_a_client_that_stops_listening_hangs_up(world: World) -> None:
    service = await world.service(open_end)
    events = world.client(service.url).generate(world.request)
    assert await anext(events) == Progress(36)
    await events.aclose()
    await asyncio.wait_for(service.left.wait(), 5)


async def test_a_picture_that_is_gone_raises_before_anything_is_sent(world: World) -> None:
    async def reply(service: Service, request: web.Request) -> web.StreamResponse:
        return web.Response(text=SUCCEEDED)

    service = await world.service(reply)
    world.request.pictures[0].path.unlink()
    with pytest.raises(FileNotFoundError):
        await world.ask(service.url)
    assert service.asked == []


async def test_a_service_that_answers_before_it_has_read_the_picture_is_heard(world: World) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b'{"error":{"message":"Invalid token"}}'
        writer.write(
            b"HTTP/1.1 401 X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )
        await writer.drain()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        fault = fault_of(await world.ask(f"http://127.0.0.1:{port}"))
    assert fault.outcome is Outcome.AUTH
