"""Who is turned away is told which rule it was, in words that fit, and when it frees."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.policy.admission import Denial, DenialReason
from bot.policy.limit_kinds import LimitKind, kinds
from bot.texts.denials import denial_sentence
from tests.policy.kinds import AT_ONCE, COOLDOWN, MONEY_DAY, VIDEOS_DAY, VIDEOS_MONTH

AT = datetime(2026, 3, 2, tzinfo=UTC)
STAMP = f"<t:{int(AT.timestamp())}:R>"


@pytest.mark.parametrize("reason", [*DenialReason, *kinds()], ids=str)
@pytest.mark.parametrize("of_server", [True, False])
def test_every_reason_has_words_and_says_that_nothing_was_counted(
    reason: DenialReason | LimitKind, of_server: bool
) -> None:
    sentence = denial_sentence(Denial(reason, of_server, 3, AT, "", (7,)))
    assert len(sentence) > 60
    assert sentence.endswith("Nothing was started and nothing was counted.")


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
    assert STAMP in denial_sentence(Denial(reason, False, 3, AT))


def test_a_time_is_never_named_before_it_is_true() -> None:
    late = AT.replace(microsecond=1)
    assert f"<t:{int(AT.timestamp()) + 1}:R>" in denial_sentence(Denial(COOLDOWN, False, 60, late))


@pytest.mark.parametrize(
    ("denial", "words"),
    [
        (Denial(VIDEOS_DAY, False, 1, AT), "You have used all 1 video of this day (UTC)"),
        (Denial(VIDEOS_MONTH, True, 5, AT), "This server has used all 5 videos of this month (UTC)"),
        (Denial(MONEY_DAY, True, 1_500_000, AT), "this server's budget of 1.50 for this day"),
        (Denial(AT_ONCE, False, 2), "2 videos of yours may be in the making at once"),
        (Denial(VIDEOS_DAY, True, 0, AT), "switched off on this server"),
        (Denial(AT_ONCE, False, 0), "switched off for you here"),
        (Denial(DenialReason.CHANNEL, allowed=(7, 8)), "Try <#7> or <#8>."),
        (Denial(DenialReason.ROLE, allowed=(7,)), "It is <@&7>."),
        (Denial(COOLDOWN, False, 90, AT), "1 min 30 s between two of your requests"),
        (Denial(DenialReason.CHANNEL, allowed=tuple(range(12))), "or one of 2 more."),
    ],
)
def test_the_words_fit_the_limit(denial: Denial, words: str) -> None:
    assert words in denial_sentence(denial)


def test_a_moderators_reason_is_shown_with_nothing_that_discord_would_act_on() -> None:
    sentence = denial_sentence(Denial(DenialReason.BLOCKED, retry_at=AT, note="**@everyone**"))
    assert "**@everyone**" not in sentence
    assert "everyone" in sentence
