"""What members are told of a refusal: which review, what to change, what it cost; and nothing of it in the channel."""

from __future__ import annotations

import pytest

from bot.models import Outcome
from bot.refusals import refusal_details, refusal_notice
from bot.services import charges_for_refusals

STAGES = [outcome for outcome in Outcome if outcome.is_refusal]


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_says_what_was_checked_what_to_change_and_that_it_did_not_count(stage: Outcome) -> None:
    text = "\n".join(refusal_details(stage, "a prompt", charged=False).paragraphs)
    for words in ("What was checked", "What to change", "did not count against any limit", "a prompt"):
        assert words in text
    assert "charge" not in text


def test_the_stages_differ_in_their_words() -> None:
    assert len({refusal_details(stage, "x", charged=False).paragraphs[:3] for stage in STAGES}) == len(STAGES) == 4


def test_another_picture_is_offered_only_where_the_picture_may_be_at_fault() -> None:
    offered = {stage for stage in STAGES if "picture" in refusal_details(stage, "x", charged=False).actions}
    assert offered == set(STAGES) - {Outcome.MODERATION_PROMPT}


def test_money_is_spoken_of_where_the_service_is_known_to_charge() -> None:
    text = "\n".join(refusal_details(Outcome.MODERATION_IMAGE, "x", charged=True).paragraphs)
    assert "known to charge for refused requests" in text


def test_the_notice_in_the_channel_tells_neither_the_stage_nor_the_prompt() -> None:
    text = "\n".join(refusal_notice(42).paragraphs).lower()
    assert "<@42>" in text
    for word in ("picture", "prompt", "person", "finished"):
        assert word not in text


def test_a_hostile_prompt_stays_dead_in_the_details() -> None:
    text = refusal_details(Outcome.MODERATION_PROMPT, "@everyone **x** <@1>", charged=False).paragraphs[-1]
    assert "@everyone" not in text.replace("\\@everyone", "")
    assert "<@1>" not in text


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://api.laozhang.ai/v1", True),
        ("https://laozhang.ai", True),
        ("https://notlaozhang.ai", False),
        ("https://laozhang.ai.evil.example", False),
        ("https://api.openai.com", False),
    ],
)
def test_a_service_is_known_by_its_host_alone(url: str, known: bool) -> None:
    assert charges_for_refusals(url) is known
