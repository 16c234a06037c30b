"""Pictures that are a first and a last frame, or references: so they are asked for, refused, sent and kept."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image

from playground.fake_discord.server import Upload
from playground.pictures.art import encode
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage
from tests.e2e.test_ideas import FILE, form, press

READY = "Your video is ready"
FRAMES = {"name": "frames", "label": "Wan", "pictures": ["first", "last"], "price": 0.4}
MODELS = [FRAMES, {"name": "alike", "label": "Vidu", "pictures": "reference", "max_images": 3}]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stage(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Stage]:
    settings = {**QUICK, "VIDEO_API": "openrouter", "VIDEO_MODELS": json.dumps(MODELS)}
    directory = tmp_path_factory.mktemp("roles")
    async with Playground(directory, pace=0.3, plan=SHORT_FILM, settings=settings) as playground:
        yield Stage(playground, picture)


def drawn(colour: str) -> Upload:
    return Upload(f"{colour}.png", encode(Image.new("RGB", (64, 64), colour), "PNG"), content_type="image/png")


def frames(stage: Stage, prompt: str) -> list[list[tuple[str, Any]]]:
    """Return what each create with ``prompt`` says of its frames: which it is, and whose picture."""
    return [
        [(frame["frame_type"], frame["image_url"]["url"]) for frame in request.body["frame_images"]]
        for request in stage.sent(prompt)
        if request.method == "POST"
    ]


async def test_the_models_autocomplete_says_what_its_pictures_are(stage: Stage) -> None:
    choices = await stage.discord.autocomplete(stage.mara, stage.videos, "video", "model", {"model": ""})
    assert [choice["name"] for choice in choices] == [
        "Wan · 0.40 per video · first frame, last frame · default",
        "Vidu · up to 3 reference pictures",
    ]


async def test_a_first_and_a_last_frame_are_sent_as_that_and_kept_by_again_edit_and_remix(stage: Stage) -> None:
    asked = await stage.video("from dusk to dawn", image2=drawn("gold"), model="frames")
    message = await stage.shows(asked, READY)
    await stage.shows(await press(stage, message, "Again"), READY)
    for button in ("Edit", "Remix"):
        opened = await form(stage, message, button)
        (label,) = opened.modal["components"]  # type: ignore[index]
        told = {label["component"]["custom_id"]: f"from dusk to dawn, {button}"}
        await stage.shows(await stage.discord.submit_modal(stage.mara, opened, told), READY)

    sent = frames(stage, "from dusk to dawn")
    assert [kind for kind, _ in sent[0]] == ["first_frame", "last_frame"]
    assert sent[0][0][1] != sent[0][1][1]
    assert sent == [sent[0]] * 4


async def test_references_are_sent_as_that(stage: Stage) -> None:
    await stage.shows(await stage.video("alike", image2=drawn("red"), image3=drawn("blue"), model="alike"), READY)

    (create,) = (request for request in stage.sent("alike") if request.method == "POST")
    assert len(create.body["input_references"]) == 3
    assert "frame_images" not in create.body


async def test_a_picture_too_many_or_one_left_out_is_refused_in_these_words(stage: Stage) -> None:
    too_many = await stage.told(
        await stage.video("three frames", image2=drawn("red"), image3=drawn("blue"), model="frames")
    )
    assert "Wan only takes these pictures (image: first frame, image2: last frame)" in too_many
    given = {"prompt": "no first frame", "image2": drawn("red"), "model": "frames"}
    left_out = await stage.told(await stage.discord.slash(stage.mara, stage.videos, "video", given))
    assert "(image: first frame, image2: last frame). One is missing" in left_out
    assert stage.sent("three frames") == stage.sent("no first frame") == []


async def test_the_check_of_a_picture_says_which_one_is_wrong(stage: Stage) -> None:
    page = Upload("page.pdf", b"%PDF-1.7 ...", content_type="image/png")
    told = await stage.told(await stage.video("a page at the end", image2=page, model="frames"))
    assert told.count("Last frame: That file is really a PDF document") == 1
    huge = Upload("huge.png", b"\x89PNG" + bytes(21 * 1024 * 1024), content_type="image/png")
    stage.mara.upload_limit = len(huge.data)
    told = await stage.told(await stage.video("a large one at the end", image2=huge, model="frames"))
    assert "Last frame: That picture is larger than 20 MB" in told


async def test_the_form_for_other_pictures_asks_for_each_of_them(stage: Stage) -> None:
    asked = await stage.video("frames that are gone", image2=drawn("red"), model="frames")
    message = await stage.shows(asked, READY)
    for name in stage.row_of(asked)["picture"].split():
        (stage.playground.bot.database.parent / "pictures" / name).unlink()
    opened = await form(stage, message, "Edit")
    labels = opened.modal["components"]  # type: ignore[index]
    assert [label["label"] for label in labels[1:]] == ["First frame", "Last frame"]
    first, last = (label["component"] for label in labels[1:])
    assert (first["type"], first["required"], last["required"]) == (FILE, True, False)

    files = {first["custom_id"]: [drawn("green")], last["custom_id"]: [drawn("blue")]}
    prompt = {labels[0]["component"]["custom_id"]: "frames that are new"}
    await stage.shows(await stage.discord.submit_modal(stage.mara, opened, prompt | files), READY)
    ((one, other),) = frames(stage, "frames that are new")
    assert (one[0], other[0]) == ("first_frame", "last_frame")
    assert one[1] != other[1]
