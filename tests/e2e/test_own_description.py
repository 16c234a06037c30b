"""The real bot speaks to a service by a page of the operator's own, with the key and the models that it names."""

from __future__ import annotations

import json
from pathlib import Path

from bot.providers.tasks.descriptions.file import SERVICES
from playground.playground import KEY
from tests.e2e.test_restarts import staged

MODELS = [{"name": "wan2.7-i2v", "seconds": [4], "sizes": ["320x180", "180x320"], "extra": {"watermark": "off"}}]


async def test_a_page_of_ones_own_is_enough_to_make_a_video_from_a_picture_of_any_size(
    tmp_path: Path, picture: bytes
) -> None:
    page = tmp_path / "my.toml"
    page.write_text(f"{(SERVICES / 'videos.toml').read_text('utf-8')}\n[auth]\nkey = 'FILMERY_KEY'\n", "utf-8")
    settings = {
        "VIDEO_API": str(page),
        "VIDEO_API_KEY": "",
        "FILMERY_KEY": KEY,
        "VIDEO_MODELS": json.dumps(MODELS),
        "VIDEO_STALL_TIMEOUT": "30",
        "VIDEO_TIMEOUT": "60",
    }
    async with staged(tmp_path, picture, **settings) as stage:
        asked = await stage.video("a lighthouse at dusk")  # the service refuses a picture of another size
        await stage.shows(asked, "Your video is ready", within=40)

        (create,) = [request for request in stage.playground.service.requests if request.method == "POST"]
        sent = {name: create.body[name] for name in ("seconds", "size", "watermark")}
        assert sent == {"seconds": "4", "size": "320x180", "watermark": "off"}
        assert KEY not in stage.log()
