"""Every family and every behaviour of video services, each as one job of the real bot, all of them at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction
from playground.fake_video_service.scenarios import Case, cases
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

CASES = cases()


class Played:
    """The job of each case, played to its end."""

    def __init__(self, stage: Stage, interactions: dict[str, Interaction]) -> None:
        self.stage = stage
        self._interactions = interactions

    def row(self, case: Case) -> dict[str, Any]:
        return self.stage.row_of(self._interactions[case.words])

    def reply(self, case: Case) -> str:
        message = self._interactions[case.words].message
        assert message is not None
        return render(message)

    def private(self, case: Case) -> str:
        return "\n".join(render(m) for m in self._interactions[case.words].followups if m.only_for)

    def everything_shown(self, case: Case) -> str:
        interaction = self._interactions[case.words]
        return "".join(str(m.components) + m.content for m in (interaction.message, *interaction.followups) if m)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def played(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Played]:
    settings = {**QUICK, "MAX_JOBS": "200", "VIDEO_STALL_TIMEOUT": "5", "VIDEO_TIMEOUT": "8", "PROGRESS_INTERVAL": "1"}
    directory = tmp_path_factory.mktemp("services")
    async with Playground(directory, pace=0.1, plan=SHORT_FILM, settings=settings) as playground:
        stage = Stage(playground, picture)
        await stage.without_pauses()
        interactions = {case.words: await stage.video(f"{case.words} a quiet harbour") for case in CASES}
        await asyncio.gather(*(ended(stage, interaction) for interaction in interactions.values()))
        yield Played(stage, interactions)


async def ended(stage: Stage, interaction: Interaction) -> None:
    """Wait for the reply that nothing more will come to."""
    working = ("thinking", "Queued", "Making your video")
    await stage.discord.wait_for(interaction, lambda m: not any(word in render(m) for word in working), timeout=60)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.words or "happy")
async def test_the_job_ends_as_a_right_client_would_have_it(played: Played, case: Case) -> None:
    row = played.row(case)

    assert row["state"] == "done"
    assert row["outcome"] in case.outcomes
    assert (row["video_url"] is not None) == (row["outcome"] == "success")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.words or "happy")
async def test_nothing_of_the_services_own_words_is_shown(played: Played, case: Case) -> None:
    shown = played.everything_shown(case)

    for word in (
        played.stage.service.key,
        "@everyone",
        "sk-",
        "guardrails",
        "request id",
        "distributor",
        "10.0.",
        "169.254",
    ):
        assert word not in shown.replace("a quiet harbour", "")


async def test_no_secret_stands_in_the_log(played: Played) -> None:
    log = played.stage.log()

    assert "ended:" in log
    assert played.stage.service.key not in log
    assert played.stage.discord.token not in log


async def test_each_request_left_exactly_once_but_for_those_turned_away_before_they_began(played: Played) -> None:
    sent: dict[str, list[int | None]] = {}
    for request in played.stage.service.requests:
        sent.setdefault(request.body["messages"][0]["content"][0]["text"], []).append(request.status)

    for prompt, statuses in sent.items():
        assert len(statuses) <= 2, prompt
        if len(statuses) == 2:
            assert statuses[0] in (429, 503), prompt


async def test_a_redirect_is_not_followed_with_the_key(played: Played) -> None:
    assert {r.path for r in played.stage.service.requests} == {"/v1/chat/completions"}


async def test_the_owner_is_told_of_each_trouble_that_only_they_can_mend(played: Played) -> None:
    world = played.stage.discord.world
    inbox = world.direct_messages(world.person("Olga"))
    told = "".join(m.content for m in world.messages.values() if m.channel is inbox)

    assert "refuses the key" in told
    assert "no credit left" in told
    assert "no longer has the model" in told
