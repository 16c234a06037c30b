"""Kinora through a real LiteLLM proxy: it is asked for tasks, and asks the playground's service."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from playground.fake_video_service.server import VideoService
from playground.playground import Playground
from tests.e2e.conftest import SHORT_FILM, Stage
from tests.e2e.test_task_key import LOOPBACK

LITELLM = shutil.which("litellm")
KEY = "sk-of-the-proxy"
STARTS_WITHIN = 90.0  # seconds

pytestmark = pytest.mark.skipif(LITELLM is None, reason="LiteLLM is not installed: pip install 'litellm[proxy]'")

CONFIG = """
model_list:
  - model_name: sora_video2
    litellm_params: {{model: openai/sora-2, api_base: "{url}/v1", api_key: "{key}"}}
general_settings: {{master_key: "{own_key}"}}
"""


@asynccontextmanager
async def proxy_of(service: VideoService, folder: Path) -> AsyncIterator[str]:
    """The address of a proxy of ``service``."""
    assert LITELLM
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = folder / "litellm.yaml"
    config.write_text(CONFIG.format(url=service.url, key=service.key, own_key=KEY), "utf-8")
    with (folder / "litellm.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            LITELLM,
            *("--config", str(config), "--host", "127.0.0.1", "--port", str(port)),
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        await answers(f"{address}/health/liveliness")
        yield address
    finally:
        process.terminate()
        await process.wait()


async def answers(url: str) -> None:
    """Wait until a server does."""
    async with asyncio.timeout(STARTS_WITHIN), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(url) as response:
                    if response.ok:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.3)


async def test_a_video_is_made_and_refusals_are_understood_through_a_litellm_proxy(
    tmp_path: Path, picture: bytes
) -> None:
    service = VideoService("sk-upstream", tmp_path / "films", pace=0.3, plan=SHORT_FILM)
    await service.start()
    try:
        async with proxy_of(service, tmp_path) as url:
            settings = {**LOOPBACK, "VIDEO_API": "videos", "VIDEO_API_URL": url, "VIDEO_API_KEY": KEY}
            async with Playground(tmp_path / "playground", settings=settings) as playground:
                stage = Stage(playground, picture)
                made = await stage.video("a quiet harbour")
                refused = [await stage.video(f"#refuse-{what} a harbour") for what in ("image", "prompt", "result")]
                await stage.shows(made, "[video: video.mp4", within=40)
                outcomes = [(await stage.delivered(interaction))["outcome"] for interaction in (made, *refused)]
    finally:
        await service.stop()

    assert outcomes == ["success", "moderation_image", "moderation_prompt", "moderation_result"]
    creates = [request.prompt for request in service.requests if request.method == "POST"]
    assert sorted(creates) == sorted(set(creates))
