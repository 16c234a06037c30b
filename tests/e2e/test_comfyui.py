"""A workflow of a ComfyUI at home, as jobs of the real bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from playground.fake_discord.people.rendering import render
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

SETTINGS = {**QUICK, "VIDEO_API": "comfyui", "VIDEO_STALL_TIMEOUT": "60", "VIDEO_TIMEOUT": "90"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Stage]:
    folder = tmp_path_factory.mktemp("comfyui")
    async with Playground(folder, pace=0.3, plan=SHORT_FILM, settings=SETTINGS) as playground:
        stage = Stage(playground, picture)
        await stage.without_pauses()
        yield stage


def calls(stage: Stage, *words: str) -> list[Any]:
    return [r for r in stage.service.requests if any(f"{r.method} {r.path}".startswith(word) for word in words)]


async def test_a_picture_and_a_prompt_become_an_uploaded_film_without_its_workflow(home: Stage) -> None:
    interaction = await home.video("a quiet harbour at noon")
    await home.shows(interaction, "Step ", "of 20")
    message = await home.shows(interaction, "[video: video.mp4")
    (file,) = [file for file in message.attachments if file.filename == "video.mp4"]
    film = await home.download(home.discord.cdn.url(file))

    saved = Path(home.service.comfy.machine.folder, "output", "video", "kin_00001_.mp4").read_bytes()
    assert b"class_type" in saved
    assert len(film) == len(saved)
    assert not [word for word in (b"class_type", b"quiet harbour", b"nodes", b"inputs") if word in film]
    assert (await home.delivered(interaction))["outcome"] == "success"
    assert "/view" not in render(message)
