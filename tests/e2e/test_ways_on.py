"""What a reply without a video offers: only what can help, another model where one is gone, a word before a pause."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playground.fake_discord.people.rendering import render
from tests.e2e.conftest import Stage
from tests.e2e.test_ideas import UPLOADED, form
from tests.e2e.test_restarts import staged

MODELS = json.dumps(
    [
        {"name": "sora_video2", "label": "Sora 2"},
        {"name": "pro", "label": "Sora Pro"},
        {"name": "pair", "max_images": 2, "min_images": 2},
    ]
)
SELECT = 3  # type of a form's field


@pytest.mark.parametrize(
    ("scenario", "shown", "offered"),
    [
        ("#fail", "The video service failed", ["│ [ Try again ]"]),
        ("#overload", "too busy", ["│ [ Try again ]"]),
        ("#quota", "out of credit", []),
        ("#auth", "rejected the bot's key", []),
    ],
)
async def test_a_failure_offers_only_what_can_help(stage: Stage, scenario: str, shown: str, offered: list[str]) -> None:
    message = await stage.shows(await stage.video(f"{scenario} and now"), shown)
    assert [line for line in render(message).splitlines() if "[ " in line] == offered


async def test_where_the_model_is_gone_another_one_is_chosen_that_takes_the_same(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture, VIDEO_MODELS=MODELS) as stage:
        message = await stage.shows(await stage.video("#no-model here"), "no longer has this model", "[ Other model ]")
        asked = await form(stage, message, "Other model")
        assert asked.modal
        parts = {label["component"]["type"]: label["component"] for label in asked.modal["components"]}
        assert [option["label"] for option in parts[SELECT]["options"]] == ["Sora Pro"]

        values = {parts[4]["custom_id"]: "a good one", parts[SELECT]["custom_id"]: ["0"]}
        sent = await stage.discord.submit_modal(stage.mara, asked, values)
        await stage.shows(sent, UPLOADED)
        assert stage.row_of(sent)["model"] == "pro"


async def test_the_refusal_before_a_pause_warns_and_the_one_that_starts_it_says_so(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture) as stage:
        told = []
        for number in range(3):
            interaction = await stage.video(f"#refuse-prompt {number}")
            await stage.delivered(interaction)
            told.append(await stage.told(interaction))
        assert ["One more refused prompt" in words for words in told] == [False, True, False]
        assert ["you are paused here" in words for words in told] == [False, False, True]
