"""What the operator writes for a ComfyUI: what the workflows leave open is offered, what is wrong is told at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.models import PictureRole, VideoModel
from bot.wiring.video_services import load_settings
from playground.bot_process import WORKFLOW
from tests.providers.comfyui.test_workflow import without_titles, written


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def models(folder: Path, *lines: str) -> tuple[VideoModel, ...]:
    file = folder / ".env"
    file.write_text("\n".join(["DISCORD_TOKEN=t", "VIDEO_API=comfyui", *lines]), "utf-8")
    return load_settings(file).models


def told(folder: Path, *lines: str) -> str:
    with pytest.raises(SettingsError) as caught:
        models(folder, *lines)
    return " ".join(caught.value.problems)


def offer(**words: object) -> str:
    return f"VIDEO_MODELS={json.dumps([{'name': 'wan', **words}])}"


def test_a_workflow_is_all_that_a_server_on_the_same_machine_needs(tmp_path: Path) -> None:
    (model,) = models(tmp_path, f"COMFYUI_WORKFLOW={WORKFLOW}", "VIDEO_MODELS=wan")

    assert (model.min_images, model.max_images, model.seconds, model.formats) == (1, 1, (), ())


def test_what_the_workflow_binds_may_be_offered(tmp_path: Path) -> None:
    (model,) = models(tmp_path, f"COMFYUI_WORKFLOW={WORKFLOW}", offer(seconds=[3, 5], sizes=["832x480"]))

    assert (model.seconds, model.formats) == ((3, 5), ("832x480",))


def test_a_workflow_takes_as_many_pictures_as_it_binds(tmp_path: Path) -> None:
    graph = without_titles() | {"50": {"class_type": "LoadImage", "inputs": {"image": "b.png"}}}
    alone = written(tmp_path, graph, 'prompt = "4.text"\n')
    (model,) = models(tmp_path, f"COMFYUI_WORKFLOW={alone}", offer(max_images=3))
    assert (model.min_images, model.max_images) == (0, 0)

    two = written(tmp_path, graph, 'prompt = "4.text"\nimage = "5.image"\nlast_image = "50.image"\n')
    (model,) = models(tmp_path, f"COMFYUI_WORKFLOW={two}", offer())
    assert (model.min_images, model.max_images, model.pictures) == (2, 2, (PictureRole.FIRST, PictureRole.LAST))


FIXED = {"seconds": [3, 5], "sizes": ["832x480"], "ratios": ["16:9"], "pictures": ["first"]}


@pytest.mark.parametrize(("word", "value"), FIXED.items())
def test_what_the_workflow_fixes_is_not_offered(tmp_path: Path, word: str, value: object) -> None:
    path = written(tmp_path, without_titles(), 'prompt = "4.text"\nwidth = "6.width"\n')

    assert f"VIDEO_MODELS is wrong for wan: its workflow leaves no choice of {word}" in told(
        tmp_path, f"COMFYUI_WORKFLOW={path}", offer(**{word: value})
    )


def test_what_is_missing_or_wrong_is_told(tmp_path: Path) -> None:
    assert "COMFYUI_WORKFLOW is missing, for wan" in told(tmp_path, "VIDEO_MODELS=wan")
    assert "nowhere.json cannot be read" in told(tmp_path, "COMFYUI_WORKFLOW=nowhere.json", "VIDEO_MODELS=wan")
    assert "VIDEO_IMAGE_MODE must be left out" in told(
        tmp_path, f"COMFYUI_WORKFLOW={WORKFLOW}", "VIDEO_MODELS=wan", "VIDEO_IMAGE_MODE=data"
    )
    assert "VIDEO_API_KEY is missing" in told(
        tmp_path, f"COMFYUI_WORKFLOW={WORKFLOW}", "VIDEO_MODELS=wan", "VIDEO_API_URL=https://comfy.example"
    )


def test_each_model_of_a_file_of_services_may_have_a_workflow_of_its_own(tmp_path: Path) -> None:
    path = written(tmp_path, without_titles(), 'prompt = "4.text"\n')
    Path("services.toml").write_text(
        f"""
[[services]]
name = "home"
api = "comfyui"
url = "http://192.168.1.20:8188"
[[services.models]]
name = "wan"
workflow = "{WORKFLOW}"
seconds = [3, 5]
[[services.models]]
name = "text"
workflow = "{path}"
""",
        "utf-8",
    )

    found = models(tmp_path)

    assert [(model.name, model.max_images, model.seconds) for model in found] == [("wan", 1, (3, 5)), ("text", 0, ())]
