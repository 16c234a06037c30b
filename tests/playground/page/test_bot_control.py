"""The real bot behind the page: it can be killed and started again, and Ctrl-C stops everything."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from playground.bot_process import ROOT
from playground.fake_video_service.generation import FilmPlan
from playground.page.server import PageServer
from playground.pictures.art import draw_sample
from playground.playground import Playground
from playground.serve import SETTINGS
from tests.playground.page_visitor import Visit, Visitor, visiting

SHORT_FILM = FilmPlan(seconds=0.5, size=(96, 64), work_seconds=1.0)


@pytest.fixture
async def visit(tmp_path: Path) -> AsyncIterator[Visit]:
    """`visit` for the page of a playground with the real bot."""
    visitors: list[Visitor] = []
    async with Playground(tmp_path, pace=0.2, plan=SHORT_FILM, settings=SETTINGS) as playground:
        page = PageServer(playground)
        await page.start()
        async with aiohttp.ClientSession() as session:
            yield visiting(page, session, visitors)
            for visitor in visitors:
                await visitor.close()
        await page.stop()


async def test_a_bot_killed_and_started_again_serves_on(visit: Visit) -> None:
    mara = await visit("Mara")
    picture = await mara.upload(draw_sample())
    await mara.do("wire?")
    await mara.slash("video", prompt="a harbour #stall", image=picture)
    await mara.frame("wire", lambda frame: "sse" in str(frame), within=20)
    for action, wanted in (("kill", "stopped"), ("start", "running"), ("restart", "running")):
        mara.frames.clear()
        assert (await mara.control(action=action))["ok"]
        await mara.frame("state", lambda frame, wanted=wanted: frame["bot"] == wanted, within=60)
    refused = await mara.control(action="start")
    assert refused["error"] == "The bot is running."
    mara.frames.clear()
    await mara.slash("video", prompt="a lighthouse", image=picture)
    assert "attachments" in await mara.message("video.mp4", within=30)
    wire = await mara.frame("wire", lambda frame: any(job["title"] == "a lighthouse" for job in frame["jobs"]))
    assert wire["jobs"][-1]["reply"] == (await mara.message("video.mp4"))["id"]


async def serve(port: int = 0) -> asyncio.subprocess.Process:
    """Start the command in its own session, so that a signal to its group reaches only it and its bot."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "playground", "serve", "--port", str(port), "--no-open"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )


async def press_ctrl_c(process: asyncio.subprocess.Process) -> str:
    """Interrupt the whole group as a terminal does, and return the output after it; all must exit cleanly in time."""
    assert process.stdout is not None
    asked = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    rest = (await asyncio.wait_for(process.stdout.read(), 10)).decode()
    assert await process.wait() == 0, rest
    assert time.monotonic() - asked < 5
    assert "Traceback" not in rest
    return rest


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
async def test_ctrl_c_ends_everything_within_five_seconds_also_while_a_video_is_made_and_watched() -> None:
    process = await serve()
    assert process.stdout is not None
    said = (await asyncio.wait_for(process.stdout.readuntil(b"Ctrl-C"), 60)).decode()
    address = re.search(r"(http://127\.0\.0\.1:\d+)/\?key=(\S+)", said)
    log = re.search(r"log is (\S+)", said)
    assert address is not None
    assert log is not None
    origin, key = address.groups()
    async with aiohttp.ClientSession(headers={"X-Key": key}) as session:
        async with session.post(f"{origin}/api/upload", data=draw_sample()) as response:
            upload = {"upload": (await response.json())["id"]}
        async with session.ws_connect(f"{origin}/live") as socket:
            hello = await socket.receive_json()
            channel = hello["guilds"][0]["channels"][1]["id"]
            options = {"prompt": "a harbour #stall", "image": upload}
            await socket.send_json(
                {"t": "slash", "n": 1, "channel_id": channel, "command": "video", "options": options}
            )
            while "42" not in str(await socket.receive_json(timeout=20)):
                pass
            await press_ctrl_c(process)
    assert not Path(log[1]).parent.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
async def test_ctrl_c_works_while_the_bot_is_starting() -> None:
    process = await serve()
    assert process.stdout is not None
    await asyncio.wait_for(process.stdout.readuntil(b"Starting"), 60)
    await press_ctrl_c(process)


async def test_a_taken_port_is_said_in_words() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    taken = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = taken.sockets[0].getsockname()[1]
    process = await serve(port)
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    taken.close()
    assert process.returncode == 1
    assert f"cannot listen on port {port}" in said.decode()
    assert "Traceback" not in said.decode()
