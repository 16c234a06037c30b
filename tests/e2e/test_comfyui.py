"""A workflow on a ComfyUI at home, as jobs of the real bot."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, button_id
from playground.fake_video_service.generation import FilmPlan
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage
from tests.e2e.test_restarts import READY, backdate

MODELS = '[{"name": "wan", "label": "Wan at home", "seconds": [3, 5], "sizes": ["1280x720", "720x1280"]}]'
SETTINGS = {
    **QUICK,
    "VIDEO_API": "comfyui",
    "VIDEO_MODELS": MODELS,
    "VIDEO_STALL_TIMEOUT": "60",
    "VIDEO_TIMEOUT": "90",
    "SHUTDOWN_GRACE": "0.5",
}
LONG_FILM = FilmPlan(seconds=0.5, size=(96, 64), work_seconds=12)
HIDDEN = (b"class_type", b"KSampler", b"inputs", b"workflow")


@asynccontextmanager
async def staged(folder: Path, picture: bytes, plan: FilmPlan = SHORT_FILM, **settings: str) -> AsyncIterator[Stage]:
    async with Playground(folder, pace=0.3, plan=plan, settings={**SETTINGS, **settings}) as playground:
        stage = Stage(playground, picture)
        await stage.without_pauses()
        yield stage


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Stage]:
    async with staged(tmp_path_factory.mktemp("comfyui"), picture) as stage:
        yield stage


def posted(stage: Stage, path: str, words: str = "") -> list[Any]:
    """What was posted to a path, of prompts those with ``words``."""
    return [r.body for r in stage.service.requests if (r.method, r.path) == ("POST", path) and words in str(r.body)]


async def film_of(stage: Stage, interaction: Interaction) -> bytes:
    message = await stage.shows(interaction, "[video: video.mp4", within=40)
    (file,) = [file for file in message.attachments if file.filename == "video.mp4"]
    return await stage.download(stage.discord.cdn.url(file))


def saved(stage: Stage, row: dict[str, Any]) -> bytes:
    """The film as the server has it."""
    prompt = stage.service.comfy.machine.history[json.loads(row["task"])["id"]]
    (item,) = prompt.outputs["10"]["images"]
    return Path(stage.service.comfy.machine.folder, "output", item["subfolder"], item["filename"]).read_bytes()


async def test_a_picture_and_a_prompt_become_an_uploaded_film_without_what_was_written_into_it(home: Stage) -> None:
    interaction = await home.video("a quiet harbour at noon")
    await home.shows(interaction, "%", "Step ", " of 20.")
    film = await film_of(home, interaction)
    row = await home.delivered(interaction)

    made = saved(home, row)
    assert [word for word in (*HIDDEN, b"quiet harbour") if word in made]
    assert [word for word in (*HIDDEN, b"quiet harbour") if word in film] == []
    assert len(film) == len(made)
    assert row["outcome"] == "success"
    assert "/view" not in render(interaction.message) + str(interaction.message.components)  # type: ignore[arg-type,union-attr]


async def test_the_workflow_is_filled_with_what_was_asked_for_and_the_picture_made_safe(home: Stage) -> None:
    interaction = await home.video('a "quoted" %prompt%', duration=5, format="720x1280")
    await film_of(home, interaction)
    (body,) = posted(home, "/prompt", "quoted")

    graph = body["prompt"]
    assert graph["4"]["inputs"]["text"] == 'a "quoted" %prompt%'
    latent = graph["6"]["inputs"]
    assert (latent["width"], latent["height"], latent["length"]) == (704, 1280, 121)
    held = home.service.comfy.pictures[graph["5"]["inputs"]["image"]]
    assert held[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0", b"RIFF")
    assert graph["7"]["inputs"]["seed"] != 1


async def test_the_place_in_the_line_at_home_is_shown(home: Stage) -> None:
    first = await home.video("#slow the first in the line")
    await home.shows(first, "Step ")
    second = await home.video("the second in the line")

    await home.shows(second, "Place 1 in the video service's own line.")
    await film_of(home, second)


@pytest.mark.parametrize("word", ["oom", "node-error", "no-film", "forgotten"])
async def test_what_goes_wrong_at_home_is_told_kindly_and_the_operator_reads_why(home: Stage, word: str) -> None:
    why = {
        "oom": "ran out of memory at node 7 (KSampler)",
        "node-error": "node 7 (KSampler) failed: UnidentifiedImageError: cannot identify image file 'bad.png'",
        "no-film": "the run ended without a film",
        "forgotten": "the server has lost the prompt",
    }
    interaction = await home.video(f"#{word} a harbour")
    message = await home.shows(interaction, "The video service failed", within=30)

    assert "not with your request" in render(message)
    assert (await home.delivered(interaction))["outcome"] == "provider_error"
    assert why[word] in home.log()
    assert "/srv/" not in home.log() + render(message)


@pytest.mark.parametrize("word", ["prompt-lost", "deaf", "gifs"])
async def test_what_is_odd_at_home_costs_no_video_and_queues_nothing_twice(home: Stage, word: str) -> None:
    interaction = await home.video(f"#{word} a harbour at night")
    film = await film_of(home, interaction)

    assert film[4:8] == b"ftyp"
    assert len(posted(home, "/prompt", f"#{word} a harbour at night")) == 1


async def cancelled(stage: Stage, interaction: Interaction) -> dict[str, Any]:
    assert interaction.message
    await stage.discord.click(stage.mara, interaction.message, button_id(interaction.message, "Cancel"))
    await stage.shows(interaction, "Cancelled")
    return await stage.delivered(interaction)


async def test_cancel_takes_out_what_waits_and_interrupts_what_runs_and_nothing_else(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture) as stage:
        machine = stage.service.comfy.machine
        running = await stage.video("#stall one that runs")
        await stage.shows(running, "Step ")
        waiting = await stage.video("one that waits")
        await stage.shows(waiting, "Place 1 in")
        other = await stage.video("one that goes on")
        await stage.shows(other, "Place 2 in")

        row = await cancelled(stage, waiting)
        assert row["outcome"] == "cancelled"
        await stage.until(lambda: posted(stage, "/queue"), bool)
        assert posted(stage, "/queue") == [{"delete": [json.loads(row["task"])["id"]]}]
        assert machine.running
        assert not posted(stage, "/interrupt")

        row = await cancelled(stage, running)
        await stage.until(lambda: posted(stage, "/interrupt"), bool)
        assert posted(stage, "/interrupt") == [{"prompt_id": json.loads(row["task"])["id"]}]
        await film_of(stage, other)


async def killed(stage: Stage) -> None:
    await stage.playground.bot.kill()
    backdate(stage, 60)


async def asked_to_leave(stage: Stage) -> None:
    assert await stage.playground.bot.stop() == 0


@pytest.mark.parametrize("end", [killed, asked_to_leave])
async def test_the_next_process_goes_on_with_what_runs_and_what_waits_at_home(
    tmp_path: Path, picture: bytes, end: Callable[[Stage], Awaitable[None]]
) -> None:
    async with staged(tmp_path, picture, LONG_FILM) as stage:
        asked = {"runs": await stage.video("runs at home")}
        await stage.shows(asked["runs"], "Step ")
        asked["waits"] = await stage.video("waits at home")
        await stage.shows(asked["waits"], "Place 1 in")
        await end(stage)
        await stage.playground.start_bot()

        for words, interaction in asked.items():
            assert (await film_of(stage, interaction))[4:8] == b"ftyp"
            assert READY in render(interaction.message)  # type: ignore[arg-type]
            assert (await stage.delivered(interaction))["outcome"] == "success"
            assert len(posted(stage, "/prompt", f"{words} at home")) == 1


async def test_a_film_that_was_made_while_nobody_looked_is_fetched(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture) as stage:
        interaction = await stage.video("made alone")
        await stage.shows(interaction, "Step ")
        await killed(stage)
        await stage.until(lambda: stage.service.comfy.machine.history, bool)
        await stage.playground.start_bot()

        assert (await film_of(stage, interaction))[4:8] == b"ftyp"
        assert len(posted(stage, "/prompt")) == 1


async def test_what_the_server_lacks_is_said_when_the_bot_starts(tmp_path: Path, picture: bytes) -> None:
    graph = json.loads(Path("playground/fake_video_service/comfyui/workflow.json").read_text("utf-8"))
    graph["1"]["inputs"]["unet_name"] = "wan3.safetensors"
    graph["11"] = {"class_type": "KSampeler", "inputs": {}}
    workflow = tmp_path / "wan3.json"
    workflow.write_text(json.dumps(graph), "utf-8")
    async with staged(tmp_path / "bot", picture, COMFYUI_WORKFLOW=str(workflow)) as stage:
        log = await stage.until(stage.log, lambda log: "the server has no node" in log)

    assert "service: wan: the server has no node KSampeler; it has KSampler" in log
    assert "unet_name 'wan3.safetensors' is not on the server; it has wan2.2_ti2v_5B_fp16.safetensors" in log
