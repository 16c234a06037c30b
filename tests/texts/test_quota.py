"""What members read about their own use, their limits and their data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.models import Delivery, JobRecord, JobState, Outcome
from bot.policy.blocks import Block
from bot.policy.limit_kinds import DAY, MONTH
from bot.policy.limit_kinds import NOW as NOW_OPEN
from bot.policy.limit_usage import CounterValue, LimitUsage
from bot.policy.policy import Allowance
from bot.texts.quota import hindrance_words, quota_view
from bot.texts.view import View
from tests.texts.test_details import DONE, OPEN

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
TOMORROW = int(datetime(2026, 4, 1, tzinfo=UTC).timestamp())
NOTHING = LimitUsage(Allowance(), {}, NOW)
SOME = {
    DAY: CounterValue(3, 870_000),
    MONTH: CounterValue(12, 3_480_000),
    NOW_OPEN: CounterValue(1, 290_000, NOW - timedelta(seconds=20)),
}


def page(own: LimitUsage = NOTHING, server: LimitUsage = NOTHING, latest: tuple[JobRecord, ...] = ()) -> str:
    return shown(quota_view(own, server, (), latest))


def shown(view: View) -> str:
    return "\n".join(view.paragraphs)


def test_without_limits_the_use_alone_is_told() -> None:
    text = page(LimitUsage(Allowance(), SOME, NOW))
    assert "**Today**: 3 videos · 0.87 spent\n**This month**: 12 videos · 3.48 spent" in text
    assert "no limit for members" in text
    assert "left" not in text
    assert "all members together" not in text


def test_each_limit_tells_what_is_left_and_when_it_begins_anew() -> None:
    may = Allowance(videos_day=5, videos_month=30, at_once=2, money_day=2_000_000, money_month=10_000_000, cooldown=60)
    text = page(LimitUsage(may, SOME, NOW))
    assert f"3 of 5 videos, **2 left** · 0.87 of 2.00 spent, **1.13 left** · begins anew <t:{TOMORROW}:R>" in text
    assert "12 of 30 videos, **18 left** · 3.48 of 10.00 spent, **6.52 left**" in text
    assert "**At once**: 1 of 2 in the making" in text
    assert f"1 min, the next one <t:{int(NOW.timestamp()) + 40}:R>" in text
    assert "no limit for members" not in text


def test_a_pause_that_is_over_names_no_time() -> None:
    text = page(LimitUsage(Allowance(cooldown=10), SOME, NOW))
    assert "**Between two requests**: 10 s\n" in text


def test_a_limit_that_was_lowered_below_the_use_leaves_nothing_and_not_less() -> None:
    text = page(LimitUsage(Allowance(videos_day=1, money_day=1), SOME, NOW))
    assert "3 of 1 video, **0 left** · 0.87 of 0.000001 spent, **0.00 left**" in text


def test_of_the_server_only_what_is_limited_is_told() -> None:
    text = page(server=LimitUsage(Allowance(videos_month=50), SOME, NOW))
    together = text.partition("all members together")[2].partition("\n\n")[0]
    assert "12 of 50 videos" in together
    assert "Today" not in together


def test_a_role_without_limits_is_told() -> None:
    assert "frees you from the limits" in page(LimitUsage(Allowance(unlimited=True), SOME, NOW))


def test_the_latest_requests_lead_to_their_messages_unless_those_are_gone() -> None:
    jobs = (OPEN, replace(DONE, outcome=Outcome.MODERATION_IMAGE), DONE, replace(DONE, delivery=Delivery.KEPT))
    text = page(latest=(*jobs, replace(DONE, delivery=Delivery.DROPPED, prompt="")))
    assert text.count("[go to it](https://discord.com/channels/1/2/3)") == 3
    for words in ("⏳ being made now", "🚫 refused for the picture", "✅ made", "kept for you", "its reply is gone"):
        assert words in text


def test_the_longest_page_fits_into_one_message() -> None:
    may = Allowance(
        **dict.fromkeys(("videos_day", "videos_month", "money_day", "money_month"), 10**15), cooldown=86_400
    )
    long = replace(DONE, prompt="*" * 500, guild_id=2**62, channel_id=2**62, message_id=2**62)
    block = Block(1, 2, NOW, "*" * 200, 3, NOW)
    hindrances = hindrance_words(block, range(2**62, 2**62 + 50), offered=False)
    view = quota_view(LimitUsage(may, SOME, NOW), LimitUsage(may, SOME, NOW), hindrances, (long,) * 5)
    assert sum(map(len, view.paragraphs)) < 4000


def test_nothing_hinders_whom_nothing_hinders() -> None:
    assert hindrance_words(None, (), offered=True) == []
    assert "<@&5>" in hindrance_words(None, {5}, offered=True)[0]
    assert "Whoever hosts" in hindrance_words(None, (), offered=False)[0]


def test_what_becomes_of_refused_requests_is_told_as_the_server_has_it() -> None:
    for count in (False, True):
        text = shown(quota_view(NOTHING, NOTHING, (), (), refusals_count=count))
        assert ("unless a review refused it" in text) is count


def test_a_waiting_request_is_worded() -> None:
    assert "waiting for its turn" in page(latest=(replace(OPEN, state=JobState.QUEUED),))
