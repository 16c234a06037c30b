"""The doctor at a ComfyUI: whether it answers, takes the key, and has what the workflow needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli.check.services.comfyui import check_comfyui
from bot.models import VideoModel
from bot.settings import COMFYUI, Service
from playground.bot_process import WORKFLOW
from playground.fake_video_service.server import VideoService


async def findings(folder: Path, *, key: str = "right", workflow: str = str(WORKFLOW)) -> list[tuple[str, str, str]]:
    service = VideoService("right", folder / "films")
    await service.start()
    try:
        models = (VideoModel("wan", "Wan", workflow=workflow),)
        asked = Service("home", COMFYUI, service.url, SecretStr(key), "COMFYUI_KEY", models)
        found = await check_comfyui(asked)
        assert {request.method for request in service.requests} == {"GET"}
        return [(each.name, str(each.state), each.finding) for each in found]
    finally:
        await service.stop()


async def test_a_server_that_has_everything_is_well(tmp_path: Path) -> None:
    reached, key, models = await findings(tmp_path)

    assert reached[:2] == ("service", "ok")
    assert reached[2].startswith("ComfyUI 0.33.0 answers at 127.0.0.1:")
    assert key == ("key", "ok", "What stands before ComfyUI lets the key in.")
    assert models == ("models", "ok", "ComfyUI has all nodes and files of wan.")


async def test_a_key_that_is_refused_is_named(tmp_path: Path) -> None:
    _, key, models = await findings(tmp_path, key="wrong")

    assert key == ("key", "wrong", "COMFYUI_KEY is not accepted (HTTP 401).")
    assert models[1] == "unknown"


async def test_what_is_missing_is_named_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "wan.json"
    text = WORKFLOW.read_text("utf-8").replace("wan2.2_vae", "other_vae").replace('"KSampler"', '"KSamplerX"')
    path.write_text(text, "utf-8")

    *_, first, second = await findings(tmp_path, workflow=str(path))

    assert first == ("models", "wrong", "wan: the server has no node KSamplerX; it has KSampler, StandInSampler.")
    assert second[2].startswith(
        "wan: node 3 (VAELoader): vae_name 'other_vae.safetensors' is not on the server; it has"
    )


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:9", "Nothing answers at 127.0.0.1, port 9."),
        ("http://127.0.0.1:{port}/v1", "it is no ComfyUI"),
    ],
)
async def test_what_is_no_comfyui_is_said_to_be_none(tmp_path: Path, url: str, told: str) -> None:
    service = VideoService("", tmp_path / "films")
    await service.start()
    try:
        models = (VideoModel("wan", "Wan", workflow=str(WORKFLOW)),)
        address = url.format(port=service.url.rpartition(":")[2])
        found = await check_comfyui(Service("home", COMFYUI, address, SecretStr(""), "COMFYUI_KEY", models))
    finally:
        await service.stop()

    assert str(found[0].state) == "wrong"
    assert told in found[0].finding
    assert [str(each.state) for each in found[1:]] == ["unknown", "unknown"]
