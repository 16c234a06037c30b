"""Every speaker and every habit of task services, each as one job of the real bot, all of them at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

import pytest
import pytest_asyncio

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, button_id
from playground.fake_discord.world.messages import Message
from playground.fake_video_service.recorded_request import RecordedRequest
from playground.fake_video_service.tasks.dialects import OPENAI_SHAPED
from playground.fake_video_service.tasks.habits import HABITS
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage
from tests.e2e.test_services import ended


class Case(NamedTuple):
    """A value of VIDEO_API, the words of a prompt, and the outcome that a right client reports."""

    speaks: str
    words: str
    outcome: str


SPEAKERS = [*(("videos", f"#{word} ") for word in OPENAI_SHAPED), ("openrouter", ""), ("xai", "")]
REFUSALS = {f"#refuse-{stage}": f"moderation_{stage}" for stage in ("image", "prompt", "result", "unknown")}
MADE = [Case(speaks, words, "success") for speaks, words in SPEAKERS]
REFUSED = [Case(speaks, words + word, end) for speaks, words in SPEAKERS for word, end in REFUSALS.items()]
FAILED = [Case(speaks, f"{words}#fail", "provider_error") for speaks, words in SPEAKERS]
ON_THE_WAY = [Case("videos", f"#{habit.word}", habit.outcome) for habit in HABITS]
BUSY, TURNED_AWAY = Case("videos", "#busy-once", "success"), Case("videos", "#overload", "rate_limited")
LOST = Case("videos", "#create-lost", "interrupted")
BIG = Case("videos", "#big", "success")
LEAK = Case("openrouter", "#leak", "provider_error")
SENT_ELSEWHERE = Case("videos", "#redirect", "provider_error")
CASES = [*MADE, *REFUSED, *FAILED, *ON_THE_WAY, BUSY, TURNED_AWAY, BIG, LEAK, SENT_ELSEWHERE]


class Job(NamedTuple):
    """One job that was played to its end."""

    stage: Stage
    interaction: Interaction
    row: dict[str, Any]

    @property
    def reply(self) -> Message:
        assert self.interaction.message is not None
        return self.interaction.message

    @property
    def shown(self) -> str:
        """All that anybody was shown of it."""
        return "".join(render(m) + str(m.components) for m in (self.reply, *self.interaction.followups))

    @property
    def creates(self) -> list[RecordedRequest]:
        return [r for r in self.stage.sent(self.row["prompt"]) if r.prompt == self.row["prompt"]]


Jobs = dict[Case, Job]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stages(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[dict[str, Stage]]:
    """One bot for each shape, by the value of VIDEO_API."""
    patience = {"VIDEO_STALL_TIMEOUT": "20", "VIDEO_TIMEOUT": "30", "VIDEO_FIT": "false"}
    settings = {**QUICK, **patience, "MAX_JOBS": "200", "PROGRESS_INTERVAL": "1"}
    async with AsyncExitStack() as playgrounds:
        stages = {}
        for speaks in dict(SPEAKERS):
            playground = Playground(
                tmp_path_factory.mktemp(speaks), pace=0.3, plan=SHORT_FILM, settings={**settings, "VIDEO_API": speaks}
            )
            stages[speaks] = Stage(await playgrounds.enter_async_context(playground), picture)
            await stages[speaks].without_pauses()
        yield stages


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def jobs(stages: dict[str, Stage]) -> Jobs:
    return dict(zip(CASES, await asyncio.gather(*(played(stages[case.speaks], case) for case in CASES)), strict=True))


async def played(stage: Stage, case: Case) -> Job:
    interaction = await stage.video(f"{case.words} a quiet harbour")
    await ended(stage, interaction)
    return Job(stage, interaction, await stage.delivered(interaction))


def named(case: Case) -> str:
    return f"{case.speaks} {case.words}".strip()


@pytest.mark.parametrize("case", CASES, ids=named)
async def test_the_job_ends_as_a_right_client_would_have_it(jobs: Jobs, case: Case) -> None:
    row = jobs[case].row

    assert (row["state"], row["outcome"]) == ("done", case.outcome)
    assert (row["video_url"] is not None) == (case.outcome == "success")


@pytest.mark.parametrize("case", [*MADE, *(case for case in ON_THE_WAY if case.outcome == "success")], ids=named)
async def test_the_video_is_uploaded_and_is_the_one_that_the_service_made(jobs: Jobs, case: Case) -> None:
    job = jobs[case]
    (file,) = [file for file in job.reply.attachments if file.filename == "video.mp4"]
    (create,) = job.creates

    assert create.film is not None
    assert await job.stage.download(job.stage.discord.cdn.url(file)) == create.film.read_bytes()


@pytest.mark.parametrize("case", CASES, ids=named)
async def test_a_link_that_only_the_key_opens_is_never_posted(jobs: Jobs, case: Case) -> None:
    job = jobs[case]

    assert "/content" not in job.shown
    assert "/videos/" not in job.shown
    assert "kept:" not in job.shown
    assert case.outcome != "success" or job.row["video_url"].startswith("kept:")


@pytest.mark.parametrize("case", CASES, ids=named)
async def test_each_task_was_created_once_unless_it_was_turned_away(jobs: Jobs, case: Case) -> None:
    statuses = [create.status for create in jobs[case].creates]

    assert statuses[-1] not in (429, 503) or case is TURNED_AWAY
    assert len(statuses) == (2 if case in (BUSY, TURNED_AWAY) else 1)


@pytest.mark.parametrize("case", [*FAILED, LEAK], ids=named)
async def test_a_failure_is_told_in_our_own_words(jobs: Jobs, case: Case) -> None:
    assert "The video service failed" in render(jobs[case].reply)
    for word in ("@everyone", "sk-", "sora-pool", "generation_failed", "could not be generated"):
        assert word not in jobs[case].shown


async def test_a_create_without_an_answer_is_not_repeated_and_the_member_reads_that_it_may_cost(jobs: Jobs) -> None:
    assert len(jobs[LOST].creates) == 1
    assert "The service may still charge for it" in render(jobs[LOST].reply)


async def test_a_video_that_is_too_large_for_discord_is_said_to_be_and_has_no_link(jobs: Jobs) -> None:
    text = render(jobs[BIG].reply)

    assert "The service gives no link to it" in text
    assert "http" not in text
    assert not [file for file in jobs[BIG].reply.attachments if file.filename == "video.mp4"]


async def test_a_redirect_of_the_create_is_not_followed(jobs: Jobs) -> None:
    paths = {request.path for request in jobs[SENT_ELSEWHERE].stage.service.requests}

    assert all(path.startswith("/v1/videos") for path in paths)


class Cancelled(NamedTuple):
    """What was shown of a job while it ran, its outcome, and how often its task was asked to stop."""

    shown: str
    outcome: str
    deletes: int


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def cancelled(stages: dict[str, Stage]) -> dict[tuple[str, str], Cancelled]:
    jobs = await asyncio.gather(*(cancel(stages[speaks], words) for speaks, words in SPEAKERS))
    return dict(zip(SPEAKERS, jobs, strict=True))


async def cancel(stage: Stage, words: str) -> Cancelled:
    """Press **Cancel** once the service was asked for the task."""
    interaction = await stage.video(f"{words}#stall until Cancel")
    await stage.shows(interaction, "Making your video")
    task = json.loads(await stage.until(lambda: stage.row_of(interaction)["task"] or "", bool))["id"]
    await stage.until(lambda: [r for r in stage.service.requests if r.method == "GET" and task in r.path], bool)
    shown = render(await stage.shows(interaction, "42%" if "#openai" in words else "Making your video"))
    message = await stage.shows(interaction, "Cancel")
    await stage.discord.click(stage.mara, message, button_id(message, "Cancel"))
    await stage.shows(interaction, "Cancelled")
    row = await stage.delivered(interaction)
    deletes = [r for r in stage.service.requests if r.method == "DELETE" and task in r.path]
    return Cancelled(shown, row["outcome"], len(deletes))


@pytest.mark.parametrize(("speaks", "words"), SPEAKERS)
async def test_cancel_reaches_the_services_that_have_one(
    cancelled: dict[tuple[str, str], Cancelled], speaks: str, words: str
) -> None:
    _, outcome, deletes = cancelled[speaks, words]

    assert (outcome, deletes) == ("cancelled", 1 if speaks == "videos" else 0)


async def test_the_percentage_that_the_service_names_is_shown(
    cancelled: dict[tuple[str, str], Cancelled],
) -> None:
    assert "42%" in cancelled[SPEAKERS[0]].shown
    assert "Waiting for the first progress" in cancelled["openrouter", ""].shown


@pytest.mark.parametrize("case", [MADE[-2], MADE[-1]], ids=named)
async def test_the_cost_that_the_service_names_is_kept(jobs: Jobs, case: Case) -> None:
    assert jobs[case].row["service_cost"] == 500_000


async def test_no_secret_stands_in_the_log_or_in_a_reply(jobs: Jobs) -> None:
    for job in jobs.values():
        assert job.stage.service.key not in job.shown
    for stage in {job.stage.service.url: job.stage for job in jobs.values()}.values():
        assert "ended:" in stage.log()
        assert stage.service.key not in stage.log()
        assert "Traceback" not in stage.log()
