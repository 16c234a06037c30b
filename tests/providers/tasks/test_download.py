"""A video that only the key opens: looked at before it counts as made, fetched whole, and the key kept at home."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.errors import FetchError, FileTooLarge, LinkRefused
from bot.models import Outcome
from bot.providers.base import Failure, FinishedVideo, Refusal
from tests.providers.tasks.film_service import (
    DONE,
    FILM,
    KEY,
    Answer,
    World,
    broken_after,
    cut,
    from_where_it_was_asked,
    opened_world,
)

POLL, CONTENT = "GET /v1/videos/video_1", "GET /v1/videos/video_1/content"
TOO_EARLY = (404, {"error": {"message": "Video is not ready yet"}})
LIMIT = 10**7


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened_world(tmp_path) as world:
        world.service.answers[POLL] = [DONE]
        yield world


async def download(world: World, limit: int = LIMIT) -> bytes:
    path = world.folder / "film.mp4"
    url = f"{world.service.url}/v1/videos/video_1/content"
    try:
        size = await world.client().download(FinishedVideo((url,)), path, limit=limit, within=20)
    except BaseException:
        assert not path.exists()
        raise
    assert size == path.stat().st_size
    return path.read_bytes()


def keys_shown(world: World) -> list[bool]:
    return ["Authorization" in headers for _, headers, _ in world.service.asked]


async def test_a_film_is_fetched_with_the_key(world: World) -> None:
    world.service.answers[CONTENT] = [FILM]

    assert await download(world) == FILM
    assert keys_shown(world) == [True]


@pytest.mark.parametrize("early", [TOO_EARLY, (409, {}), (502, b"<html>"), (200, {"status": "in_progress"}), cut])
async def test_a_film_that_is_not_there_yet_is_waited_for(world: World, early: Any) -> None:
    world.service.answers[CONTENT] = [early, early, FILM, early, FILM]

    assert isinstance((await world.generate())[-1], FinishedVideo)
    assert await download(world) == FILM
    assert world.service.paths("POST") == ["POST /v1/videos"]


async def test_a_transfer_that_breaks_off_goes_on_where_it_was(world: World) -> None:
    world.service.answers[CONTENT] = [broken_after(300_000), cut, from_where_it_was_asked]

    assert await download(world) == FILM
    assert [headers.get("Range") for _, headers, _ in world.service.asked] == [None, "bytes=300000-", "bytes=300000-"]


async def test_a_service_that_cannot_go_on_begins_again(world: World) -> None:
    world.service.answers[CONTENT] = [broken_after(300_000), (503, {}), FILM]

    assert await download(world) == FILM


async def test_a_transfer_that_always_breaks_off_is_given_up(world: World) -> None:
    world.service.answers[CONTENT] = [broken_after(100)]

    with pytest.raises(FetchError):
        await download(world)
    assert len(world.service.asked) == 8


@pytest.mark.parametrize("answer", [FILM, broken_after(300_000)])
async def test_a_film_that_is_too_large_is_not_kept(world: World, answer: Any) -> None:
    world.service.answers[CONTENT] = [answer]

    with pytest.raises(FileTooLarge):
        await download(world, limit=len(FILM) - 1)


async def test_an_error_that_calls_itself_a_video_is_an_error(world: World) -> None:
    refused = b'{"error": {"code": "moderation_blocked", "message": "Generated video rejected by content moderation."}}'
    world.service.answers[CONTENT] = [refused]

    ending = (await world.generate())[-1]
    assert ending == Refusal(Outcome.MODERATION_RESULT)
    with pytest.raises(FetchError):
        await download(world)


async def test_a_film_that_is_gone_is_no_success(world: World) -> None:
    world.service.answers[CONTENT] = [(403, {"error": {"code": "expired", "message": "The video has expired."}})]

    ending = (await world.generate())[-1]
    assert isinstance(ending, Failure)
    assert ending.outcome is Outcome.PROVIDER_ERROR


@pytest.mark.parametrize("form", ["redirect", "json"])
async def test_the_key_stays_where_the_film_lies_elsewhere(world: World, form: str) -> None:
    elsewhere = world.service.url.replace("127.0.0.1", "localhost") + "/cdn/1.mp4"
    answers = {"redirect": (302, {}, {"Location": elsewhere}), "json": {"url": elsewhere}}
    world.service.answers |= {CONTENT: [answers[form]], "GET /cdn/1.mp4": [FILM]}

    assert (await world.generate())[-1] == FinishedVideo((elsewhere,))
    world.service.asked.clear()
    assert await download(world) == FILM
    assert keys_shown(world) == [True, False]


async def test_a_redirect_on_the_own_origin_is_followed_with_the_key(world: World) -> None:
    world.service.answers |= {CONTENT: [(302, {}, {"Location": "/files/1.mp4"})], "GET /files/1.mp4": [FILM]}

    ending = (await world.generate())[-1]
    assert ending == FinishedVideo((f"{world.service.url}/files/1.mp4",), locked=True)
    assert await download(world) == FILM
    assert all(keys_shown(world))


async def test_links_in_a_ring_have_an_end(world: World) -> None:
    world.service.answers[CONTENT] = [(302, {}, {"Location": "/v1/videos/video_1/content"})]

    ending = (await world.generate())[-1]
    assert isinstance(ending, Failure)
    with pytest.raises(FetchError):
        await download(world)


async def test_a_link_into_a_private_network_is_not_followed(world: World) -> None:
    world.service.answers[CONTENT] = [(302, {}, {"Location": "http://169.254.169.254/video.mp4"})]

    with pytest.raises(LinkRefused):
        await download(world)


async def test_a_transfer_that_takes_too_long_is_told(world: World) -> None:
    world.service.answers[CONTENT] = [TOO_EARLY]
    path = world.folder / "film.mp4"

    video = FinishedVideo((f"{world.service.url}/v1/videos/video_1/content",))
    with pytest.raises(FetchError):
        await world.client().download(video, path, limit=1, within=0)
    assert not path.exists()


def part(start: int, end: int, said: int | None = None) -> Answer:
    """Answer with bytes ``start`` up to ``end`` of the film, and say that they begin at ``said``."""

    async def answer(request: web.Request) -> web.StreamResponse:
        begin = start if said is None else said
        head = {"Content-Type": "video/mp4", "Content-Range": f"bytes {begin}-{begin + end - start - 1}/{len(FILM)}"}
        return web.Response(status=206, body=FILM[start:end], headers=head)

    return answer


@pytest.mark.parametrize(
    "then",
    [
        [part(200_000, len(FILM)), FILM],  # not what was asked for
        [part(300_000, 400_000), from_where_it_was_asked],  # less than is left
        [part(0, 100_000), from_where_it_was_asked],  # from the beginning, and not all
        [(416, {"error": "range not satisfiable"}, {"Content-Range": f"bytes */{len(FILM)}"}), FILM],
    ],
    ids=["another part", "a shorter part", "its beginning", "no part"],
)
async def test_a_part_that_is_not_the_one_asked_for_makes_no_film(world: World, then: list[Any]) -> None:
    world.service.answers[CONTENT] = [broken_after(300_000), *then]

    assert await download(world) == FILM


async def test_a_part_that_nobody_asked_for_is_completed(world: World) -> None:
    world.service.answers[CONTENT] = [part(0, 100_000), from_where_it_was_asked]

    assert await download(world) == FILM


async def test_a_redirect_is_read_from_where_it_was_answered(world: World) -> None:
    world.service.answers |= {CONTENT: [(307, {}, {"Location": "film"})], "GET /v1/videos/video_1/film": [FILM]}

    assert (await world.generate())[-1] == FinishedVideo((f"{world.service.url}/v1/videos/video_1/film",), locked=True)
    assert await download(world) == FILM


async def test_a_link_that_holds_the_key_is_fetched_where_it_lies_and_not_shown(world: World) -> None:
    elsewhere = f"{world.service.url.replace('127.0.0.1', 'localhost')}/cdn/1.mp4?key={KEY}"
    world.service.answers |= {POLL: [{**DONE, "video_url": elsewhere}], f"GET /cdn/1.mp4?key={KEY}": [FILM]}

    ending = (await world.generate())[-1]
    assert ending == FinishedVideo((elsewhere,), locked=True)
    world.service.asked.clear()
    assert await world.client().download(ending, world.folder / "film.mp4", limit=LIMIT, within=20) == len(FILM)
    assert keys_shown(world) == [False]


async def test_the_services_own_call_by_another_name_of_its_host_is_made_by_the_name_that_has_the_key(
    world: World,
) -> None:
    other_name = f"{world.service.url.replace('127.0.0.1', 'localhost')}/v1/videos/video_1/content"
    world.service.answers |= {POLL: [{**DONE, "metadata": {"url": other_name}}], CONTENT: [FILM]}

    ending = (await world.generate())[-1]
    assert ending == FinishedVideo((f"{world.service.url}/v1/videos/video_1/content",), locked=True)
    assert await download(world) == FILM
