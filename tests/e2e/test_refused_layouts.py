"""What Discord does not take is sent again plainer: no reply stays as it was, and no kept video blocks its member."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import pytest_asyncio

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

READY = "Your video is ready"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def own(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Stage]:
    async with Playground(tmp_path_factory.mktemp("own"), pace=0.3, plan=SHORT_FILM, settings=QUICK) as playground:
        stage = Stage(playground, picture)
        await stage.without_pauses()
        yield stage


@contextmanager
def forbidden(stage: Stage, *words: str) -> Iterator[None]:
    """AutoMod lets nobody post these words meanwhile."""
    stage.discord.world.forbidden_words |= set(words)
    try:
        yield
    finally:
        stage.discord.world.forbidden_words -= set(words)


@contextmanager
def refused(stage: Stage, **fault: Any) -> Iterator[None]:
    added = stage.discord.faults.add(**fault)
    try:
        yield
    finally:
        stage.discord.faults.remove(added)


async def kept_video(stage: Stage, prompt: str) -> Interaction:
    """Have a video made for Mo that neither its channel nor the inbox takes."""
    staff = stage.discord.world.channel("staff")
    interaction = await stage.video(f"#slow {prompt}", by=stage.mo, where=staff)
    await stage.discord.wait_for(interaction, lambda m: re.search(r"\d%", render(m)) is not None, timeout=20)
    stage.mo.accepts_direct_messages = False
    stage.discord.kill_token(interaction)
    assert (await stage.delivered(interaction))["delivery"] == "kept"
    stage.mo.accepts_direct_messages = True
    return interaction


async def test_a_kept_video_whose_words_are_refused_comes_without_them_and_keeps_no_request_waiting(own: Stage) -> None:
    kept = await kept_video(own, "a word nobody likes")
    with forbidden(own, "nobody likes"):
        back = await own.video("something new", by=own.mo)
        await own.shows(back, READY)
        await own.until(lambda: own.row_of(kept), lambda row: row["delivery"] == "reply")

    (private,) = [m for m in back.followups if m.only_for is own.mo]
    assert READY in render(private)
    assert "nobody likes" not in render(private)


async def test_a_kept_video_that_is_refused_in_every_form_stays_kept_and_nobody_is_blocked(own: Stage) -> None:
    kept = await kept_video(own, "refused in every form")
    with refused(own, route="POST /webhooks/*", status=400, code=50035):
        await own.shows(await own.video("made all the same", by=own.mo), READY)
        quota = await own.discord.slash(own.mo, own.videos, "quota")
        assert "made all the same" in await own.told(quota)
        await own.until(lambda: own.log().count("it stays kept"), lambda count: count == 2)
    assert own.row_of(kept)["delivery"] == "kept"

    again = await own.discord.slash(own.mo, own.videos, "quota")
    await own.until(lambda: own.row_of(kept), lambda row: row["delivery"] == "reply")
    assert any("refused in every form" in render(m) for m in again.followups)


async def test_a_link_that_discord_makes_no_button_of_does_not_keep_the_reply_from_its_end(own: Stage) -> None:
    interaction = await own.video("#dotless-link from a container")
    await own.shows(interaction, "[video: video.mp4")
    message = await own.shows(interaction, READY)

    assert "[ Open" not in render(message)
    assert not [r for r in own.discord.requests if interaction.token in r.path and r.status == 400]


async def test_a_layout_that_is_refused_is_sent_again_plainer_and_the_log_names_the_field(own: Stage) -> None:
    errors: dict[str, Any] = {"_errors": [{"code": "URL_TYPE_INVALID_URL", "message": "Not a well formed URL."}]}
    for part in reversed(["components", "0", "components", "2", "components", "0", "url"]):
        errors = {part: errors}
    with refused(own, route="PATCH *", status=400, code=50035, errors=errors, holding='"style": 5'):
        interaction = await own.video("links are out of favour today")
        message = await own.shows(interaction, READY)
        assert (await own.delivered(interaction))["delivery"] == "reply"

    assert "[ Open" not in render(message)
    assert "code 50035 in components.0.components.2.components.0.url" in own.log()


@pytest.mark.parametrize("prompt", ["a film that its reply does not take", "#fail and no word of it either"])
async def test_a_reply_that_takes_no_view_of_its_end_stays_at_no_percentage(own: Stage, prompt: str) -> None:
    by = own.newcomer(prompt[:12])
    interaction = await own.video(f"#slow {prompt}", by=by)
    await own.discord.wait_for(interaction, lambda m: re.search(r"\d%", render(m)) is not None, timeout=20)
    with refused(own, route="PATCH *", status=400, code=50035, holding="-# "):
        row = await own.delivered(interaction)

    message = interaction.message
    assert message is not None
    assert "%" not in render(message)
    assert "[ " not in render(message)
    assert row["delivery"] == ("message" if row["outcome"] == "success" else "inbox")
