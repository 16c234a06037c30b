"""What ``/video`` lets members choose: the model, several pictures, a prompt with more room; what ``/help`` tells."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image

from playground.fake_discord.server import Interaction, Upload
from playground.fake_discord.world.components import text_of
from playground.pictures.art import encode
from playground.pictures.odd import small_sample
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

READY = "Your video is ready"
DEFAULT = "Sora 2 · 0.15 per video · default"
MODELS = [
    {"name": "one", "label": "Sora 2", "price": 0.15},
    {"name": "three", "label": "Many Eyes", "price": 0.4, "max_images": 3},
    {"name": "free", "label": "Sora Lite"},
]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stage(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Stage]:
    settings = {**QUICK, "VIDEO_MODELS": json.dumps(MODELS)}
    directory = tmp_path_factory.mktemp("choices")
    async with Playground(directory, pace=0.3, plan=SHORT_FILM, settings=settings) as playground:
        yield Stage(playground, picture)


def bodies(stage: Stage, prompt: str) -> list[dict[str, Any]]:
    return [request.body for request in stage.sent(prompt)]


async def offered(stage: Stage, typed: str = "") -> list[str]:
    choices = await stage.discord.autocomplete(stage.mara, stage.videos, "video", "model", {"model": typed})
    return [choice["name"] for choice in choices]


async def only(stage: Stage, *models: str) -> None:
    """Let the server allow these models, or all."""
    manager = stage.discord.world.guild("Kinora Test Server").owner
    asked = await stage.discord.slash(manager, stage.videos, "limits models", {})
    await stage.told(asked)
    assert asked.message
    row = next(c for c in asked.message.components[0]["components"] if c["type"] == 1)
    chosen = await stage.discord.choose(manager, asked.message, row["components"][0]["custom_id"], models)
    await chosen.acknowledged.wait()
    await stage.shows(asked, "✅")


def drawn(colour: str) -> Upload:
    return Upload(f"{colour}.png", encode(Image.new("RGB", (64, 64), colour), "PNG"), content_type="image/png")


async def test_models_are_offered_with_label_and_price_by_what_was_typed(stage: Stage) -> None:
    assert await offered(stage) == [DEFAULT, "Many Eyes · 0.40 per video · up to 3 pictures", "Sora Lite"]
    assert await offered(stage, "SORA") == [DEFAULT, "Sora Lite"]
    assert await offered(stage, "0.4") == ["Many Eyes · 0.40 per video · up to 3 pictures"]


async def test_a_model_that_the_server_does_not_allow_is_neither_offered_nor_taken_by_default(stage: Stage) -> None:
    await only(stage, "three", "free")
    try:
        assert await offered(stage) == ["Many Eyes · 0.40 per video · up to 3 pictures · default", "Sora Lite"]
        await stage.shows(await stage.video("with the first that is allowed"), READY)
        assert bodies(stage, "the first that is allowed")[0]["model"] == "three"
        assert "doesn't allow that model" in await stage.told(await stage.video("all the same", model="one"))
    finally:
        await only(stage)


async def test_several_pictures_arrive_in_order(stage: Stage) -> None:
    options = {"image2": drawn("red"), "image3": drawn("blue"), "model": "three"}
    await stage.shows(await stage.video("three pictures", **options), READY)
    swapped = {"image2": drawn("blue"), "image3": drawn("red"), "model": "three"}
    await stage.shows(await stage.video("three pictures, the other way", **swapped), READY)

    first, second = (
        [part["image_url"]["url"]["sha256"] for part in body["messages"][0]["content"][1:]]
        for body in bodies(stage, "three pictures")
    )
    assert len(set(first)) == 3
    assert second == [first[0], first[2], first[1]]


@pytest.mark.parametrize("model", ["one", None])
async def test_too_many_pictures_are_refused_before_anything_is_sent_or_counted(
    stage: Stage, model: str | None
) -> None:
    options = {"image2": drawn("red")} | ({"model": model} if model else {})
    told = await stage.told(await stage.video("too many pictures", **options))
    assert "Sora 2 takes one picture. Leave out the others." in told
    assert bodies(stage, "too many pictures") == []
    assert stage.rows("SELECT * FROM jobs WHERE prompt = ?", "too many pictures") == []


async def ask_without_prompt(stage: Stage, **options: Any) -> Interaction:
    upload = Upload("picture.png", stage.picture, content_type="image/png")
    asked = await stage.discord.slash(stage.mara, stage.videos, "video", {"image": upload, **options})
    await asked.acknowledged.wait()
    return asked


async def test_a_prompt_that_is_left_out_is_asked_for_with_room_for_4000_characters(stage: Stage) -> None:
    asked = await ask_without_prompt(stage, model="three", image2=drawn("green"))
    assert asked.modal is not None
    field = asked.modal["components"][0]["component"]
    assert (field["style"], field["max_length"]) == (2, 4000)
    prompt = ("a long walk " * 340)[:4000]
    sent = await stage.discord.submit_modal(stage.mara, asked, {field["custom_id"]: prompt})
    await stage.shows(sent, READY)

    (body,) = bodies(stage, "a long walk")
    assert body["messages"][0]["content"][0]["text"] == prompt.strip()
    assert len(body["messages"][0]["content"]) == 3
    assert body["model"] == "three"


async def test_what_is_wrong_already_is_said_before_the_form_is_opened(stage: Stage) -> None:
    asked = await ask_without_prompt(stage, model="one", image2=drawn("red"))
    assert asked.modal is None
    assert "takes one picture." in await stage.told(asked)
    assert "isn't offered here" in await stage.told(await ask_without_prompt(stage, model="of my own"))


async def test_a_spoiler_among_the_pictures_makes_the_video_one(stage: Stage) -> None:
    hidden = Upload("SPOILER_b.png", encode(small_sample(), "PNG"), content_type="image/png")
    sent = await stage.video("half a secret", image2=hidden, model="three")
    await stage.shows(sent, "[video: SPOILER_video.mp4")


async def test_help_tells_what_holds_for_whoever_asks_in_one_private_reply(stage: Stage) -> None:
    manager = stage.discord.world.guild("Kinora Test Server").owner
    await stage.told(await stage.discord.slash(manager, stage.videos, "limits member", {"videos_day": 40}))
    asked = await stage.discord.slash(stage.ben, stage.videos, "help", {})
    told = await stage.told(asked)

    for words in ("You: 40 videos a day (0 videos today", "Sora 2 · 0.15 per video", "up to 3 pictures"):
        assert words in told
    for words in (
        "no real people",
        "no violence",
        "/quota",
        "/privacy",
        "Animate this",
        "Animate this",
        "only you can see this",
    ):
        assert words in told
    assert asked.message
    assert len(text_of(asked.message.components)) < 4000
    assert not asked.followups
    await stage.told(await stage.discord.slash(manager, stage.videos, "limits lift", {"limit": "member.videos_day"}))
