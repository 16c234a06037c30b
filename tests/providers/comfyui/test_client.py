"""Kinora's client of a ComfyUI, against the playground's: nothing is queued twice, and nobody else's run is touched."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.errors import FetchError, FileTooLarge
from bot.models import Outcome
from bot.providers.base import Accepted, Failure, FinishedVideo, Progress, ProviderEvent, TaskHandle, Waiting
from bot.providers.comfyui.client import ComfyClient
from bot.providers.comfyui.server import ComfyServer, key_headers
from bot.providers.comfyui.workflow import load_workflow
from bot.providers.patience import Patience
from playground.bot_process import WORKFLOW
from playground.fake_video_service.comfyui.prompt import HABITS
from playground.fake_video_service.generation import FilmPlan
from tests.providers.comfyui.world import KEY, world

SLOW = FilmPlan(seconds=0.3, size=(64, 48), work_seconds=30)  # three seconds at the pace of these tests


def kinds(events: list[ProviderEvent]) -> list[str]:
    return list(dict.fromkeys(type(event).__name__ for event in events))


async def test_a_prompt_is_queued_once_followed_by_its_steps_and_its_film_fetched(tmp_path: Path) -> None:
    async with world(tmp_path) as there:
        events = await there.generate("a quiet harbour")
        size = await there.client().download(events[-1], there.path, limit=10**7, within=20)  # type: ignore[arg-type]

        assert kinds(events) == ["Accepted", "Progress", "FinishedVideo"]
        steps = [event.steps for event in events if isinstance(event, Progress)]
        assert steps == sorted(set(steps), key=lambda each: each or (0, 0))
        assert all(each and each[1] == 20 for each in steps)
        assert isinstance(events[-1], FinishedVideo)
        assert events[-1].locked
        assert there.path.stat().st_size == size > 1000
        assert there.calls("POST") == ["POST /upload/image", "POST /prompt"]


@pytest.mark.parametrize("word", HABITS)
@pytest.mark.parametrize("has_jobs", [True, False])
async def test_each_habit_ends_as_a_right_client_would_have_it(tmp_path: Path, word: str, has_jobs: bool) -> None:
    async with world(tmp_path) as there:
        there.comfy.has_jobs = has_jobs
        ending = (await there.generate(f"#{word} a quiet harbour"))[-1]

        outcome = ending.outcome if isinstance(ending, Failure) else "success"
        assert outcome == HABITS[word][1]
        assert there.calls("POST /prompt") == ["POST /prompt"]
        if isinstance(ending, Failure):
            assert "/srv" not in ending.detail
            assert ending.retry_after is None


async def test_without_a_socket_the_film_comes_all_the_same(tmp_path: Path) -> None:
    async with world(tmp_path) as there:
        there.comfy.has_socket = False

        assert kinds(await there.generate("a quiet harbour")) == ["Accepted", "FinishedVideo"]


async def test_the_place_in_the_queue_of_the_server_is_told_and_counts_down(tmp_path: Path) -> None:
    async with world(tmp_path) as there:
        others = [asyncio.create_task(there.generate(f"#stall {number}")) for number in range(2)]
        await there.until_queued(2)

        def go_on(event: ProviderEvent) -> None:
            if isinstance(event, Waiting):
                there.comfy.machine.interrupt()

        events = await there.generate("a quiet harbour", on=go_on)
        await asyncio.gather(*others)

        assert [event.place for event in events if isinstance(event, Waiting)] == [2, 1]
        assert isinstance(events[-1], FinishedVideo)


@pytest.mark.parametrize("has_jobs", [True, False])
async def test_cancel_takes_a_waiting_prompt_out_and_leaves_the_running_one(tmp_path: Path, has_jobs: bool) -> None:
    async with world(tmp_path) as there:
        there.comfy.has_jobs = has_jobs
        running = asyncio.create_task(there.generate("#stall another's"))
        await there.until_queued(1)
        waiting = asyncio.create_task(there.generate("mine"))
        await there.until_queued(2)
        mine, theirs = there.comfy.machine.waiting[0], there.comfy.machine.running
        assert theirs

        assert await there.client().cancel(TaskHandle(mine.id, "wan", created=time.time()))
        assert await there.client().cancel(TaskHandle(mine.id, "wan", created=time.time())) is False
        ending = (await waiting)[-1]
        assert isinstance(ending, Failure)
        assert ending.outcome is Outcome.PROVIDER_ERROR
        assert there.comfy.machine.running is theirs

        assert await there.client().cancel(TaskHandle(theirs.id, "wan", created=time.time()))
        ending = (await running)[-1]
        assert isinstance(ending, Failure)
        assert ending.outcome is Outcome.CANCELLED
        assert there.bodies("/interrupt") == [{"prompt_id": theirs.id}]
        assert there.bodies("/queue") == [{"delete": [mine.id]}]


async def test_what_the_next_process_follows_is_not_queued_again(tmp_path: Path) -> None:
    async with world(tmp_path, plan=SLOW) as there:
        first = asyncio.create_task(there.generate("a quiet harbour"))
        await there.until_queued(1)
        await asyncio.sleep(0.5)
        first.cancel()
        await asyncio.wait([first])
        machine = there.comfy.machine
        assert machine.running
        events = await there.follow(TaskHandle(machine.running.id, "wan", created=time.time()))

        assert kinds(events) == ["Progress", "FinishedVideo"]
        assert there.calls("POST /prompt") == ["POST /prompt"]


async def test_a_prompt_that_ended_meanwhile_is_found(tmp_path: Path) -> None:
    async with world(tmp_path) as there:
        made = await there.generate("a quiet harbour")
        assert isinstance(made[0], Accepted)

        assert await there.follow(made[0].task) == [made[-1]]


async def test_a_prompt_that_no_longer_may_leave_stays(tmp_path: Path) -> None:
    async with world(tmp_path) as there:
        events = [event async for event in there.client().generate(there.request("a cat"), lambda: False)]

        assert kinds(events) == ["Failure"]
        assert there.comfy.machine.running is None
        assert there.calls("POST /prompt") == [] or there.service.requests[-1].body is None


async def test_a_server_that_is_not_there_has_surely_not_begun(tmp_path: Path) -> None:
    async with world(tmp_path) as there:
        url = there.service.url
        await there.service.stop()
        client = ComfyClient(ComfyServer(there.session, url, KEY), {"wan": load_workflow(str(WORKFLOW))})
        (ending,) = [event async for event in client.generate(there.request("a cat"))]

        assert isinstance(ending, Failure)
        assert (ending.outcome, ending.not_begun) == (Outcome.PROVIDER_ERROR, True)
        assert "does not answer" in (await client.shortcomings())[0]


async def test_a_server_that_stops_answering_is_waited_for_and_then_given_up(tmp_path: Path) -> None:
    async with world(tmp_path) as there:
        patience = Patience(stall=3, whole=60)

        async def away(event: ProviderEvent) -> None:
            if isinstance(event, Accepted):
                await there.service.stop()

        events = await there.generate("#slow", there.client(patience=patience), away)

        assert isinstance(events[-1], Failure)
        assert events[-1].detail == "the server has not answered for too long"


async def test_a_workflow_that_the_server_cannot_run_is_refused_before_it_began(tmp_path: Path) -> None:
    path = tmp_path / "wan.json"
    path.write_text(WORKFLOW.read_text("utf-8").replace("wan2.2_ti2v_5B_fp16", "wan3"), "utf-8")
    async with world(tmp_path) as there:
        client = ComfyClient(ComfyServer(there.session, there.service.url, KEY), {"wan": load_workflow(str(path))})
        lacks = await client.shortcomings()
        (ending,) = [event async for event in client.generate(there.request("a cat"))]

        told = "node 1 (UNETLoader): unet_name 'wan3.safetensors' is not on the server; it has wan2.2_ti2v_5B_fp16.safe"
        assert lacks == [f"wan: {told}tensors"]
        assert isinstance(ending, Failure)
        assert (ending.model_gone, ending.not_begun) == (True, True)
        assert told in ending.detail


@pytest.mark.parametrize(
    ("key", "headers"),
    [
        ("", {}),
        ("token", {"Authorization": "Bearer token"}),
        ("basic:mara:a:b", {"Authorization": "Basic bWFyYTphOmI="}),
        ("header:X-API-Key:token", {"X-API-Key": "token"}),
    ],
)
async def test_the_key_is_shown_on_every_call_and_on_the_socket(
    tmp_path: Path, key: str, headers: dict[str, str]
) -> None:
    assert key_headers(key) == headers
    async with world(tmp_path, key="") as there:
        events = await there.generate("a cat", there.client(key))
        await there.client(key).download(events[-1], there.path, limit=10**7, within=20)  # type: ignore[arg-type]

        for request in there.service.requests:
            shown = {name: value for name, value in request.headers.items() if name in ("Authorization", "X-API-Key")}
            assert shown.keys() == headers.keys(), request.path
        assert {request.path for request in there.service.requests} >= {"/ws", "/prompt", "/upload/image", "/view"}


async def test_a_wrong_key_is_the_operators_to_mend(tmp_path: Path) -> None:
    async with world(tmp_path) as there:
        (ending,) = await there.generate("a cat", there.client("wrong"))

        assert isinstance(ending, Failure)
        assert ending.outcome is Outcome.AUTH
        assert await there.client("wrong").shortcomings()


async def test_the_same_picture_is_handed_over_under_the_same_name(tmp_path: Path) -> None:
    async with world(tmp_path) as there:
        await there.generate("one")
        await there.generate("two")

        (name,) = there.comfy.pictures
        assert name.startswith("kinora/")
        assert name.endswith(".png")


class Files:
    """A server of one file, which answers each request as it is told next."""

    def __init__(self, *answers: tuple[int, bytes, dict[str, str]]) -> None:
        self.answers = list(answers)
        self.ranges: list[str | None] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.ranges.append(request.headers.get("Range"))
        status, body, headers = self.answers.pop(0)
        response = web.StreamResponse(status=status, headers=headers)
        await response.prepare(request)
        await response.write(body)
        if request.transport:
            request.transport.close()
        return response


async def fetched(folder: Path, files: Files, limit: int = 1000) -> bytes:
    app = web.Application()
    app.router.add_get("/view", files.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with aiohttp.ClientSession() as session:
            server = ComfyServer(session, f"http://127.0.0.1:{runner.addresses[0][1]}", "")
            await server.download("/view?filename=a.mp4", folder / "film", limit=limit, within=20)
            return (folder / "film").read_bytes()
    finally:
        await runner.cleanup()


VIDEO = {"Content-Type": "video/mp4"}


async def test_a_transfer_that_breaks_off_goes_on_where_it_was(tmp_path: Path) -> None:
    files = Files(
        (200, b"12345", {**VIDEO, "Content-Length": "10"}),
        (206, b"67890", {**VIDEO, "Content-Length": "5", "Content-Range": "bytes 5-9/10"}),
    )

    assert await fetched(tmp_path, files) == b"1234567890"
    assert files.ranges == [None, "bytes=5-"]


async def test_a_server_that_knows_no_ranges_sends_all_again(tmp_path: Path) -> None:
    whole = (200, b"1234567890", {**VIDEO, "Content-Length": "10"})
    files = Files((200, b"12345", {**VIDEO, "Content-Length": "10"}), whole)

    assert await fetched(tmp_path, files) == b"1234567890"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((404, b"", {}), FetchError),
        ((302, b"", {"Location": "http://127.0.0.1:1/"}), FetchError),
        ((200, b"<html>sign in", {"Content-Type": "text/html"}), FetchError),
        ((200, b"x" * 2000, VIDEO), FileTooLarge),
    ],
)
async def test_what_is_no_film_is_not_kept(tmp_path: Path, answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        await fetched(tmp_path, Files(answer))

    assert not (tmp_path / "film").exists()
