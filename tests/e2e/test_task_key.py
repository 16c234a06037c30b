"""The key of a task service goes to its own origin alone, whatever its answers say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playground.fake_discord.people.rendering import render
from playground.playground import Playground
from tests.e2e.conftest import QUICK, Stage
from tests.providers.tasks.film_service import CREATED, DONE, FILM, KEY, FilmService, listening

LOOPBACK = {**QUICK, "VIDEO_ALLOWED_HOSTS": "127.0.0.1", "VIDEO_STALL_TIMEOUT": "20", "VIDEO_TIMEOUT": "30"}
CONTENT = "/v1/videos/video_1/content"


@asynccontextmanager
async def between(directory: Path, picture: bytes, api: str) -> AsyncIterator[tuple[Stage, FilmService, FilmService]]:
    """Give a bot of a service that answers as a test wrote it down, and a stranger that its answers may lead to."""
    async with listening() as own, listening() as stranger:
        settings = {**LOOPBACK, "VIDEO_API": api, "VIDEO_API_URL": own.url, "VIDEO_API_KEY": KEY}
        async with Playground(directory, settings=settings) as playground:
            yield Stage(playground, picture), own, stranger


def was_told_the_key(service: FilmService) -> bool:
    return any(KEY in value for _, headers, _ in service.asked for value in headers.values())


async def test_a_video_behind_a_redirect_to_another_host_is_uploaded_and_fetched_there_without_the_key(
    tmp_path: Path, picture: bytes
) -> None:
    async with between(tmp_path, picture, "videos") as (stage, own, stranger):
        own.answers |= {
            "GET /v1/videos/video_1": [DONE],
            f"GET {CONTENT}": [(302, b"", {"Location": f"{stranger.url}/film.mp4"})],
        }
        stranger.answers = {"GET /film.mp4": [FILM]}
        interaction = await stage.video("a cat")
        message = await stage.shows(interaction, "[video: video.mp4")
        (file,) = [file for file in message.attachments if file.filename == "video.mp4"]

        assert await stage.download(stage.discord.cdn.url(file)) == FILM
        assert set(stranger.paths()) == {"GET /film.mp4"}
        assert (was_told_the_key(own), was_told_the_key(stranger)) == (True, False)
        assert CONTENT not in render(message)


async def test_an_address_to_poll_elsewhere_is_not_called_and_a_link_elsewhere_is_fetched_without_the_key(
    tmp_path: Path, picture: bytes
) -> None:
    async with between(tmp_path, picture, "openrouter") as (stage, own, stranger):
        link = f"{stranger.url}/film.mp4"
        own.answers = {
            "POST /api/v1/videos": [{**CREATED, "polling_url": f"{stranger.url}/videos/video_1"}],
            "GET /api/v1/videos/video_1": [{"id": "video_1", "status": "completed", "unsigned_urls": [link]}],
        }
        stranger.answers = {"GET /film.mp4": [FILM]}
        interaction = await stage.video("a cat")
        await stage.shows(interaction, "[video: video.mp4", link)

        assert own.paths() == ["POST /api/v1/videos", "GET /api/v1/videos/video_1"]
        assert set(stranger.paths()) == {"GET /film.mp4"}
        assert (was_told_the_key(own), was_told_the_key(stranger)) == (True, False)
