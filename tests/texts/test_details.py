"""What moderators read behind one reply, for every state and every end of a request."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.models import Delivery, JobRecord, JobState, Outcome, VideoModel
from bot.policy.blocks import Block
from bot.texts.details import MANY_REFUSED, delete_line, deleted_words, details_view
from bot.texts.outcomes import state_words
from bot.texts.view import View, jump_link

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MODELS = [VideoModel("m", "Model M")]
DONE = JobRecord(
    id="0" * 32,
    guild_id=1,
    channel_id=2,
    message_id=3,
    user_id=42,
    model="m",
    prompt="a lighthouse at dusk",
    state=JobState.DONE,
    outcome=Outcome.SUCCESS,
    percent=100.0,
    video_url="https://h.example/v.mp4",
    cost=290_000,
    picture="p.jpg",
    picture_link="",
    created_at=NOW,
    started_at=NOW + timedelta(seconds=5),
    finished_at=NOW + timedelta(seconds=125),
    delivery=Delivery.REPLY,
)
OPEN = replace(DONE, state=JobState.RUNNING, outcome=None, delivery=None, finished_at=None)


def shown(view: View) -> str:
    return "\n".join(view.paragraphs)


def test_an_ended_request_names_all_there_is() -> None:
    text = shown(details_view(DONE, MODELS, None, 0))
    at = int(NOW.timestamp())
    for words in (
        f"<@42> asked for this <t:{at}:f>",
        f"[go to it]({jump_link(DONE.guild_id, DONE.channel_id, DONE.message_id)})",
        "> a lighthouse at dusk",
        "Model M",
        "made, shown in the reply",
        "0.29",
        f"asked <t:{at}:T> · started <t:{at + 5}:T> · ended <t:{at + 125}:T> · 2 min 5 s in all",
        "not blocked",
    ):
        assert words in text


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("delivery", [None, *Delivery])
def test_every_end_has_its_words(outcome: Outcome, delivery: Delivery | None) -> None:
    view = details_view(replace(DONE, outcome=outcome, delivery=delivery), MODELS, None, 0)
    assert state_words(replace(DONE, outcome=outcome)) in shown(view)
    assert "None" not in shown(view)
    assert view.actions == ("delete", "block")


def test_an_open_request_says_that_deleting_cancels_it_and_that_its_price_is_reserved() -> None:
    text = shown(details_view(OPEN, MODELS, None, 0))
    assert "deleting its reply cancels it" in text
    assert "0.29, reserved" in text
    assert "being made now" in text
    waiting = replace(OPEN, state=JobState.QUEUED, started_at=None)
    assert "waiting for its turn" in shown(details_view(waiting, MODELS, None, 0))


def test_an_erased_prompt_is_told_as_such() -> None:
    assert "The prompt was erased." in shown(details_view(replace(DONE, prompt=""), MODELS, None, 0))


def test_the_longest_of_everything_fits_into_one_message() -> None:
    record = replace(DONE, prompt="*" * 4000, guild_id=2**62, channel_id=2**62, message_id=2**62, user_id=2**62)
    view = details_view(
        record, [VideoModel("m", "*" * 4000)], Block(1, 2**62, NOW, "*" * 200, 2**62, NOW), MANY_REFUSED
    )
    assert sum(map(len, view.paragraphs)) < 4000


@pytest.mark.parametrize(
    ("refused", "words"),
    [(1, "1 refused prompt in"), (2, "2 refused prompts"), (MANY_REFUSED, f"{MANY_REFUSED} or more refused prompts")],
)
def test_refused_prompts_are_counted_up_to_a_point(refused: int, words: str) -> None:
    assert words in shown(details_view(DONE, MODELS, None, refused))


def test_a_cancel_whose_reply_could_not_be_deleted_tells_both() -> None:
    assert deleted_words("No.", cancelled=True) == "⏹️ The video was cancelled. No."
    assert deleted_words("No.", cancelled=False) == "No."
    assert "cancelled a video in" in delete_line(9, DONE, cancelled=True, deleted=False)
    assert "cancelled a video and deleted" in delete_line(9, DONE, cancelled=True, deleted=True)
