"""A prompt without a picture, where the model needs none; where it does, that is said before anything else happens."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage
from tests.e2e.test_ideas import TEXT, fields, form, press, send
from tests.e2e.test_restarts import backdate, staged

READY = "Your video is ready"
MODELS = json.dumps([{"name": "sora", "label": "Sora 2"}, {"name": "wan", "label": "Wan", "min_images": 0}])


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stage(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Stage]:
    directory = tmp_path_factory.mktemp("text_alone")
    settings = {**QUICK, "VIDEO_MODELS": MODELS}
    async with Playground(directory, pace=0.3, plan=SHORT_FILM, settings=settings) as playground:
        yield Stage(playground, picture)


async def words(stage: Stage, prompt: str | None, **options: Any) -> Interaction:
    """Use ``/video`` without a picture."""
    given = options if prompt is None else {"prompt": prompt, **options}
    return await stage.discord.slash(stage.mara, stage.videos, "video", given)


def contents(stage: Stage, prompt: str) -> list[list[str]]:
    """Return the kinds of the parts that the latest turn of each request with ``prompt`` is made of."""
    return [[part["type"] for part in request.body["messages"][-1]["content"]] for request in stage.sent(prompt)]


async def test_a_prompt_alone_becomes_a_video_which_can_be_made_again_edited_and_remixed(stage: Stage) -> None:
    asked = await words(stage, "words become a film", model="wan")
    message = await stage.shows(asked, READY)
    assert stage.row_of(asked)["picture"] == ""

    again = await press(stage, message, "Again")
    await stage.shows(again, READY)
    edit = await form(stage, message, "Edit")
    assert list(fields(edit)) == [TEXT]
    await stage.shows(await send(stage, edit, "words become a film, edited"), READY)
    remix = await send(stage, await form(stage, message, "Remix"), "words become a film, remixed")
    await stage.shows(remix, READY)
    assert contents(stage, "words become a film") == [["text"]] * 4


async def test_its_idea_is_open_to_others_and_its_details_to_moderators(stage: Stage) -> None:
    message = await stage.shows(await words(stage, "an idea of words", model="wan"), READY)
    idea = await form(stage, message, "Edit", by=stage.ben)
    await stage.shows(await send(stage, idea, "an idea of words, taken up"), READY)
    details = await stage.discord.message_menu(stage.mo, stage.videos, "Video details", message)
    assert "an idea of words" in await stage.told(details)


@pytest.mark.parametrize("prompt", ["a picture is missing", None])
@pytest.mark.parametrize("model", ["sora", None])
async def test_a_model_that_needs_a_picture_says_so_in_private_and_before_a_form(
    stage: Stage, model: str | None, prompt: str | None
) -> None:
    asked = await words(stage, prompt, **({"model": model} if model else {}))
    told = await stage.told(asked)
    assert "Sora 2 needs a picture" in told
    assert "What you gave is enough for Wan." in told
    assert asked.modal is None
    assert asked.message is not None
    assert asked.message.only_for is stage.mara  # it is the answer itself: nothing was promised in public before it
    assert not asked.followups
    assert contents(stage, "a picture is missing") == []
    assert stage.rows("SELECT * FROM jobs WHERE prompt = ?", "a picture is missing") == []


async def test_without_a_picture_and_a_prompt_the_form_asks_for_the_words(stage: Stage) -> None:
    asked = await words(stage, None, model="wan")
    await asked.acknowledged.wait()
    await stage.shows(await send(stage, asked, "asked for by the form"), READY)
    assert contents(stage, "asked for by the form") == [["text"]]


async def test_help_says_which_model_needs_no_picture(stage: Stage) -> None:
    told = await stage.told(await stage.discord.slash(stage.ben, stage.videos, "help", {}))
    assert "Wan · works without a picture" in told


async def test_a_prompt_alone_that_waits_is_made_by_the_next_process(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture, MAX_JOBS="1", VIDEO_MODELS=MODELS) as stage:
        await stage.shows(await stage.video("#stall the running one"), "42%")
        waiting = await words(stage, "waits without a picture", model="wan")
        await stage.shows(waiting, "You're next")
        await stage.playground.bot.kill()
        backdate(stage, 60)
        await stage.playground.start_bot()

        assert "Interrupted" not in render(await stage.shows(waiting, READY))
        assert contents(stage, "waits without a picture") == [["text"]]
