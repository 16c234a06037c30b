"""A service that nobody has heard of makes a video for ``/video`` after 25 lines of data, with no line of code."""

from __future__ import annotations

import json
from pathlib import Path

from playground.playground import Playground
from tests.e2e.conftest import Stage
from tests.e2e.test_task_key import LOOPBACK
from tests.providers.tasks.film_service import FILM, listening
from tests.providers.tasks.test_invented_service import FILMERY

KEY = "the-key-of-a-film-lover"


async def test_a_service_of_25_lines_makes_a_video_end_to_end(tmp_path: Path, picture: bytes) -> None:
    page = tmp_path / "filmery.toml"
    page.write_text(FILMERY, "utf-8")
    async with listening() as filmery:
        filmery.answers = {
            "POST /rpc/shoot/sora_video2": [{"ticket": {"no": 41}, "stage": 0}],
            "POST /rpc/ask": [
                {"stage": "On the Reel", "shot": {"part": 0.4}},
                {"stage": 7, "reel": {"no": "r9"}, "bill": {"cents": 45}},
            ],
            "GET /rpc/reel/r9": [{"reel": {"print": f"{filmery.url}/prints/r9.mp4"}}],
            "GET /prints/r9.mp4": [FILM],
        }
        settings = {**LOOPBACK, "VIDEO_API": str(page), "VIDEO_API_URL": f"{filmery.url}/rpc", "VIDEO_API_KEY": KEY}
        async with Playground(tmp_path / "playground", settings=settings) as playground:
            stage = Stage(playground, picture)
            interaction = await stage.video("a cat")
            await stage.shows(interaction, "40%")
            message = await stage.shows(interaction, "[video: video.mp4")
            row = await stage.delivered(interaction)
        (file,) = [file for file in message.attachments if file.filename == "video.mp4"]
        (create,) = [body for line, _, body in filmery.asked if line.startswith("POST /rpc/shoot")]

        assert file.size == len(FILM)
        assert (row["outcome"], row["service_cost"]) == ("success", 450_000)
        assert json.loads(create)["scene"]["words"] == "a cat"
        assert all(headers["X-Film-Key"] == f"Film {KEY}" for _, headers, _ in filmery.asked)
