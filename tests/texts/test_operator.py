"""What the operator reads fits into one message, shows no foreign Markdown, and tells what holds."""

from __future__ import annotations

from datetime import date

import pytest

from bot.policy.policy import Allowance, Policy
from bot.reports.usage_report import GuildTotal, Tally
from bot.texts.operator import (
    ServerAccess,
    defaults_set_view,
    defaults_view,
    denied_view,
    newcomers_view,
    server_words,
    totals_view,
)
from bot.texts.policy import KnownServer
from bot.texts.view import View

SINCE, UNTIL = date(2026, 2, 1), date(2026, 3, 2)
OPEN = ServerAccess(denied=0, newcomers=True)
KNOWN = KnownServer()


def text(view: View) -> str:
    return "\n".join(view.paragraphs)


def page(
    *totals: GuildTotal, before: int = 0, standing: ServerAccess = OPEN, name: str | None = None, since: date = SINCE
) -> str:
    return text(totals_view(since, UNTIL, totals, Tally(before), standing, lambda _: name))


def a_total(guild_id: int, jobs: int = 1, **changes: bool) -> GuildTotal:
    return GuildTotal(guild_id, Tally(jobs, jobs, 0, 1_500_000), **{"denied": False} | changes)


def test_one_number_stands_first() -> None:
    shown = page(a_total(1, 3), GuildTotal(2, Tally(4, 1, 1, 0), denied=False))
    assert shown.startswith("## 7 requests\n2026-02-01 – 2026-03-02 (UTC) · 2 servers\n4 made · 1 refused · 2 failed")
    assert "1.50 spent" in shown


def test_without_requests_it_says_so_and_no_more() -> None:
    assert page() == (
        "## No requests\n2026-02-01 – 2026-03-02 (UTC)\nNone in the 30 days before either\n"
        "-# No server denied by name · servers that you said nothing of: allowed"
    )


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (0, "Nothing to compare with"),
        (20, "▼ 50 % against the 30 days before (20)"),
        (8, "▲ 25 % against"),
        (10, "▬ About as many"),
        (1, "▲ 10 times the 30 days before (1)"),
    ],
)
def test_the_trend_is_that_against_as_many_days_before(before: int, words: str) -> None:
    assert words in page(a_total(1, 10), before=before)


def test_one_day_is_compared_with_the_day_before() -> None:
    shown = page(a_total(1), before=2, since=UNTIL)
    assert "2026-03-02 (UTC)" in shown
    assert "against the day before (2)" in shown


def test_the_fifteen_busiest_are_named_and_the_others_counted() -> None:
    shown = page(*(a_total(guild) for guild in range(1, 18)))
    assert "`15`: **1**" in shown
    assert "`16`" not in shown
    assert "and 2 servers more with 2 requests" in shown


def test_longest_names_leave_room_in_one_message() -> None:
    totals = [a_total(2**63 - 1 - guild, 10**9, denied=True) for guild in range(50)]
    assert len(page(*totals, name="*" * 100)) < 4000


def test_names_of_servers_are_shown_without_what_discord_would_act_on() -> None:
    assert r"\*\*\@everyone\*\*" in page(a_total(1), name="**@everyone**")
    assert r"\[a\]\(b\) \#c" in text(denied_view(server_words(5, "[a](b)\n#c")))


def test_a_server_out_of_reach_is_named_by_its_id() -> None:
    assert server_words(5, None) == "`5`"


def test_what_is_denied_is_told() -> None:
    assert "⛔ denied" in page(a_total(1, denied=True))
    standing = page(standing=ServerAccess(denied=2, newcomers=False))
    assert "2 servers denied by name · servers that you said nothing of: ⛔ denied" in standing


def test_shutting_newcomers_out_says_that_it_holds_for_servers_there_are_already() -> None:
    assert "already, too" in text(newcomers_view(allowed=False))


def test_defaults_show_what_this_servers_rules_would_change() -> None:
    here = Policy(member=Allowance(videos_day=7))
    shown = text(defaults_view(Policy(), here, KNOWN))
    assert "no limit → 7" in shown
    assert "it would be" not in text(defaults_view(here, here, KNOWN))


def test_defaults_that_were_set_show_what_was_before() -> None:
    shown = text(defaults_set_view(Policy(prompt_days=9), Policy(prompt_days=3), KNOWN))
    assert "after 9 days → forgotten after 3 days" in shown
    assert "Nothing changed." in text(defaults_set_view(Policy(), Policy(), KNOWN))
