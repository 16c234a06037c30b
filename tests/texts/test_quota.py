"""What members read about their own use and their limits."""

from __future__ import annotations

from bot.policy.limit_usage import LimitUsage
from bot.policy.policy import Allowance
from bot.texts.quota import quota_view
from tests.texts.cases.facts import UNLIMITED, USED, usage


def page(own: LimitUsage = UNLIMITED, server: LimitUsage = UNLIMITED) -> str:
    return "\n".join(quota_view(own, server, (), ()).paragraphs)


def test_without_limits_the_use_alone_is_told() -> None:
    text = page(usage(Allowance(), USED))
    assert "3 videos" in text
    assert "left" not in text
    assert "everyone together" not in text


def test_a_limit_that_was_lowered_below_the_use_leaves_nothing_and_not_less() -> None:
    text = page(usage(Allowance(videos_day=1, money_day=1), USED))
    assert "3 of 1 video, **0 left** · 0.87 of 0.000001 spent, **0.00 left**" in text


def test_of_the_server_only_what_is_limited_is_told() -> None:
    text = page(server=usage(Allowance(videos_month=50), USED))
    together = text.partition("everyone together")[2].partition("\n\n")[0]
    assert "12 of 50 videos" in together
    assert "Today" not in together
