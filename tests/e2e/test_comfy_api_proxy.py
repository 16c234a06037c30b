"""Kinora through a real Comfy API v2 server: it is asked for jobs, and asks the playground's ComfyUI."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from playground.bot_process import WORKFLOW
from playground.fake_video_service.server import VideoService
from playground.playground import Playground
from tests.e2e.conftest import SHORT_FILM, Stage
from tests.e2e.test_litellm import answers
from tests.e2e.test_task_key import LOOPBACK

PROXY = shutil.which("comfy-api-proxy")
TOKEN = "token-of-the-proxy"

pytestmark = pytest.mark.skipif(PROXY is None, reason="it is not installed: pip install comfy-api-proxy")


@asynccontextmanager
async def proxy_of(service: VideoService, folder: Path) -> AsyncIterator[str]:
    """The address of a proxy of the ComfyUI of ``service``."""
    assert PROXY
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (folder / "proxy.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(PROXY, "run", "--comfyui", service.url, "--port", str(port), "--token", TOKEN),
            env={"PATH": os.environ["PATH"], "HOME": str(folder)},
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    try:
        await answers(f"http://127.0.0.1:{port}/api/v2/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


def models() -> str:
    """The workflow of the playground, with places in it for what members ask for."""
    graph = json.loads(WORKFLOW.read_text("utf-8"))
    graph["4"]["inputs"]["text"] = "{prompt}"
    graph["5"]["inputs"]["image"] = "{image}"
    graph["7"]["inputs"]["seed"] = "{seed}"
    return json.dumps([{"name": "wan", "label": "Wan", "extra": {"workflow": graph}}])


async def test_a_film_is_made_and_failures_are_understood_through_a_comfy_api_proxy(
    tmp_path: Path, picture: bytes
) -> None:
    service = VideoService("", tmp_path / "films", pace=0.3, plan=SHORT_FILM)
    await service.start()
    try:
        async with proxy_of(service, tmp_path) as url:
            settings = {**LOOPBACK, "VIDEO_API": "comfy", "VIDEO_API_URL": url, "VIDEO_API_KEY": TOKEN}
            async with Playground(
                tmp_path / "playground", settings={**settings, "VIDEO_MODELS": models()}
            ) as playground:
                stage = Stage(playground, picture)
                made = await stage.video("a quiet harbour")
                failed = [await stage.video(f"#{what} a harbour") for what in ("oom", "node-error")]
                message = await stage.shows(made, "[video: video.mp4", within=40)
                outcomes = [(await stage.delivered(interaction))["outcome"] for interaction in (made, *failed)]
                (file,) = [file for file in message.attachments if file.filename == "video.mp4"]
                film = await stage.download(stage.discord.cdn.url(file))
    finally:
        await service.stop()

    assert outcomes == ["success", "provider_error", "provider_error"]
    assert b"class_type" not in film
    prompts = [r.body for r in service.requests if (r.method, r.path) == ("POST", "/prompt")]
    assert len(prompts) == 3
    assert all(type(body["prompt"]["7"]["inputs"]["seed"]) is int for body in prompts)
