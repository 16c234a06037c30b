"""The fake video service over real sockets: what it accepts, what it records, its videos, and how it stops."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
import re
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import av
import pytest
from aiohttp import web
from PIL import Image

from playground.fake_video_service.generation import FilmPlan
from playground.fake_video_service.server import VideoService
from playground.pictures.art import encode
from tests.playground.video_client import TINY, ask, body_of, download, link_in, post

PICTURE = encode(Image.new("RGB", (64, 48), "teal"), "PNG")


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[VideoService]:
    service = VideoService(key="sk-playground", directory=tmp_path / "films", pace=0.0, plan=TINY)
    await service.start()
    yield service
    await service.stop()


async def test_happy_stream_ends_in_a_link_to_a_real_video(service: VideoService) -> None:
    answer = await ask(service, "A lighthouse at dusk", PICTURE)
    video = await download(link_in(answer.text))
    assert (video.status, video.headers["Content-Type"]) == (200, "video/mp4")
    with av.open(io.BytesIO(video.body), "r") as container:
        frames = list(container.decode(video=0))
        assert container.streams.video[0].codec_context.name == "h264"
    assert (len(frames), frames[0].width) == (TINY.seconds * 24, 96)


async def test_happy_stream_has_the_frame_of_the_family(service: VideoService) -> None:
    answer = await ask(service, "A lighthouse", PICTURE)
    first, echo, queue, *_, last = answer.events
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert first["choices"][0]["delta"] == {"role": "assistant"}
    assert echo["choices"][0]["delta"]["content"].startswith('```json\n{\n    "prompt": "A lighthouse"')
    assert "in the queue" in queue["choices"][0]["delta"]["content"]
    assert last["choices"][0] == {"index": 0, "delta": {}, "finish_reason": "stop"}
    assert last["usage"]["total_tokens"] > 0
    assert answer.body.endswith(b"data: [DONE]\n\n")


async def test_percentages_rise_to_the_end_of_the_encoding(service: VideoService) -> None:
    answer = await ask(service, "A lighthouse", PICTURE)
    percents = [float(percent) for percent in re.findall(r"Progress: ([\d.]+)%", answer.text)]
    assert percents == sorted(set(percents))
    assert len(percents) >= 10
    assert percents[-1] == 100.0


async def test_pace_stretches_the_work(tmp_path: Path) -> None:
    plan = FilmPlan(seconds=0.2, size=(96, 64), work_seconds=4.0)
    service = VideoService(key="k", directory=tmp_path, pace=0.1, plan=plan)
    await service.start()
    clock = asyncio.get_running_loop().time
    began = clock()
    await ask(service, "A lighthouse", PICTURE)
    assert clock() - began >= 0.4
    await service.stop()


async def test_answer_in_one_body_has_the_shape_of_the_api_page(service: VideoService) -> None:
    answer = await ask(service, "A lighthouse", PICTURE, stream=False)
    assert answer.headers["Content-Type"].startswith("application/json")
    assert {"id", "object", "created", "choices", "usage"} <= answer.json.keys()
    assert answer.json["object"] == "chat.completion"
    (choice,) = answer.json["choices"]
    assert (choice["message"]["role"], choice["finish_reason"]) == ("assistant", "stop")
    assert (await download(link_in(choice["message"]["content"]))).status == 200


async def test_part_of_a_video_can_be_asked_for(service: VideoService) -> None:
    link = link_in((await ask(service, "A lighthouse", PICTURE)).text)
    part = await download(link, Range="bytes=4-7")
    assert (part.status, part.body) == (206, b"ftyp")


async def test_request_is_recorded_without_key_and_picture_bytes(service: VideoService) -> None:
    await ask(service, "A lighthouse", PICTURE)
    (record,) = service.requests
    assert (record.method, record.path, record.status) == ("POST", "/v1/chat/completions", 200)
    assert (record.headers["Authorization"], record.key_matched, record.disconnected) == ("Bearer <key>", True, False)
    assert record.scenario is not None
    assert record.scenario.family == "family-a"
    parts = record.body["messages"][0]["content"]
    expected = {"type": "image/png", "bytes": len(PICTURE), "sha256": hashlib.sha256(PICTURE).hexdigest()}
    assert parts[1]["image_url"]["url"] == expected
    assert service.key not in repr(record)


async def test_wrong_key_is_refused_as_gateways_do(service: VideoService) -> None:
    answer = await post(service, body_of("A lighthouse", PICTURE), key="sk-wrong")
    assert (answer.status, answer.json["error"]["type"]) == (401, "new_api_error")
    assert not service.requests[0].key_matched
    assert "sk-wrong" not in repr(service.requests)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        {},
        {"model": "m"},
        {"model": "m", "messages": []},
        {"model": "m", "messages": ["x"]},
        {"model": "m", "messages": [{"role": "user", "content": None}]},
        {"model": "m", "messages": [{"role": "user", "content": [{"type": "text"}]}]},
        body_of(" ", PICTURE),
        body_of("x", "ftp://example.com/a.png"),
        body_of("x", "data:image/png;base64,!!!"),
        body_of("x", "data:image/png,plain"),
        body_of("x", b"no picture"),
        body_of("x", PICTURE[: len(PICTURE) // 2]),
        body_of("x", "http://127.0.0.1:1/refused.png"),
    ],
    ids=lambda body: repr(body)[:40],
)
async def test_malformed_request_gets_a_400_in_openai_shape(service: VideoService, body: Any) -> None:
    answer = await post(service, body)
    assert (answer.status, answer.json["error"]["type"]) == (400, "invalid_request_error")


async def test_body_beyond_the_limit_gets_a_413(service: VideoService) -> None:
    answer = await post(service, b" " * (48 * 2**20 + 1))
    assert (answer.status, answer.json["error"]["code"]) == (413, "read_request_body_failed")


async def test_picture_behind_a_link_is_fetched(service: VideoService) -> None:
    asked = asyncio.Event()

    async def picture(request: web.Request) -> web.Response:
        asked.set()
        return web.Response(body=PICTURE, content_type="image/png")

    app = web.Application()
    app.router.add_get("/p.png", picture)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/p.png"
    answer = await ask(service, "A lighthouse", url)
    await runner.cleanup()
    assert asked.is_set()
    assert link_in(answer.text)
    assert service.requests[0].body["messages"][0]["content"][1]["image_url"]["url"] == url


async def test_words_alone_make_a_video_too(service: VideoService) -> None:
    body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "only words"}]}
    answer = await post(service, body)
    assert (await download(link_in(answer.text))).status == 200


async def test_of_a_conversation_the_last_words_count_and_the_pictures_of_all_turns(service: VideoService) -> None:
    first = body_of("A lighthouse", PICTURE)["messages"][0]
    turns = [first, {"role": "assistant", "content": "https://h/1.mp4"}, {"role": "user", "content": "at night"}]
    answer = await post(service, {"model": "m", "stream": True, "messages": turns})
    assert (await download(link_in(answer.text))).status == 200
    broken = body_of("x", "data:image/png;base64,AAAA")["messages"][0]
    assert (await post(service, {"model": "m", "messages": [broken, turns[2]]})).status == 400


async def test_film_is_finished_when_the_client_leaves(service: VideoService) -> None:
    await post(service, body_of("A lighthouse", PICTURE), until=b"queue")
    (record,) = service.requests
    await record.over.wait()
    await service.wait_for_films()
    assert record.disconnected
    assert record.film is not None
    assert record.film.stat().st_size > 0


async def test_leaving_a_stalled_answer_is_noticed(service: VideoService) -> None:
    await post(service, body_of("#stall", PICTURE), until=b"42.0%")
    (record,) = service.requests
    await record.over.wait()
    assert record.disconnected


async def test_models_are_listed_for_the_key_alone(service: VideoService) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{service.url}/v1/models") as refused:
            assert refused.status == 401
        async with session.get(f"{service.url}/v1/models", headers={"Authorization": f"Bearer {service.key}"}) as told:
            assert "sora_video2" in {model["id"] for model in (await told.json())["data"]}


async def test_wrong_path_is_recorded_and_answered_404(service: VideoService) -> None:
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {service.key}"}
        async with session.post(f"{service.url}/v1/v1/chat/completions", headers=headers) as response:
            assert response.status == 404
    assert service.requests[0].path == "/v1/v1/chat/completions"


async def test_many_clients_get_films_of_their_own(service: VideoService) -> None:
    answers = await asyncio.gather(*(ask(service, f"film {number}", PICTURE) for number in range(12)))
    assert len({link_in(answer.text) for answer in answers}) == 12


async def test_stop_ends_answers_and_films_and_leaves_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    threads, tasks = set(threading.enumerate()), asyncio.all_tasks()
    service = VideoService(key="k", directory=tmp_path, plan=FilmPlan(seconds=60, work_seconds=600.0))
    await service.start()
    clock = asyncio.get_running_loop().time
    async with aiohttp.ClientSession(f"{service.url}/v1/", headers={"Authorization": "Bearer k"}) as session:
        bodies = [body_of(words, PICTURE) for words in ("#slow", "#stall", "A lighthouse")]
        answers = [await session.post("chat/completions", json=body) for body in bodies]
        began = clock()
        await service.stop()
        assert clock() - began < 2
        for answer in answers:
            answer.close()
    assert [answer.status for answer in answers] == [200, 200, 200]
    left = {thread.name for thread in set(threading.enumerate()) - threads}
    assert not {name for name in left if name.startswith("film")}
    assert asyncio.all_tasks() <= tasks
    assert os.listdir(tmp_path) == []
    assert not any(record.disconnected for record in service.requests)
    assert [entry for entry in caplog.records if entry.levelname == "ERROR"] == []


async def test_a_service_that_went_down_refuses_connections_and_comes_back_where_it_was(service: VideoService) -> None:
    url = service.url
    await service.go_down()
    assert service.is_down
    with pytest.raises(aiohttp.ClientConnectorError):
        await ask(service, "A lighthouse", PICTURE)
    await service.start()
    assert (service.is_down, service.url) == (False, url)
    assert link_in((await ask(service, "A lighthouse", PICTURE)).text)


async def test_stop_before_start_and_twice_is_harmless(tmp_path: Path) -> None:
    service = VideoService(key="k", directory=tmp_path)
    await service.stop()
    await service.stop()


async def test_errors_are_json_that_clients_can_read(service: VideoService) -> None:
    answer = await ask(service, "#quota", PICTURE)
    assert json.loads(answer.body)["error"]["code"] == "insufficient_user_quota"
