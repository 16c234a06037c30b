"""An acknowledgement that Discord took although its answer got lost: the member is answered all the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Upload
from tests.e2e.conftest import Stage

READY = "Your video is ready"
LOST: list[dict[str, Any]] = [{"status": 502}, {"status": 503}, {"drop_connection": True}]


@contextmanager
def losing_answers(stage: Stage, **fault: Any) -> Iterator[None]:
    added = stage.discord.faults.add(route="POST /interactions/*", **fault)
    try:
        yield
    finally:
        stage.discord.faults.remove(added)


@pytest.mark.parametrize("way", LOST, ids=str)
async def test_a_video_is_made_and_shown_although_the_answer_to_its_acknowledgement_was_lost(
    stage: Stage, way: dict[str, Any]
) -> None:
    with losing_answers(stage, times=1, takes_effect=True, **way):
        interaction = await stage.video(f"lost by {way}")
        await stage.shows(interaction, READY)

    row = await stage.delivered(interaction)
    assert row["message_id"] == interaction.message.id  # type: ignore[union-attr]


@pytest.mark.parametrize("command", ["quota", "privacy show", "help"])
async def test_a_private_answer_comes_although_the_answer_to_its_acknowledgement_was_lost(
    stage: Stage, command: str
) -> None:
    with losing_answers(stage, times=1, takes_effect=True, drop_connection=True):
        asked = await stage.discord.slash(stage.mara, stage.videos, command)
        await stage.told(asked)

    assert "Something went wrong" not in " ".join(render(m) for m in asked.followups)


async def test_an_acknowledgement_that_never_arrives_is_one_line_of_the_log_without_a_traceback(stage: Stage) -> None:
    before = len(stage.log())
    with losing_answers(stage, drop_connection=True):
        asked = await stage.discord.slash(stage.mara, stage.videos, "quota")
        log = await stage.until(lambda: stage.log()[before:], lambda text: "could not be reached" in text, within=30)

    assert asked.failed
    assert "Traceback" not in log
    assert "ERROR" not in log


@pytest.mark.parametrize(
    "way",
    [{"status": 404, "code": 10062}, {"status": 400, "code": 40060}, {"drop_connection": True}],
    ids=["too late", "answered", "no connection"],
)
async def test_choices_that_nobody_waits_for_any_more_are_one_line_of_the_log_without_a_traceback(
    stage: Stage, way: dict[str, Any]
) -> None:
    before = len(stage.log())
    with losing_answers(stage, **way):
        assert await stage.discord.autocomplete(stage.mara, stage.videos, "video", "model", {"model": "s"}) == []
        log = await stage.until(lambda: stage.log()[before:], lambda text: "choices were not offered" in text)

    assert "Traceback" not in log
    assert "ERROR" not in log


@pytest.mark.parametrize(
    ("command", "words"),
    [("usage overview", "(UTC)"), ("quota", "Your videos here"), ("limits show", "This server's rules")],
)
async def test_a_view_that_came_although_the_answer_to_it_was_lost_is_not_told_as_failed(
    stage: Stage, command: str, words: str
) -> None:
    fault = stage.discord.faults.add(
        "PATCH /webhooks/*", times=1, takes_effect=True, drop_connection=True, holding=words
    )
    before = len(stage.log())
    try:
        asked = await stage.discord.slash(stage.mo, stage.videos, command)
        log = await stage.until(lambda: stage.log()[before:], lambda text: "sending it once more" in text)
        again = await stage.discord.slash(stage.mo, stage.videos, "quota")  # what came before it has been told by then
        await stage.told(again)
    finally:
        stage.discord.faults.remove(fault)

    assert asked.followups == []
    assert "Traceback" not in log


@pytest.mark.parametrize(("status", "code"), [(404, 10008), (404, 10015), (401, 50027), (404, 10003)])
async def test_an_answer_that_is_gone_is_one_line_of_the_log_without_a_traceback(
    stage: Stage, status: int, code: int
) -> None:
    fault = stage.discord.faults.add("PATCH /webhooks/*", status=status, code=code, holding="Your videos here")
    before = len(stage.log())
    try:
        asked = await stage.discord.slash(stage.mo, stage.videos, "quota")
        log = await stage.until(lambda: stage.log()[before:], lambda text: f"code {code}" in text)
    finally:
        stage.discord.faults.remove(fault)

    assert asked.followups == []
    assert "Traceback" not in log
    assert "ERROR" not in log


async def test_why_nothing_was_started_is_told_although_the_first_word_of_it_was_lost(stage: Stage) -> None:
    values = {"prompt": "no picture at all", "image": Upload("words.png", b"just words", content_type="image/png")}
    fault = stage.discord.faults.add("POST /webhooks/*", times=1, drop_connection=True)
    try:
        refused = await stage.discord.slash(stage.mara, stage.videos, "video", values)
        assert "can't read that file as a picture" in await stage.told(refused)
    finally:
        stage.discord.faults.remove(fault)
