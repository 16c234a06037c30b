"""What moderators read of numbers: one first, honest trends, nothing from outside that Discord would act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.models import Outcome, VideoModel
from bot.policy.blocks import KINORA, Block
from bot.policy.limit_kinds import DAY, MONTH, Unit, Window, kinds
from bot.policy.limit_kinds import NOW as OPEN
from bot.policy.limit_usage import CounterValue, LimitUsage
from bot.policy.policy import Allowance
from bot.reports.usage_report import Tally, UsageReport
from bot.texts.usage import PERIODS, member_view, no_day, overview_view
from bot.texts.view import View

NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)
MODELS = [VideoModel("sora_video2", "Sora 2")]
OUTCOMES = {
    Outcome.SUCCESS: 90,
    Outcome.MODERATION_PROMPT: 12,
    Outcome.MODERATION_IMAGE: 8,
    Outcome.TIMEOUT: 5,
    Outcome.PROVIDER_ERROR: 3,
    Outcome.CANCELLED: 2,
}
EVENING = (*[1] * 18, 40, 41, 21, 0, 0, 0)


def a_report(**changes: Any) -> UsageReport:
    """The report of a busy month; ``changes`` replace its fields."""
    fields: dict[str, Any] = {
        "since": date(2026, 3, 1),
        "until": date(2026, 3, 30),
        "total": Tally(120, 90, 20, 18_000_000),
        "before": Tally(100, 80, 10, 0),
        "by_outcome": OUTCOMES,
        "by_day": {},
        "by_hour": EVENING,
        "members": ((7, Tally(80, 60, 15, 12_000_000)), (8, Tally(40, 30, 5, 6_000_000))),
        "member_count": 2,
        "models": (("sora_video2", Tally(120, 90, 20, 18_000_000)),),
        "channels": ((70, Tally(100, 80, 20, 0)), (71, Tally(20, 10, 0, 0))),
    }
    return UsageReport(**fields | changes)


def empty(**changes: Any) -> UsageReport:
    nothing: dict[str, Any] = {"total": Tally(), "before": Tally(), "by_outcome": {}, "by_hour": (0,) * 24}
    return a_report(**nothing | {"members": (), "member_count": 0, "models": (), "channels": ()} | changes)


def shown(view: View) -> str:
    return "\n".join(view.paragraphs)


def overview(report: UsageReport, **options: Any) -> str:
    return shown(overview_view(report, "My server", MODELS, **options))


def limits(allowance: Allowance, used: Mapping[Window, CounterValue] | None = None) -> LimitUsage:
    return LimitUsage(allowance, used or {}, NOW)


def member(allowance: Allowance = Allowance(), *, report: UsageReport | None = None, **options: Any) -> str:  # noqa: B008 - frozen
    used = limits(allowance, options.pop("used", None))
    return shown(member_view(report or a_report(), 7, MODELS, used, **options))


def test_the_overview_begins_with_one_number_then_what_was_made_and_spent_and_the_trend() -> None:
    assert overview_view(a_report(), "My server", MODELS).paragraphs[0].splitlines() == [
        "## 120 requests",
        "My server · 1 Mar – 30 Mar 2026 (UTC)",
        "**90 became videos** · spent 18.00",
        "▲ 20 % against the 30 days before (100)",
    ]


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (123, 100, "▲ 23 % against the 30 days before (100)"),
        (50, 100, "▼ 50 % against the 30 days before (100)"),
        (100, 100, "▬ About as many as in the 30 days before (100)"),
        (1001, 1000, "▬ About as many as in the 30 days before (1,000)"),
        (5000, 2, "▲ 2,500 times the 30 days before (2)"),
        (0, 1, "There was 1 in the 30 days before"),
        (0, 1200, "There were 1,200 in the 30 days before"),
        (3, 0, "Nothing to compare with: none in the 30 days before"),
        (0, 0, "None in the 30 days before either"),
    ],
)
def test_the_trend_is_told_in_percent_only_where_that_means_something(now: int, before: int, words: str) -> None:
    assert overview(a_report(total=Tally(now), before=Tally(before))).splitlines()[3 if now else 2] == words


def test_a_single_day_is_compared_with_the_day_before() -> None:
    page = overview(a_report(since=date(2026, 3, 30), before=Tally(60)))
    assert "▲ 100 % against the day before (60)" in page
    assert "My server · 30 Mar 2026 (UTC)" in page
    assert "There were 60 on the day before" in overview(empty(since=date(2026, 3, 30), before=Tally(60)))


def test_a_span_over_new_year_names_both_years() -> None:
    page = overview(a_report(since=date(2025, 12, 5), until=date(2026, 1, 3)))
    assert "5 Dec 2025 – 3 Jan 2026 (UTC)" in page


def test_outcomes_are_grouped_with_refusals_by_stage() -> None:
    lines = overview(a_report()).splitlines()
    assert "✅ 90 made (75 %)" in lines
    assert "🚫 20 refused (17 %): 12 for the prompt · 8 for the picture" in lines
    assert "⚠️ 10 failed or stopped (8 %): 5 took too long · 3 failed at the service · 2 cancelled" in lines


def test_every_outcome_is_counted_somewhere() -> None:
    for outcome in Outcome:
        total = Tally(4, 4 * (outcome is Outcome.SUCCESS), 4 * outcome.is_refusal)
        assert "4 " in overview(a_report(total=total, by_outcome={outcome: 4})).split("became of them")[1]


def test_members_are_mentioned_the_busiest_first_and_the_others_counted() -> None:
    page = overview(a_report(member_count=1502))
    assert "<@7> **80** · 60 made · 15 refused · spent 12.00\n<@8>" in page
    assert "and 1,500 more members" in page
    assert "more member" not in overview(a_report())
    assert "and 1 more member\n" in overview(a_report(member_count=3))


def test_filters_are_named_and_leave_out_what_they_fix() -> None:
    page = overview(a_report(), member=7, channel=70)
    assert "My server · <@7> only · <#70> only ·" in page
    assert "Who asked" not in page
    assert "Channels" not in page


def test_the_three_busiest_hours_are_named_and_idle_ones_never() -> None:
    assert "**Busiest hours**\n19:00 (**41**) · 18:00 (**40**) · 20:00 (**21**)" in overview(a_report())
    page = overview(a_report(by_hour=(*[0] * 23, 4)))
    assert "23:00 (**4**)" in page
    assert "(**0**)" not in page


def test_models_and_channels_are_the_first_five_and_a_count() -> None:
    many = tuple((f"m{n}", Tally(9 - n)) for n in range(7))
    page = overview(a_report(models=many, channels=tuple((n, Tally(1)) for n in range(6))))
    assert "m4 **5**" in page
    assert "m5" not in page
    assert "and 2 more models" in page
    assert "and 1 more channel\n" in page
    assert "Sora 2 **120**" in overview(a_report())


def test_open_requests_and_what_is_set_aside_are_told() -> None:
    page = overview(a_report(open=3, reserved=600_000))
    assert "⏳ 3 waiting or under way, 0.60 set aside for them" in page
    assert "waiting" not in overview(a_report())


def test_what_is_left_for_the_server_stands_beside_its_limit_with_the_time_it_begins_anew() -> None:
    allowance = Allowance(videos_day=50, money_day=10_000_000, money_month=100_000_000)
    used = limits(allowance, {DAY: CounterValue(12, 6_800_000), MONTH: CounterValue(200, 150_000_000)})
    lines = overview(a_report(), limits=used).splitlines()
    assert "Today: 38 of 50 videos · 3.20 of 10.00 to spend, anew <t:1774915200:R>" in lines
    assert "This month: 0.00 of 100.00 to spend, anew <t:1775001600:R>" in lines


def test_a_server_without_limits_is_told_how_to_set_them() -> None:
    assert "no limits; `/limits` sets them" in overview(a_report(), limits=limits(Allowance()))


def test_an_empty_server_reads_in_three_lines() -> None:
    assert overview(empty()).splitlines() == [
        "## No requests",
        "My server · 1 Mar – 30 Mar 2026 (UTC)",
        "None in the 30 days before either",
    ]


def test_a_missing_chart_is_explained_in_small_print() -> None:
    assert overview(empty(), charted=False).splitlines()[-1].startswith("-# Shown without a chart.")
    assert "kinora[charts]" in member(charted=False)


def test_a_members_page_tells_what_they_have_left() -> None:
    used = {DAY: CounterValue(3), OPEN: CounterValue(1, latest=NOW - timedelta(seconds=20))}
    lines = member(Allowance(videos_day=5, at_once=2, cooldown=60), used=used).splitlines()
    assert "Today: 2 of 5 videos, anew <t:1774915200:R>" in lines
    assert "At once: 1 of 2" in lines
    assert f"Cooldown: over <t:{int(NOW.timestamp()) + 40}:R>" in lines


def test_a_members_page_tells_when_no_limit_holds_and_why() -> None:
    assert "No limits hold for them" in member()
    assert "A role of theirs frees them" in member(Allowance(unlimited=True))
    assert "none of the roles" in member(without_role=True)


def test_a_block_stands_at_the_top_with_its_end_its_author_and_its_reason() -> None:
    block = Block(1, 7, NOW + timedelta(hours=2), "spam *and* @everyone", 9, NOW)
    top = member_view(a_report(), 7, MODELS, limits(Allowance()), block=block).paragraphs[0]
    until = int(NOW.timestamp()) + 7200
    assert f"⛔ Blocked until <t:{until}:f> (<t:{until}:R>) by <@9>: spam \\*and\\* \\@everyone" in top
    assert "Paused by Kinora" in member(block=replace(block, by=KINORA))
    assert "<@0>" not in member(block=replace(block, by=KINORA))


def test_the_largest_numbers_and_names_fit_one_message() -> None:
    tally = Tally(10**7, 10**7, 10**7, 10**15)
    people = tuple((2**63 - n, tally) for n in range(10))
    models = tuple(("*" * 200 + str(n), tally) for n in range(30))
    report = a_report(
        total=tally, before=tally, by_outcome=dict.fromkeys(Outcome, 10**7), by_hour=(10**7,) * 24, members=people,
        member_count=10**6, models=models, channels=people * 3, open=10**6, reserved=10**15,
    )  # fmt: skip
    most = Allowance(**{kind.name: 10**15 if kind.unit is Unit.MONEY else 10**7 for kind in kinds()})
    used = limits(most, {OPEN: CounterValue(1, 1, NOW)})
    assert len(shown(overview_view(report, "*" * 100, [], limits=used, charted=False))) < 4000
    block = Block(1, 7, NOW, "*" * 1000, 9, NOW)
    assert len(shown(member_view(report, 7, [], used, block=block, charted=False))) < 4000


def test_the_periods_to_choose_from_fit_discords_lists() -> None:
    assert len(PERIODS) <= 25


def test_a_day_that_nobody_understands_is_quoted_back() -> None:
    assert r"\*tomorrow\*" in no_day("*tomorrow*")
