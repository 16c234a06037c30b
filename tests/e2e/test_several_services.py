"""Two services that have one model stand in for each other, and a member's choice reaches whichever makes it."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from playground.fake_discord.server import button_id
from playground.playground import Playground
from tests.e2e.conftest import Stage
from tests.e2e.test_task_key import LOOPBACK
from tests.providers.tasks.film_service import CREATED, DONE, FILM, FilmService, listening

CREATE, POLL, CONTENT = "POST /v1/videos", "GET /v1/videos/video_1", "GET /v1/videos/video_1/content"
SERVICE = """
[[services]]
name = "{name}"
api = "videos"
url = "{url}/v1"
key_env = "{name}_KEY"
  [[services.models]]
  name = "{name}-model"
  label = "Wan"
  price = {price}
  price_per_second = 0.02
  seconds = [4, 8]
  sizes = ["320x180", "180x320"]
"""


def drawn(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "PNG")
    return file.getvalue()


def well(service: FilmService) -> None:
    service.answers = {CREATE: [CREATED] * 9, POLL: [DONE] * 9, CONTENT: [FILM] * 18}


@asynccontextmanager
async def two_services(tmp_path: Path, picture: bytes) -> AsyncIterator[tuple[Stage, FilmService, FilmService]]:
    """A bot with the services A and B, of which B is cheaper."""
    async with listening() as first, listening() as second:
        services = {"A": (first, 0.5), "B": (second, 0.3)}
        text = "".join(
            SERVICE.format(name=name, url=service.url, price=price) for name, (service, price) in services.items()
        )
        (tmp_path / "services.toml").write_text(text, "utf-8")
        settings = {**LOOPBACK, "SERVICES_FILE": str(tmp_path / "services.toml"), "A_KEY": "a", "B_KEY": "b"}
        well(first)
        well(second)
        async with Playground(tmp_path / "playground", settings=settings) as playground:
            yield Stage(playground, picture), first, second


def creates(service: FilmService) -> list[Any]:
    return [body for line, _, body in service.asked if line == CREATE]


async def made(stage: Stage, prompt: str, **options: Any) -> Any:
    interaction = await stage.video(prompt, **options)
    await stage.shows(interaction, "[video: video.mp4")
    return await stage.delivered(interaction)


async def test_the_next_service_makes_the_video_at_its_price_where_the_first_surely_did_not_begin(
    tmp_path: Path, picture: bytes
) -> None:
    async with two_services(tmp_path, picture) as (stage, first, second):
        first.answers[CREATE] = [(402, {"error": {"message": "insufficient balance"}})]
        row = await made(stage, "a cat")
        assert (row["service"], row["cost"], row["model"]) == ("B", 380_000, "A-model")
        assert b"B-model" in creates(second)[0]

        well(first)
        row = await made(stage, "a dog")
        assert (row["service"], row["cost"]) == ("A", 580_000)


async def test_what_may_have_begun_is_not_asked_of_another_service(tmp_path: Path, picture: bytes) -> None:
    async with two_services(tmp_path, picture) as (stage, first, second):
        first.answers[POLL] = [{"id": "video_1", "status": "failed", "error": {"message": "out of memory"}}]
        interaction = await stage.video("a cat")
        await stage.shows(interaction, "failed")
        assert (await stage.delivered(interaction))["service"] == "A"
        assert creates(second) == []


async def test_a_choice_of_length_and_format_is_sent_priced_and_kept_by_again(tmp_path: Path, picture: bytes) -> None:
    async with two_services(tmp_path, picture) as (stage, first, _):
        interaction = await stage.video("a cat", duration=8, format="180x320")
        message = await stage.shows(interaction, "[video: video.mp4")
        row = await stage.delivered(interaction)
        assert (row["length"], row["format"], row["cost"]) == (8, "180x320", 660_000)

        again = await stage.discord.click(stage.mara, message, button_id(message, "Again"))
        await stage.shows(again, "[video: video.mp4")
        row = await stage.delivered(again)
        assert (row["length"], row["format"], row["cost"]) == (8, "180x320", 660_000)
        assert [(b"\r\n\r\n8\r\n" in body, b"180x320" in body) for body in creates(first)] == [(True, True)] * 2

        refused = await stage.video("a dog", duration=7)
        assert "can't make 7 s. Choose one of: 4 s, 8 s." in await stage.told(refused)
        assert len(creates(first)) == 2


async def test_lengths_are_offered_with_their_prices_and_by_what_is_typed(tmp_path: Path, picture: bytes) -> None:
    async with two_services(tmp_path, picture) as (stage, _, _):

        async def offered(typed: str) -> list[tuple[str, int]]:
            options = {"duration": typed}
            found = await stage.discord.autocomplete(stage.mara, stage.videos, "video", "duration", options)
            return [(choice["name"], choice["value"]) for choice in found]

        assert await offered("") == [("4 s · 0.58 · default", 4), ("8 s · 0.66", 8)]
        assert await offered("8") == [("8 s · 0.66", 8)]
        assert await offered("x") == []


async def test_without_a_choice_the_format_follows_the_picture_and_the_length_is_the_default(
    tmp_path: Path, picture: bytes
) -> None:
    async with two_services(tmp_path, picture) as (stage, first, _):
        for sides in ((90, 160), (160, 90)):
            row = await made(stage, "a cat", picture=drawn(*sides))
            assert (row["length"], row["format"]) == (None, None)
        assert [b"180x320" in body for body in creates(first)] == [True, False]
        assert [b"320x180" in body for body in creates(first)] == [False, True]
        assert all(re.search(rb'name="seconds"\s+4\s', body) for body in creates(first))


async def test_after_the_services_have_changed_their_order_and_lengths_again_makes_what_is_made_by_now(
    tmp_path: Path, picture: bytes
) -> None:
    async with two_services(tmp_path, picture) as (stage, _, second):
        interaction = await stage.video("a cat", duration=8, format="180x320")
        message = await stage.shows(interaction, "[video: video.mp4")
        await stage.delivered(interaction)
        world = stage.playground
        assert await world.bot.stop() == 0

        file = tmp_path / "services.toml"
        _, first_table, second_table = file.read_text("utf-8").replace("[4, 8]", "[5, 10]").split("[[services]]")
        file.write_text(f"[[services]]{second_table}[[services]]{first_table}", "utf-8")
        await world.bot.start()
        await stage.discord.wait_until_ready()

        again = await stage.discord.click(stage.mara, message, button_id(message, "Again"))
        await stage.shows(again, "[video: video.mp4")
        row = await stage.delivered(again)
        assert (row["service"], row["model"], row["length"], row["format"]) == ("B", "B-model", None, "180x320")
        assert len(creates(second)) == 1
