"""Moments that nobody plans for: a hiccup at the very end, an answer nobody can read, a double click, an old form."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, button_id
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

READY = "Your video is ready"


async def under_way(stage: Stage, prompt: str, **options: Any) -> Interaction:
    interaction = await stage.video(prompt, **options)
    await stage.discord.wait_for(interaction, lambda m: re.search(r"\d%", render(m)) is not None, timeout=20)
    return interaction


async def test_a_hiccup_while_the_reply_is_replaced_does_not_send_the_video_elsewhere(stage: Stage) -> None:
    interaction = await under_way(stage, "#slow a hiccup at the end")
    assert interaction.message is not None
    stage.discord.delete_message(interaction.message)
    stage.discord.kill_token(interaction)
    fault = stage.discord.faults.add(route="POST /channels/*", status=503, times=1)
    try:
        assert (await stage.delivered(interaction))["delivery"] == "message"
    finally:
        stage.discord.faults.remove(fault)


async def test_an_answer_that_discord_py_cannot_read_does_not_end_the_showing_of_a_job(stage: Stage) -> None:
    fault = stage.discord.faults.add(route="PATCH *", status=200, times=2)
    try:
        interaction = await stage.video("unreadable answers")
        await stage.shows(interaction, READY)
    finally:
        stage.discord.faults.remove(fault)
    assert (await stage.delivered(interaction))["delivery"] == "reply"


async def test_a_refusal_that_goes_to_the_inbox_holds_its_reasons_and_no_button_that_cannot_work_there(
    stage: Stage,
) -> None:
    interaction = await under_way(
        stage, "#refuse-result a letter", by=stage.mo, where=stage.discord.world.channel("staff")
    )
    stage.discord.kill_token(interaction)
    assert (await stage.delivered(interaction))["delivery"] == "inbox"

    inbox = stage.discord.world.direct_messages(stage.mo)
    letter = render([m for m in stage.discord.world.messages.values() if m.channel is inbox][-1])
    assert "What to change" in letter
    assert "[ " not in letter


async def test_a_double_click_on_try_again_is_paid_for_once(stage: Stage) -> None:
    interaction = await stage.video("#fail clicked twice")
    await stage.delivered(interaction)
    message = interaction.message
    assert message is not None
    clicks = await asyncio.gather(
        *(stage.discord.click(stage.mara, message, button_id(message, "Try again")) for _ in range(2))
    )
    async with stage.deadline(10):
        await asyncio.gather(*(click.acknowledged.wait() for click in clicks))
    refused = [click for click in clicks if click.message and click.message.only_for]

    assert len(refused) == 1
    assert "Already" in await stage.told(refused[0])
    (started,) = [click for click in clicks if click not in refused]
    await stage.delivered(started)
    assert len(stage.sent("#fail clicked twice")) == 2


async def test_a_form_that_was_opened_before_a_restart_is_answered(tmp_path: Path, picture: bytes) -> None:
    async with Playground(tmp_path, pace=0.3, plan=SHORT_FILM, settings=QUICK) as world:
        stage = Stage(world, picture)
        interaction = await stage.video("an old form")
        await stage.delivered(interaction)
        message = interaction.message
        assert message is not None
        opened = await world.discord.click(stage.mara, message, button_id(message, "Edit"))
        async with stage.deadline(10):
            await opened.acknowledged.wait()
        await world.bot.stop()
        await world.start_bot()
        sent = await world.discord.submit_modal(stage.mara, opened, {})

        assert "open it again" in await stage.told(sent)


async def test_the_log_holds_no_prompt_and_no_signed_link_whatever_its_level(tmp_path: Path, picture: bytes) -> None:
    settings = {**QUICK, "LOG_LEVEL": "DEBUG"}
    async with Playground(tmp_path, pace=0.3, plan=SHORT_FILM, settings=settings) as world:
        stage = Stage(world, picture)
        interaction = await stage.video("a most private prompt")
        await stage.delivered(interaction)
        log = stage.log()

    assert not [text for text in ("most private", interaction.token, "hm=") if text in log]


@pytest.mark.parametrize(
    "prompt", ["\u200b\u200d\u2060", "\u3164", "\u202e", "\u0301\ufe0f", "\U000e0080\U0001d159"], ids=ascii
)
async def test_a_prompt_that_no_one_sees_is_none(stage: Stage, prompt: str) -> None:
    assert "what should happen" in await stage.told(await stage.video(prompt))
    assert not [request for request in stage.service.requests if request.body and request.prompt == prompt]


async def test_a_reason_is_kept_without_what_no_database_takes_and_turns_no_sentence_round(stage: Stage) -> None:
    ned = stage.newcomer("Ned")
    values = {"member": ned, "duration": "1 hour", "reason": "no\x00ise \u202eat night"}
    told = await stage.told(await stage.discord.slash(stage.mo, stage.videos, "blocks add", values))
    (row,) = stage.rows("SELECT reason FROM blocks WHERE user_id = ?", ned.id)
    await stage.told(await stage.discord.slash(stage.mo, stage.videos, "blocks lift", {"member": ned}))

    assert "reason: noise at night" in told
    assert "\x00" not in row["reason"]
