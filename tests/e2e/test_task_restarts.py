"""The process ends while task services are at work for it: the next one goes on, and nothing is created twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import pytest_asyncio
from aiohttp import web

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, button_id
from playground.fake_video_service.generation import FilmPlan
from playground.playground import Playground
from tests.e2e.conftest import QUICK, Stage
from tests.e2e.test_restarts import READY, backdate
from tests.providers.tasks.film_service import listening

PATIENT = {**QUICK, "VIDEO_API": "videos", "VIDEO_STALL_TIMEOUT": "99", "VIDEO_TIMEOUT": "99", "SHUTDOWN_GRACE": "0.5"}
FILM = FilmPlan(seconds=0.5, size=(96, 64), work_seconds=8)
PHASES = ("before the create", "after the create", "while it is polled", "while its video is fetched")


@asynccontextmanager
async def staged(directory: Path, picture: bytes, plan: FilmPlan, **settings: str) -> AsyncIterator[Stage]:
    async with Playground(directory, pace=0.3, plan=plan, settings={**PATIENT, **settings}) as playground:
        yield Stage(playground, picture)


async def killed(stage: Stage) -> None:
    await stage.playground.bot.kill()
    backdate(stage, 60)


async def asked_to_leave(stage: Stage) -> None:
    assert await stage.playground.bot.stop() == 0


ENDS: dict[str, Callable[[Stage], Awaitable[None]]] = {"kill -9": killed, "SIGTERM": asked_to_leave}


class Survivor(NamedTuple):
    """A job whose process was ended in one phase of it, and all states that its reply showed afterwards."""

    stage: Stage
    interaction: Interaction
    row: dict[str, Any]
    states: list[str]

    @property
    def creates(self) -> int:
        return len(self.stage.sent(self.row["prompt"]))


Survivors = dict[tuple[str, str], Survivor]  # by how the process ended, and the phase of the job


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def survivors(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Survivors]:
    """End one process by each way, and wait for the videos of all its jobs."""
    async with AsyncExitStack() as stages:
        opened = {
            end: await stages.enter_async_context(
                staged(tmp_path_factory.mktemp("phases"), picture, FILM, MAX_JOBS="3")
            )
            for end in ENDS
        }
        played = await asyncio.gather(*(survived(stage, end) for end, stage in opened.items()))
        yield {(end, phase): survivor for end, of_end in zip(ENDS, played, strict=True) for phase, survivor in of_end}


async def survived(stage: Stage, end: str) -> list[tuple[str, Survivor]]:
    """End the process once it has a job in each phase, start the next, and wait for the videos of all."""
    asked = {
        "while it is polled": await stage.video("#slow polled"),
        "while its video is fetched": await stage.video("#content-half fetched"),  # it breaks off, and lasts 9 s
    }
    await stage.until(lambda: [r for r in stage.service.requests if r.path.endswith("/content")], bool)
    await stage.shows(asked["while it is polled"], "%")
    asked["after the create"] = await stage.video("created", by=stage.ben)
    await stage.shows(asked["after the create"], "Making your video")
    asked["before the create"] = await stage.video("waiting", by=stage.mo)
    await stage.shows(asked["before the create"], "You're next")
    await stage.until(lambda: stage.row_of(asked["after the create"])["task"], bool)
    await ENDS[end](stage)
    assert [stage.row_of(interaction)["state"] for interaction in asked.values()] == 3 * ["running"] + ["queued"]
    seen: dict[str, list[str]] = {phase: [] for phase in asked}
    async with asyncio.TaskGroup() as watching:
        for phase, interaction in asked.items():
            watching.create_task(watch(stage, interaction, seen[phase]))
        await stage.playground.start_bot()
    return [(phase, Survivor(stage, it, await stage.delivered(it), seen[phase])) for phase, it in asked.items()]


async def watch(stage: Stage, interaction: Interaction, states: list[str]) -> None:
    """Collect what the reply shows, up to its video or its end without one."""
    async with stage.deadline(60):
        async for message in stage.discord.watch(interaction):
            states.append(render(message))
            if "[video:" in states[-1] or "Interrupted" in states[-1]:
                return


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("end", ENDS)
async def test_the_reply_goes_on_and_gets_its_video(survivors: Survivors, end: str, phase: str) -> None:
    survivor = survivors[end, phase]

    assert (survivor.row["state"], survivor.row["outcome"], survivor.row["delivery"]) == ("done", "success", "reply")
    assert READY in survivor.states[-1]
    assert "[video: video.mp4" in survivor.states[-1]
    assert not [state for state in survivor.states if "Interrupted" in state]


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("end", ENDS)
async def test_its_task_was_created_once(survivors: Survivors, end: str, phase: str) -> None:
    assert survivors[end, phase].creates == 1


@pytest.mark.parametrize("end", ENDS)
async def test_each_is_counted_once_and_nothing_failed_on_the_way(survivors: Survivors, end: str) -> None:
    stage = survivors[end, PHASES[0]].stage

    usage = stage.rows("SELECT value, jobs FROM usage WHERE dimension = 'outcome'")
    assert usage == [{"value": "success", "jobs": len(PHASES)}]
    assert "Traceback" not in stage.log()


async def test_cancel_pressed_while_nobody_looks_after_a_task_reaches_the_service(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture, FILM) as stage:
        interaction = await stage.video("#stall left alone")
        await stage.shows(interaction, "42%")
        await stage.playground.bot.kill()
        await stage.playground.start_bot()
        message = interaction.message
        assert message
        pressed = await stage.discord.click(stage.mara, message, button_id(message, "Cancel"))
        assert "Cancelling in a moment" in await stage.told(pressed)
        backdate(stage, 60)

        await stage.shows(interaction, "Cancelled")
        assert (await stage.delivered(interaction))["outcome"] == "cancelled"
        assert [r.method for r in stage.service.requests if r.method in ("POST", "DELETE")] == ["POST", "DELETE"]


async def test_two_kills_in_a_row_lose_nothing(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture, FILM) as stage:
        interaction = await stage.video("#slow twice killed")
        await stage.shows(interaction, "%")
        for _ in range(2):
            await killed(stage)
            await stage.playground.bot.start()
        await stage.shows(interaction, READY, "[video: video.mp4", within=40)

        assert (await stage.delivered(interaction))["outcome"] == "success"
        assert len(stage.sent("twice killed")) == 1


async def test_a_create_that_was_on_its_way_when_the_process_was_killed_is_not_sent_again(
    tmp_path: Path, picture: bytes
) -> None:
    async def never(request: web.Request) -> web.StreamResponse:
        return await asyncio.Event().wait() or web.Response()

    async with listening() as service:
        service.answers = {"POST /v1/videos": [never]}
        async with staged(tmp_path, picture, FILM, VIDEO_API_URL=service.url) as stage:
            interaction = await stage.video("on its way")
            await stage.until(lambda: service.asked, bool)
            await killed(stage)
            await stage.playground.start_bot()
            await stage.shows(interaction, "Interrupted", "may still charge for it")

            assert (await stage.delivered(interaction))["outcome"] == "interrupted"
            assert service.paths() == ["POST /v1/videos"]
