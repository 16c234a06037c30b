"""The client of task services, against one on a real socket; time passes only where the client waits."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.models import Outcome, VideoModel
from bot.providers import turned_away
from bot.providers.base import Accepted, Failure, FinishedVideo, Progress, ProviderEvent, Refusal, TaskHandle
from playground.pictures.art import encode
from playground.pictures.odd import small_sample
from tests.providers.tasks.film_service import (
    CREATED,
    DONE,
    FILM,
    KEY,
    WORKS,
    World,
    cut,
    opened_world,
    response_of,
)

CREATE, POLL, CONTENT = "POST /v1/videos", "GET /v1/videos/video_1", "GET /v1/videos/video_1/content"
HTML = (502, b"<html>bad gateway</html>")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened_world(tmp_path) as world:
        yield world


def made(world: World) -> dict[str, list[Any]]:
    answers: dict[str, list[Any]] = {POLL: [WORKS, DONE], CONTENT: [FILM]}
    world.service.answers |= answers
    return world.service.answers


def failure_of(events: list[ProviderEvent]) -> Failure:
    assert isinstance(events[-1], Failure)
    return events[-1]


async def test_a_task_is_accepted_before_anything_else_and_ends_where_its_video_is(world: World) -> None:
    made(world)
    first, *progress, last = await world.generate()

    assert isinstance(first, Accepted)
    assert (first.task.id, first.task.model, first.task.created) == ("video_1", "wan2.7-i2v", 1000)
    assert progress == [Progress(40)]
    assert last == FinishedVideo((f"{world.service.url}/v1/videos/video_1/content",), locked=True)
    assert world.service.paths() == [CREATE, POLL, POLL, CONTENT]


async def test_the_picture_travels_as_a_file_with_a_name_and_a_known_length(world: World) -> None:
    made(world)
    await world.generate()
    _, headers, body = world.service.asked[0]

    assert headers["Authorization"] == f"Bearer {KEY}"
    assert int(headers["Content-Length"]) == len(body)
    assert b'name="input_reference"; filename="picture.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG' in body
    assert b'name="prompt"\r\n\r\na cat\r\n' in body


async def test_the_picture_travels_in_json_where_the_operator_wants_it(world: World) -> None:
    made(world)
    await world.generate(world.client(image_mode="data"))
    _, headers, body = world.service.asked[0]

    assert headers["Content-Type"] == "application/json"
    assert int(headers["Content-Length"]) == len(body)
    assert b'"input_reference":"data:image/png;base64,iVBORw' in body


async def test_what_the_model_says_is_sent_with_it(world: World) -> None:
    made(world)
    model = VideoModel(
        "wan2.7-i2v",
        "Wan",
        seconds=(5, 10),
        sizes=("1280x720", "720x1280"),
        image_field="metadata.img_url",
        image_mode="base64",
        extra={"metadata": {"watermark": False}},
    )
    path = world.request.pictures[0].path
    path.write_bytes(encode(small_sample(), "PNG"))
    world.request = replace(world.request, model=model)
    await world.generate(world.client(image_mode="url"))
    body = json.loads(world.service.asked[0][2])

    assert (body["seconds"], body["size"]) == ("5", "1280x720")
    assert body["metadata"]["watermark"] is False
    with Image.open(BytesIO(base64.b64decode(body["metadata"]["img_url"]))) as sent:
        assert sent.size == (1280, 720)
    assert [file.name for file in world.folder.iterdir()] == ["cat.png"]


async def test_a_service_without_a_key_is_shown_none(world: World) -> None:
    made(world)
    assert isinstance((await world.generate(world.client(key="")))[-1], FinishedVideo)

    assert not [headers for _, headers, _ in world.service.asked if "Authorization" in headers]


async def test_a_picture_that_is_gone_is_told_before_anything_is_sent(world: World) -> None:
    world.request = replace(world.request, pictures=(replace(world.request.pictures[0], path=Path("gone.png")),))
    with pytest.raises(FileNotFoundError):
        await world.generate()
    assert world.service.asked == []


async def test_a_create_without_an_answer_is_not_repeated_and_may_cost(world: World) -> None:
    world.service.answers[CREATE] = [cut, CREATED]
    events = await world.generate()

    assert failure_of(events).outcome is Outcome.INTERRUPTED
    assert failure_of(events).retry_after is None
    assert world.service.paths() == [CREATE]


async def test_a_create_that_reached_nobody_may_be_repeated(world: World) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        world.service.url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        failure = failure_of(await world.generate())

    assert failure.outcome is Outcome.PROVIDER_ERROR
    assert failure.retry_after


@pytest.mark.parametrize(
    ("answer", "outcome", "retry_after"),
    [
        ((429, {"error": {"code": "rate_limit_exceeded"}}, {"Retry-After": "7"}), Outcome.RATE_LIMITED, 7),
        ((429, {"error": {"code": "rate_limit_exceeded"}}, {"Retry-After": "900"}), Outcome.RATE_LIMITED, None),
        ((503, b"<html>"), Outcome.PROVIDER_ERROR, 3),
        ((500, {"error": {"message": "oh"}}), Outcome.PROVIDER_ERROR, None),
        ((401, {"error": {"message": "bad key"}}), Outcome.AUTH, None),
        ({"object": "video"}, Outcome.BAD_STREAM, None),
        (FILM, Outcome.BAD_STREAM, None),
    ],
)
async def test_a_create_that_was_turned_away_ends_at_once(
    world: World, answer: Any, outcome: Outcome, retry_after: float | None
) -> None:
    world.service.answers[CREATE] = [answer]
    failure = failure_of(await world.generate())

    assert failure.outcome is outcome
    assert failure.retry_after == retry_after
    assert world.service.paths() == [CREATE]


async def test_a_service_that_turns_away_after_a_while_may_have_begun(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turned_away, "TURNED_AWAY_WITHIN", 0.2)

    async def late(request: Any) -> Any:
        await request.read()
        await asyncio.sleep(0.3)
        return response_of((503, {"error": {"message": "overloaded"}}))

    world.service.answers[CREATE] = [late]
    assert failure_of(await world.generate()).retry_after is None


async def test_a_create_is_not_sent_along_a_redirect(world: World) -> None:
    world.service.answers[CREATE] = [(307, {}, {"Location": "/elsewhere"})]

    assert failure_of(await world.generate()).outcome is Outcome.PROVIDER_ERROR
    assert world.service.paths() == [CREATE]


@pytest.mark.parametrize(
    "answer",
    [
        (408, {}), (409, {}), (425, {}), (429, {}), (500, {}), HTML, b"", b"<html>", cut, (302, {}, {"Location": "/x"}),
        (404, {"error": {"message": "Video not found"}}),
    ],
)  # fmt: skip
async def test_an_answer_that_teaches_nothing_is_waited_out(world: World, answer: Any) -> None:
    made(world)[POLL] = [answer, answer, DONE]

    assert isinstance((await world.generate())[-1], FinishedVideo)
    assert world.service.paths("POST") == [CREATE]


@pytest.mark.parametrize("status", [401, 403])
async def test_a_key_that_is_refused_ends_the_polling(world: World, status: int) -> None:
    made(world)[POLL] = [(status, {"error": {"message": "no"}})]

    assert failure_of(await world.generate()).outcome is Outcome.AUTH
    assert len(world.service.paths("GET")) == 1


async def test_a_service_that_says_nothing_for_too_long_ends_it(world: World) -> None:
    made(world)[POLL] = [HTML]

    assert failure_of(await world.generate(world.client(stall=60))).outcome is Outcome.PROVIDER_ERROR
    assert 60 < world.time.now - 1000 < 75


async def test_a_percentage_that_stands_still_is_no_stall(world: World) -> None:
    made(world)[POLL] = [*[WORKS] * 60, DONE]

    events = await world.generate(world.client(stall=60))
    assert events[1:-1] == [Progress(40)]
    assert isinstance(events[-1], FinishedVideo)


async def test_a_task_that_never_ends_is_given_up_in_the_end(world: World) -> None:
    made(world)[POLL] = [WORKS]

    assert failure_of(await world.generate(world.client(whole=600))).outcome is Outcome.TIMEOUT
    assert world.time.now == pytest.approx(1600)


async def test_a_task_that_is_over_in_its_last_second_is_seen(world: World) -> None:
    lasts(world, 599)

    assert isinstance((await world.generate(world.client(whole=600)))[-1], FinishedVideo)


async def test_a_create_that_takes_its_time_is_no_silence(world: World) -> None:
    async def late(request: Any) -> Any:
        world.time.now += 170
        return response_of(CREATED)

    made(world)
    world.service.answers |= {CREATE: [late], POLL: [*[HTML] * 5, DONE]}
    assert isinstance((await world.generate())[-1], FinishedVideo)


async def test_an_id_that_the_service_forgets_is_gone_at_last(world: World) -> None:
    world.service.answers.pop(POLL, None)

    assert failure_of(await world.generate()).outcome is Outcome.PROVIDER_ERROR
    assert 60 <= world.time.now - 1000 < 75


async def test_a_refusal_in_a_poll_is_one_and_its_cost_is_kept(world: World) -> None:
    refused = {
        "code": "imagine:content-moderated",
        "error": "Generated video rejected by content moderation.",
        "usage": {"cost_in_usd_ticks": 5_000_000_000},
    }
    made(world)[POLL] = [WORKS, (400, refused)]

    assert (await world.generate())[-1] == Refusal(Outcome.MODERATION_RESULT, cost=0.5)


@pytest.mark.parametrize("header", [{"Retry-After": "42"}, {"openai-poll-after-ms": "42000"}])
async def test_a_service_that_asks_for_time_gets_it(world: World, header: dict[str, str]) -> None:
    made(world)[POLL] = [(200, WORKS, header), DONE]
    await world.generate()

    assert 3 <= world.time.slept[0] < 3.5
    assert world.time.slept[1] == 42


def lasts(world: World, seconds: float) -> None:
    async def answer(request: Any) -> Any:
        return response_of(DONE if world.time.now >= end else WORKS)

    end = world.time.now + seconds
    made(world)[POLL] = [answer]


async def test_a_task_of_two_minutes_takes_at_most_40_polls_and_its_end_is_noticed_within_8_seconds(
    world: World,
) -> None:
    client = world.client()
    polls = []
    for _ in range(3):
        began, asked = world.time.now, len(world.service.asked)
        lasts(world, 120)
        assert isinstance((await world.generate(client))[-1], FinishedVideo)
        assert world.time.now - began < 128
        polls.append(len(world.service.asked) - asked - 2)

    assert polls[0] <= 40
    assert max(polls[1:]) <= 25  # by now it is known how long this model takes


async def test_pauses_are_between_3_and_15_seconds(world: World) -> None:
    lasts(world, 1000)
    await world.generate()

    assert min(world.time.slept) >= 3
    assert max(world.time.slept) <= 15
    assert len(set(world.time.slept)) > len(world.time.slept) / 3  # no two tasks stay in step


async def test_a_task_is_followed_by_the_next_process_and_not_created_again(world: World) -> None:
    made(world)
    first, *_ = await world.generate()
    assert isinstance(first, Accepted)
    world.service.asked.clear()
    made(world)
    world.time.slept.clear()

    events = await world.follow(TaskHandle.from_text(first.task.as_text()))
    assert events == [Progress(40), FinishedVideo((f"{world.service.url}/v1/videos/video_1/content",), locked=True)]
    assert world.service.paths() == [POLL, POLL, CONTENT]
    assert len(world.time.slept) == 1  # the first poll did not wait


async def test_a_followed_task_that_is_old_and_unknown_is_gone(world: World) -> None:
    events = await world.follow(TaskHandle("video_1", "wan2.7-i2v", created=world.time.now - 300))

    assert failure_of(events).outcome is Outcome.PROVIDER_ERROR
    assert len(world.service.asked) == 1


GONE = (404, {"error": {"message": "Video not found"}})


async def test_an_old_task_that_is_denied_once_is_not_given_up(world: World) -> None:
    made(world)[POLL] = [*[WORKS] * 20, GONE, GONE, WORKS, GONE, DONE]

    assert isinstance((await world.generate())[-1], FinishedVideo)


async def test_an_old_task_that_is_denied_again_and_again_is_gone(world: World) -> None:
    made(world)[POLL] = [*[WORKS] * 20, GONE]

    assert failure_of(await world.generate()).outcome is Outcome.PROVIDER_ERROR
    assert len(world.service.paths("GET")) == 23


@pytest.mark.parametrize(
    ("polls", "may_cost"),
    [
        ([HTML], True),
        ([(429, {})], True),
        ([GONE], True),
        ([(401, {"error": "bad key"})], True),
        ([{"status": "failed", "error": "CUDA out of memory"}], False),
        ([(400, {"id": "video_1", "status": "failed", "error": {"code": 400, "message": "bad frames"}})], False),
    ],
)
async def test_a_task_that_failed_is_free_only_where_the_service_says_that_it_failed(
    world: World, polls: list[Any], may_cost: bool
) -> None:
    made(world)[POLL] = polls

    assert failure_of(await world.generate(world.client(stall=60))).may_cost is may_cost


@pytest.mark.parametrize("content", [(404, {"detail": "not ready"}), (410, {}), (502, b"<html>"), (401, {})])
async def test_a_video_that_was_made_may_cost_though_it_cannot_be_fetched(world: World, content: Any) -> None:
    made(world)[CONTENT] = [content]

    assert failure_of(await world.generate(world.client(stall=60))).may_cost


async def test_an_old_task_has_no_more_time_than_it_had(world: World) -> None:
    made(world)[POLL] = [WORKS]
    await world.follow(TaskHandle("video_1", "m", created=world.time.now - 500), whole=600)

    assert world.time.now == pytest.approx(1100)


@pytest.mark.parametrize("first", [cut, HTML, (429, {})])
async def test_a_task_of_before_a_long_night_is_asked_for_until_the_service_answers(world: World, first: Any) -> None:
    made(world)
    world.service.answers |= {POLL: [first, first, DONE], CONTENT: [(502, b"<html>"), FILM]}

    events = await world.follow(TaskHandle("video_1", "m", created=world.time.now - 50_000))
    assert isinstance(events[-1], FinishedVideo)


async def test_a_task_of_before_a_long_night_that_nobody_answers_for_is_given_up_and_may_cost(world: World) -> None:
    made(world)[POLL] = [cut]

    ending = failure_of(await world.follow(TaskHandle("video_1", "m", created=world.time.now - 50_000), stall=60))
    assert (ending.outcome, ending.may_cost) == (Outcome.PROVIDER_ERROR, True)
    assert 60 < world.time.now - 1000 < 90


async def test_a_task_of_before_a_long_night_that_still_goes_on_took_too_long(world: World) -> None:
    made(world)[POLL] = [HTML, WORKS]

    events = await world.follow(TaskHandle("video_1", "m", created=world.time.now - 50_000))
    assert failure_of(events).outcome is Outcome.TIMEOUT


async def test_an_id_with_odd_signs_is_asked_for_as_it_was_given(world: World) -> None:
    world.service.answers["POST /v1/videos"] = [{"id": "a/b+c=:../?#%", "status": "queued"}]
    line = "GET /v1/videos/a%2Fb%2Bc=:..%2F%3F%23%25"
    world.service.answers[line] = [{"status": "completed", "video_url": "https://cdn.example/1.mp4"}]

    assert (await world.generate())[-1] == FinishedVideo(("https://cdn.example/1.mp4",))


async def test_cancelling_reaches_a_service_that_can(world: World) -> None:
    task = TaskHandle("video_1", "m")
    world.service.answers["DELETE /v1/videos/video_1"] = [{"id": "video_1", "deleted": True}, (409, {}), cut]

    assert [await world.client().cancel(task) for _ in range(3)] == [True, False, False]
    assert not await world.client("xai").cancel(task)


async def test_a_polled_address_on_another_host_is_not_called(world: World) -> None:
    world.service.answers["POST /api/v1/videos"] = [
        {"id": "job", "polling_url": "https://evil.example/job", "status": "pending"}
    ]
    world.service.answers["GET /api/v1/videos/job"] = [
        {"status": "completed", "unsigned_urls": ["https://cdn.example/1.mp4"]}
    ]

    assert (await world.generate(world.client("openrouter")))[-1] == FinishedVideo(("https://cdn.example/1.mp4",))
