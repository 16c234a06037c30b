"""Each maker's service is spoken to as its documents say, from the create to the video, and to a refusal."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from email import message_from_bytes
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from bot.models import Outcome, VideoModel
from bot.providers.base import Accepted, Failure, FinishedVideo, Refusal
from bot.providers.tasks.descriptions.file import shipped_names
from bot.providers.turned_away import RETRY_PAUSE
from tests.providers.tasks.film_service import World, cut, opened_world
from tests.providers.tasks.native_services import ROWS, Row, answer_of, answers

SIZE = (640, 480)
LINK = "https://cdn.discordapp.example/cat.png"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened_world(tmp_path) as world:
        Image.new("RGB", SIZE, "teal").save(tmp_path / "cat.png")
        yield world


def asked_of(world: World, name: str, ending: str) -> None:
    """Have the service answer as ``name`` does, with a task that ends as ``ending`` says: made, or refused."""
    row = ROWS[name]
    world.service.answers = answers(name, ending, world.service.url)
    model = VideoModel(row.model, row.model, **row.options)
    picture = replace(world.request.pictures[0], link=LINK)
    picture = replace(picture, size=picture.path.stat().st_size)
    world.request = replace(world.request, model=model, pictures=(picture,))


def with_marks(value: Any) -> Any:
    """Return what was sent with the marks of ``native_services`` where the picture, or its type, stands."""
    if isinstance(value, dict):
        return {name: with_marks(held) for name, held in value.items()}
    if isinstance(value, list):
        return [with_marks(held) for held in value]
    if not isinstance(value, str):
        return value
    if value in (LINK, "image/png", "image/jpeg"):
        return "<link>" if value == LINK else "<type>"
    head, comma, text = value.rpartition(",")
    if len(text) > 200 and is_the_picture(base64.b64decode(text, validate=True)):
        assert head in ("", "data:image/png;base64", "data:image/jpeg;base64")
        return "<data>" if comma else "<base64>"
    return value


def is_the_picture(raw: bytes) -> bool:
    """Whether ``raw`` is the picture, as it was or encoded again."""
    with Image.open(BytesIO(raw)) as image:
        return image.size == SIZE


@pytest.mark.parametrize("name", ROWS)
async def test_a_task_is_made_followed_and_found_as_its_documents_say(world: World, name: str) -> None:
    row = ROWS[name]
    asked_of(world, name, "made")
    first, *_, last = await world.generate(world.client(name))

    assert isinstance(first, Accepted)
    assert isinstance(last, FinishedVideo)
    assert urlsplit(last.urls[0])[2:] == urlsplit(row.link)[2:]
    assert last.cost == row.cost
    lines = [line for line, _, _ in world.service.asked]
    polled = [*filter(None, (row.upload, row.create)), row.poll, row.poll]
    assert lines[: len(polled)] == polled
    with_key = last.urls[0].startswith(world.service.url)
    assert lines[len(polled) :] == ([row.after] if row.after else [line_of_film(row)] * with_key)
    for _, headers, _ in world.service.asked:
        assert row.headers.items() <= headers.items()
    by_line = {line: (headers, body) for line, headers, body in world.service.asked}
    headers, body = by_line[row.create]
    assert row.create_headers.items() <= headers.items()
    assert with_marks(json.loads(body)) == row.body
    assert (json.loads(by_line[row.poll][1]) if by_line[row.poll][1] else None) == row.poll_body


def line_of_film(row: Row) -> str:
    """Return the call that fetches the film, where its link opens with the key alone."""
    parts = urlsplit(row.link)
    return f"GET {parts.path}?{parts.query}".removesuffix("?")


@pytest.mark.parametrize("name", ROWS)
async def test_a_refusal_is_told_with_its_stage(world: World, name: str) -> None:
    asked_of(world, name, "refused")
    *_, last = await world.generate(world.client(name))

    assert (last.stage if isinstance(last, Refusal) else isinstance(last, Failure) and last.outcome) == ROWS[
        name
    ].refused


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.upload])
async def test_a_picture_is_handed_over_as_a_file_with_a_name(world: World, name: str) -> None:
    asked_of(world, name, "made")
    await world.generate(world.client(name))
    line, headers, body = world.service.asked[0]
    form = message_from_bytes(b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n" + body)
    files = [part for part in form.get_payload() if not isinstance(part, str) and part.get_filename()]

    assert line == ROWS[name].upload
    assert [part.get_filename() for part in files] in (["picture.png"], ["picture.jpg"])
    content = files[0].get_payload(decode=True)
    assert isinstance(content, bytes)
    assert is_the_picture(content)


def test_every_description_of_a_maker_has_its_row() -> None:
    assert set(ROWS) == set(shipped_names()) - {"videos", "openrouter", "xai"}


async def test_a_picture_that_is_refused_when_it_is_handed_over_ends_the_job_before_its_create(world: World) -> None:
    asked_of(world, "pixverse", "made")
    world.service.answers["POST /openapi/v2/image/upload"] = [
        answer_of("pixverse", "pixverse_upload_image_moderation", ("", ""))
    ]
    events = await world.generate(world.client("pixverse"))

    assert events == [Refusal(Outcome.MODERATION_IMAGE)]
    assert world.service.paths() == ["POST /openapi/v2/image/upload"]


async def test_a_picture_that_does_not_arrive_costs_nothing_and_may_be_sent_again(world: World) -> None:
    asked_of(world, "pixverse", "made")
    world.service.answers["POST /openapi/v2/image/upload"] = [cut]
    (failure,) = await world.generate(world.client("pixverse"))

    assert isinstance(failure, Failure)
    assert (failure.outcome, failure.retry_after) == (Outcome.PROVIDER_ERROR, RETRY_PAUSE)
    assert not world.service.paths("POST /openapi/v2/video")


async def test_each_of_several_pictures_is_handed_over(world: World) -> None:
    asked_of(world, "pixverse", "made")
    numbers = [(200, {"ErrCode": 0, "Resp": {"img_id": number}}) for number in (1, 2)]
    world.service.answers["POST /openapi/v2/image/upload"] = numbers
    world.service.answers["POST /openapi/v2/video/transition/generate"] = world.service.answers[ROWS["pixverse"].create]
    world.request = replace(world.request, pictures=world.request.pictures * 2)
    *_, last = await world.generate(world.client("pixverse"))
    create = next(json.loads(body) for line, _, body in world.service.asked if "transition" in line)

    assert isinstance(last, FinishedVideo)
    assert (create["first_frame_img"], create["last_frame_img"], "img_id" in create) == (1, 2, False)
    assert len({headers["Ai-trace-id"] for _, headers, _ in world.service.asked}) == len(world.service.asked)
