"""Who is turned away is told which rule it was, in words that fit, and when it frees."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.models import VideoModel
from bot.policy.admission import Denial, DenialReason, DenialScope
from bot.policy.limit_kinds import LimitKind, kinds
from bot.texts.denials import denial_sentence
from tests.policy.kinds import COOLDOWN, MONEY_DAY, VIDEOS_DAY, VIDEOS_MONTH
from tests.texts.cases.facts import HERE

AT = datetime(2026, 3, 2, tzinfo=UTC)
STAMP = f"<t:{int(AT.timestamp())}:R>"


@pytest.mark.parametrize("reason", [*DenialReason, *kinds()], ids=str)
@pytest.mark.parametrize("scope", DenialScope)
def test_every_reason_has_words_and_says_that_nothing_was_counted(
    reason: DenialReason | LimitKind, scope: DenialScope
) -> None:
    sentence = denial_sentence(Denial(reason, scope, 3, AT, "", (7,)))
    assert len(sentence) > 60
    assert sentence.endswith("This didn't use up a video.")


@pytest.mark.parametrize(
    "reason",
    [
        DenialReason.BLOCKED,
        DenialReason.PAUSED,
        COOLDOWN,
        VIDEOS_DAY,
        VIDEOS_MONTH,
        MONEY_DAY,
    ],
)
def test_where_a_time_is_known_it_stands_there_as_discord_draws_it(reason: DenialReason | LimitKind) -> None:
    assert STAMP in denial_sentence(Denial(reason, DenialScope.MEMBER, 3, AT))


def test_a_time_is_never_named_before_it_is_true() -> None:
    late = AT.replace(microsecond=1)
    assert f"<t:{int(AT.timestamp()) + 1}:R>" in denial_sentence(Denial(COOLDOWN, DenialScope.MEMBER, 60, late))


def test_a_moderators_reason_is_shown_with_nothing_that_discord_would_act_on() -> None:
    sentence = denial_sentence(Denial(DenialReason.BLOCKED, retry_at=AT, note="**@everyone**"))
    assert "**@everyone**" not in sentence
    assert "everyone" in sentence


@pytest.mark.parametrize(
    ("reason", "allowed", "gone"),
    [
        (DenialReason.CHANNEL, (70, 91, 92), "a deleted channel"),
        (DenialReason.ROLE, (7, 9, 10), "a deleted role"),
    ],
)
def test_what_is_gone_is_called_so_once_and_after_what_is_there(
    reason: DenialReason, allowed: tuple[int, ...], gone: str
) -> None:
    sentence = denial_sentence(Denial(reason, allowed=allowed), HERE)

    assert sentence.count(gone) == 1
    assert f"{allowed[0]}> or {gone}" in sentence


def test_a_model_that_may_be_chosen_is_called_by_its_label() -> None:
    here = replace(HERE, models=(VideoModel("sora_video2", "Sora 2"),))
    sentence = denial_sentence(Denial(DenialReason.MODEL, allowed=("sora_video2", "gone")), here)

    assert "Sora 2" in sentence
    assert "sora" not in sentence
    assert "gone" in sentence
