"""What moderators read of numbers: one first, honest trends, nothing from outside that Discord would act on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.models import Outcome
from bot.policy.blocks import KINORA, Block
from bot.policy.limit_kinds import NOW, Unit, kinds
from bot.policy.limit_usage import CounterValue
from bot.policy.policy import Allowance
from bot.reports.usage_report import Tally, UsageReport
from bot.texts.policy import KnownServer
from bot.texts.usage import PERIODS, member_view, no_day, overview_view
from bot.texts.view import View
from tests.texts.cases.facts import MODELS, NOON, UNLIMITED, a_report, usage


def shown(view: View) -> str:
    return "\n".join(view.paragraphs)


def overview(report: UsageReport, **options: Any) -> str:
    return shown(overview_view(report, "My server", KnownServer(MODELS), **options))


def test_every_outcome_is_counted_somewhere() -> None:
    for outcome in Outcome:
        total = Tally(4, 4 * (outcome is Outcome.SUCCESS), 4 * outcome.is_refusal)
        assert "4 " in overview(a_report(total=total, by_outcome={outcome: 4})).split("Results")[1]


def test_filters_are_named_and_leave_out_what_they_fix() -> None:
    page = overview(a_report(), member=7, channel=70)
    assert "My server · <@7> only · <#70> only ·" in page
    assert "Top members" not in page
    assert "Channels" not in page


def test_the_three_busiest_hours_are_named_and_idle_ones_never() -> None:
    assert "**Busiest hours**\n19:00 (**41**) · 18:00 (**40**) · 20:00 (**21**)" in overview(a_report())
    page = overview(a_report(by_hour=(*[0] * 23, 4)))
    assert "23:00 (**4**)" in page
    assert "(**0**)" not in page


def test_a_block_stands_at_the_top_and_its_reason_is_without_force() -> None:
    block = Block(1, 7, NOON + timedelta(hours=2), "spam *and* @everyone", 9, NOON)
    blocked, paused = (
        member_view(a_report(), 7, KnownServer(MODELS), UNLIMITED, block=one)
        for one in (block, replace(block, by=KINORA))
    )
    assert "by <@9>: spam \\*and\\* \\@everyone" in blocked.paragraphs[0]
    assert f"<@{KINORA}>" not in shown(paused)


def test_the_largest_numbers_and_names_fit_one_message() -> None:
    tally = Tally(10**7, 10**7, 10**7, 10**15)
    people = tuple((2**63 - n, tally) for n in range(10))
    models = tuple(("*" * 200 + str(n), tally) for n in range(30))
    report = a_report(
        total=tally, before=tally, by_outcome=dict.fromkeys(Outcome, 10**7), by_hour=(10**7,) * 24, members=people,
        member_count=10**6, models=models, channels=people * 3, open=10**6, reserved=10**15,
    )  # fmt: skip
    most = Allowance(**{kind.name: 10**15 if kind.unit is Unit.MONEY else 10**7 for kind in kinds()})
    used = usage(most, {NOW: CounterValue(1, 1, NOON)})
    assert len(shown(overview_view(report, "*" * 100, KnownServer(), limits=used, charted=False))) < 4000
    block = Block(1, 7, NOON, "*" * 1000, 9, NOON)
    assert len(shown(member_view(report, 7, KnownServer(), used, block=block, charted=False))) < 4000


def test_the_periods_to_choose_from_fit_discords_lists() -> None:
    assert len(PERIODS) <= 25


def test_a_day_that_nobody_understands_is_quoted_back() -> None:
    assert r"\*tomorrow\*" in no_day("*tomorrow*")
