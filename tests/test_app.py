"""What is put together, and what is left out because nobody asked for it."""

from __future__ import annotations

import asyncio
import socket
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web

from bot.app import open_app, open_health
from bot.errors import SettingsError
from bot.installation.extras import Extra
from bot.media.fetcher import CONNECTIONS
from bot.providers.tasks.descriptions.file import SERVICES, shipped_names
from bot.settings import Settings
from bot.wiring.video_services import load_settings
from playground.pictures.art import encode
from playground.pictures.odd import small_sample
from tests.programs import run_program

CHOICE = ", ".join(("chat", "comfyui", *shipped_names()))
NEEDED = {"discord_token": "t", "video_api_url": "https://h", "video_api_key": "k"}


def settings(tmp_path: Path, **others: object) -> Settings:
    database = f"sqlite+aiosqlite:///{tmp_path}/kinora.db"
    return Settings.model_validate({**NEEDED, "database_url": database, **others})


def problems(tmp_path: Path, *lines: str) -> tuple[str, ...]:
    """Return what is wrong with settings that have a token and ``lines``."""
    file = tmp_path / "kinora.env"
    file.write_text("\n".join(("DISCORD_TOKEN=t", *lines)), "utf-8")
    try:
        load_settings(file)
    except SettingsError as error:
        return error.problems
    return ()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["VIDEO_API=openrouter", "VIDEO_API_KEY=k"], ()),
        (
            ["VIDEO_API=pixverse", "VIDEO_API_KEY=k", "VIDEO_IMAGE_MODE=data"],
            ("VIDEO_IMAGE_MODE must be left out for this service.",),
        ),
        (["VIDEO_API=xai"], ("VIDEO_API_KEY is missing: key of the video service.",)),
        (["VIDEO_API=videos", "VIDEO_API_URL=http://vllm:8000"], ()),
        (["VIDEO_API=videos", "VIDEO_API_KEY=k"], ("VIDEO_API_URL is missing: base URL of the video service.",)),
        (["VIDEO_API_KEY=k"], ("VIDEO_API_URL is missing: base URL of the video service.",)),
        (
            ["VIDEO_API=xai", "VIDEO_API_KEY=k", "VIDEO_IMAGE_MODE=file"],
            ("VIDEO_IMAGE_MODE must be data or url or base64 for this service.",),
        ),
        (
            ["VIDEO_API=sora", "VIDEO_API_KEY=k"],
            (f"VIDEO_API must be {CHOICE}, or the path of a description; there is no file sora.",),
        ),
    ],
)
def test_settings_are_held_against_what_the_service_needs(
    tmp_path: Path, lines: list[str], told: tuple[str, ...]
) -> None:
    assert problems(tmp_path, *lines) == told


def test_a_wrong_description_is_told_with_file_line_and_key_before_anything_starts(tmp_path: Path) -> None:
    page = tmp_path / "my.toml"
    page.write_text((SERVICES / "xai.toml").read_text("utf-8").replace('path = "/videos/{id}"', 'pth = "/x"'), "utf-8")
    (sentence, *_) = problems(tmp_path, f"VIDEO_API={page}", "VIDEO_API_KEY=k")

    assert sentence.startswith(f"VIDEO_API: {page}, line ")
    assert "poll.pth is unknown; did you mean path?" in sentence


@pytest.mark.parametrize(
    ("others", "sent"),
    [
        ({}, False),
        ({"video_image_mode": "url"}, True),
        ({"video_models": '[{"name": "a"}, {"name": "b", "image_mode": "url"}]'}, True),
        ({"video_api": "openrouter"}, False),
        ({"video_api": "openrouter", "video_image_mode": "url"}, True),
        ({"video_api": "linking.toml"}, True),
        ({"video_api": "linking.toml", "video_image_mode": "data"}, False),
        ({"video_api": "linking.toml", "video_models": '[{"name": "a", "image_mode": "file"}]'}, False),
    ],
)
async def test_whether_links_of_pictures_leave_is_known_for_every_kind_of_service(
    tmp_path: Path, others: dict[str, str], sent: bool
) -> None:
    page = tmp_path / "linking.toml"
    page.write_text((SERVICES / "videos.toml").read_text("utf-8").replace('as = "file"', 'as = "link"'), "utf-8")
    if others.get("video_api") == page.name:
        others = {**others, "video_api": str(page)}
    async with open_app(settings(tmp_path, **others)) as app:
        assert any(map(app.sends_link, app.settings.models)) is sent


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_bot_that_serves_no_health_loads_neither_metrics_nor_a_web_server() -> None:
    run = run_program("open_no_health", options=["-W", "ignore"])

    assert (run.returncode, run.stdout) == (0, "[]\n")


def test_health_is_served_without_the_package_of_metrics_after_one_warning() -> None:
    run = run_program("serve_health_without_metrics", str(free_port()))

    assert run.stdout.splitlines() == ["/healthz 200", "/readyz 503", "/metrics 501"]
    assert run.stderr == f"/metrics needs one more package: {Extra.METRICS.how_to_add}\n"


async def test_database_is_asked_for_by_writing_and_not_once_it_is_closed(tmp_path: Path) -> None:
    port = free_port()
    async with open_health(settings(tmp_path, health_port=port)) as health:
        async with open_app(settings(tmp_path), health) as app:
            assert (await health.readiness())["database"]
            written = await app.key_values.get("writable")
        parts = await health.readiness()

    assert written
    assert not parts["database"]


async def test_videos_that_drip_over_all_their_connections_keep_no_picture_waiting(tmp_path: Path) -> None:
    dripping = 0

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal dripping
        if request.path == "/picture.png":
            return web.Response(body=encode(small_sample(), "PNG"))
        response = web.StreamResponse()
        await response.prepare(request)
        dripping += 1
        while True:
            await response.write(b".")
            await asyncio.sleep(0.1)

    runner = web.ServerRunner(web.Server(answer), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    hosts = ("127.0.0.1", "localhost")
    async with open_app(settings(tmp_path, video_allowed_hosts=",".join(hosts))) as app:
        videos = [
            asyncio.create_task(
                app.fetcher.fetch(f"http://{host}:{port}/", tmp_path / f"{host}{number}", limit=10_000, within=60)
            )
            for number in range(CONNECTIONS)
            for host in hosts
        ]
        async with asyncio.timeout(30):
            while dripping < CONNECTIONS:  # noqa: ASYNC110 - the server has no event
                await asyncio.sleep(0.01)
            assert await app.pictures.take_all([f"http://127.0.0.1:{port}/picture.png"], 400)
        assert dripping == CONNECTIONS
        for video in videos:
            video.cancel()
        await asyncio.wait(videos)
    await runner.cleanup()
