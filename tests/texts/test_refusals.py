"""What members are told of a refusal: which review, what to change, what it cost; and nothing of it in the channel."""

from __future__ import annotations

import pytest

from bot.models import Outcome
from bot.providers.known_services import charges_for_refusals
from bot.texts.refusals import RefusalCost, refusal_details, refusal_in_public, refusal_notice

FREE = RefusalCost(charged=False, counted=False)
STAGES = [outcome for outcome in Outcome if outcome.is_refusal]


def test_the_stages_differ_in_their_words() -> None:
    assert len({refusal_details(stage, "x", FREE).paragraphs[:3] for stage in STAGES}) == len(STAGES) == 4


def test_another_picture_is_offered_only_where_the_picture_may_be_at_fault() -> None:
    offered = {stage for stage in STAGES if "picture" in refusal_details(stage, "x", FREE).actions}
    assert offered == set(STAGES) - {Outcome.MODERATION_PROMPT}


@pytest.mark.parametrize("stage", STAGES)
def test_where_the_server_counts_refusals_nobody_is_told_otherwise(stage: Outcome) -> None:
    text = "\n".join(refusal_details(stage, "x", RefusalCost(charged=False, counted=True)).paragraphs)
    assert "counts as a video" in text
    assert "didn't count" not in text


@pytest.mark.parametrize("stage", STAGES)
def test_in_public_the_reason_stands_without_the_prompt(stage: Outcome) -> None:
    public, private = refusal_in_public(stage, 42, FREE), refusal_details(stage, "secret words", FREE)
    assert public.paragraphs[:-1] == private.paragraphs[:-1]
    assert public.actions == private.actions
    assert "<@42>" in public.paragraphs[-1]
    assert "secret" not in "".join(public.paragraphs)


def test_the_notice_in_the_channel_tells_neither_the_stage_nor_the_prompt() -> None:
    text = "\n".join(refusal_notice(42).paragraphs).lower()
    assert "<@42>" in text
    for word in ("picture", "prompt", "person", "finished"):
        assert word not in text


def test_a_hostile_prompt_stays_dead_in_the_details() -> None:
    text = refusal_details(Outcome.MODERATION_PROMPT, "@everyone **x** <@1>", FREE).paragraphs[-1]
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
