"""A video that Discord does not take as it is arrives all the same, or the member reads why not."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import av
import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest
from PIL import Image

from playground.fake_discord.people.rendering import render
from playground.fake_discord.world.messages import Message
from playground.fake_video_service.generation import FilmPlan
from playground.playground import Playground
from tests.e2e.conftest import QUICK, Stage

READY = "Your video is ready"
UPLOADED = "[video: video.mp4"
SMALLER = "Made smaller for Discord"
CONVERTED = "Converted so that Discord can play it"
MIB = 1024 * 1024
TOO_LARGE = "small enough for this server"
SHORT = FilmPlan(seconds=1, size=(320, 240), work_seconds=0.5)
LONG = FilmPlan(seconds=4, size=(640, 480), work_seconds=2)
LASTING = {**QUICK, "VIDEO_STALL_TIMEOUT": "60", "VIDEO_TIMEOUT": "60"}


@pytest.fixture(scope="module")
def picture() -> bytes:
    """A picture of fewer bytes than the smallest limit here, which holds for what members upload as well."""
    file = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(file, "PNG")
    assert file.tell() < 1000
    return file.getvalue()


@asynccontextmanager
async def staged(
    directory: Path, picture: bytes, *, plan: FilmPlan = SHORT, takes: int = 200_000, **settings: str
) -> AsyncIterator[Stage]:
    """The bot in a server that takes so many bytes a file, from Mara too."""
    async with Playground(directory, pace=0.3, plan=plan, settings={**LASTING, **settings}) as playground:
        stage = Stage(playground, picture)
        assert stage.videos.guild
        stage.videos.guild.file_limit = stage.mara.upload_limit = takes
        yield stage


async def uploaded(stage: Stage, message: Message) -> bytes:
    (file,) = [file for file in message.attachments if file.filename == "video.mp4"]
    data = await stage.download(stage.discord.cdn.url(file))
    with av.open(io.BytesIO(data)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        assert sum(1 for _ in container.decode(video=0))
    return data


def refusals(stage: Stage) -> int:
    return stage.log().count("HTTP 413, code 40005")


async def test_a_video_too_large_for_the_server_is_made_smaller_and_its_original_is_linked(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture) as stage:
        interaction = await stage.video("#grainy fox")
        message = await stage.shows(interaction, READY, UPLOADED, SMALLER)
        row = await stage.delivered(interaction)

        assert row["video_url"] in render(message)
        assert len(await stage.download(row["video_url"])) > 200_000 >= len(await uploaded(stage, message))
        assert refusals(stage) == 0


async def test_a_video_that_only_the_key_opens_is_made_smaller_and_has_no_link(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture, VIDEO_API="videos") as stage:
        message = await stage.shows(await stage.video("#grainy fox behind a lock"), READY, UPLOADED, SMALLER)

        assert "http" not in render(message)
        await uploaded(stage, message)


async def test_a_file_alone_that_the_inbox_finds_too_large_is_made_smaller_for_it(
    tmp_path: Path, picture: bytes
) -> None:
    plan = replace(LONG, work_seconds=10)
    async with staged(tmp_path, picture, plan=plan, takes=20 * MIB, VIDEO_API="videos") as stage:
        staff = stage.discord.world.channel("staff")
        interaction = await stage.video("#grainy fox for mo", by=stage.mo, where=staff)
        await stage.shows(interaction, "Making your video")
        stage.discord.kill_token(interaction)
        row = await stage.delivered(interaction)

        assert row["delivery"] == "inbox"
        inbox = stage.discord.world.direct_messages(stage.mo)
        message = [each for each in stage.discord.world.messages.values() if each.channel is inbox][-1]
        assert SMALLER in render(message)
        assert len(await uploaded(stage, message)) < 10 * MIB
        assert refusals(stage) == 1


async def test_an_upload_refused_below_the_stated_limit_is_made_smaller_and_the_next_one_at_once(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture, takes=20_000_000) as stage:
        refused = stage.discord.faults.add(route="PATCH *", status=413, code=40005, uploads_only=True, times=1)
        message = await stage.shows(await stage.video("#big fox"), READY, UPLOADED)
        await uploaded(stage, message)
        stage.discord.faults.remove(refused)
        assert refusals(stage) == 1

        message = await stage.shows(await stage.video("#big fox, once more"), READY, UPLOADED)
        assert len(await uploaded(stage, message)) < 10 * MIB
        assert refusals(stage) == 1


async def test_a_video_that_would_show_nothing_is_told_with_what_helps(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture, takes=1000) as stage:
        message = await stage.shows(await stage.video("#grainy fox"), READY, TOO_LARGE, "a shorter video")

        assert not message.attachments


@pytest.mark.parametrize("fit", ["true", "false"])
async def test_a_video_padded_beyond_the_limit_is_rewritten_and_without_the_setting_stays_a_link(
    tmp_path: Path, picture: bytes, fit: str
) -> None:
    async with staged(tmp_path, picture, takes=10_000_000, VIDEO_FIT=fit) as stage:
        interaction = await stage.video("#big")
        await stage.delivered(interaction)
        message = await stage.shows(interaction, READY)

        assert bool(message.attachments) is (fit == "true")
        assert SMALLER not in render(message)
        assert stage.row_of(interaction)["video_url"] in render(message)


@pytest.mark.parametrize(
    ("word", "said"), [("webm", CONVERTED), ("av1", CONVERTED), ("hevc", CONVERTED), ("index-last", UPLOADED)]
)
async def test_what_discord_would_not_play_is_converted_and_an_index_at_the_end_is_moved(
    tmp_path: Path, picture: bytes, word: str, said: str
) -> None:
    async with staged(tmp_path, picture, takes=10_000_000) as stage:
        interaction = await stage.video(f"#{word} fox")
        message = await stage.shows(interaction, READY, UPLOADED, said)
        data = await uploaded(stage, message)

        assert 0 < data.index(b"moov") < data.index(b"mdat")
        assert (CONVERTED in render(message)) is (said is CONVERTED)
        assert (await stage.delivered(interaction))["video_url"] in render(message)


async def fitting(stage: Stage) -> psutil.Process:
    """Wait for the process that encodes."""
    async with stage.deadline(30):
        while True:
            for child in psutil.Process(stage.playground.bot.pid).children():
                with suppress(psutil.NoSuchProcess):  # another child ended meanwhile
                    if "bot.media.videos.fitted" in child.cmdline():
                        return child
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("killed", [True, False])
async def test_a_restart_while_fitting_goes_on_with_the_same_video(
    tmp_path: Path, picture: bytes, killed: bool
) -> None:
    async with staged(tmp_path, picture, plan=LONG, takes=10 * MIB, SHUTDOWN_GRACE="0.1") as stage:
        interaction = await stage.video("#grainy fox that runs on")
        process = await fitting(stage)
        process.suspend()
        row = stage.row_of(interaction)
        assert (row["outcome"], row["delivery"]) == ("success", None)
        if killed:
            await stage.playground.bot.kill()
        else:
            await stage.playground.bot.stop()
        if process.is_running():
            process.resume()
        await stage.playground.start_bot()
        message = await stage.shows(interaction, READY, UPLOADED, SMALLER, within=60)

        await uploaded(stage, message)
        assert (await stage.delivered(interaction))["video_url"] == row["video_url"]
        assert len(stage.sent("fox that runs on")) == 1
        psutil.wait_procs([process], timeout=20)
        assert not process.is_running()


async def test_a_link_that_leads_to_nothing_is_never_called_ready(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture) as stage:
        interaction = await stage.video("#dead-link")
        message = await stage.shows(interaction, "without a video that can be opened", within=50)

        assert READY not in render(message)
        assert (await stage.delivered(interaction))["outcome"] == "bad_stream"
