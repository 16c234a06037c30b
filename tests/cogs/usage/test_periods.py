"""Which days ``/usage`` looks at: whole UTC days, and clear words about days that are none."""

from __future__ import annotations

from datetime import date

import pytest

from bot.errors import UserError
from bot.texts.usage import PERIODS
from cogs.usage.periods import Period, chosen_span

TODAY = date(2026, 3, 30)


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        (Period.TODAY, TODAY, TODAY),
        (Period.DAYS_7, date(2026, 3, 24), TODAY),
        (Period.DAYS_30, date(2026, 3, 1), TODAY),
        (Period.THIS_MONTH, date(2026, 3, 1), TODAY),
        (Period.LAST_MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        (Period.DAYS_90, date(2025, 12, 31), TODAY),
        (Period.DAYS_365, date(2025, 3, 31), TODAY),
    ],
)
def test_a_period_ends_today_or_with_last_month(period: Period, since: date, until: date) -> None:
    assert period.span(TODAY) == (since, until)


def test_last_month_in_january_is_december() -> None:
    assert Period.LAST_MONTH.span(date(2026, 1, 1)) == (date(2025, 12, 1), date(2025, 12, 31))


def test_every_period_has_words_and_unknown_ones_are_thirty_days() -> None:
    assert list(PERIODS) == [period.value for period in Period]
    assert Period.of("14") is Period.of(None) is Period.DAYS_30
    assert Period.of("month") is Period.THIS_MONTH


@pytest.mark.parametrize(
    ("first", "last", "since", "until"),
    [
        (None, None, date(2026, 3, 1), TODAY),
        ("2026-01-05", None, date(2026, 1, 5), TODAY),
        (None, "2026-01-31", date(2026, 1, 2), date(2026, 1, 31)),
        (" 2026-01-05 ", "2026-01-05", date(2026, 1, 5), date(2026, 1, 5)),
    ],
)
def test_an_end_that_is_left_out_is_today_or_thirty_days(
    first: str | None, last: str | None, since: date, until: date
) -> None:
    assert chosen_span(first, last, TODAY) == (since, until)


@pytest.mark.parametrize("text", ["yesterday", "2026-02-30", "30.03.2026", "0001-01-01", "9999-12-31", "2026-03"])
def test_a_day_that_is_none_is_named_with_the_shape_of_one(text: str) -> None:
    for first, last in ((text, None), (None, text)):
        with pytest.raises(UserError, match="2026-03-31"):
            chosen_span(first, last, TODAY)


def test_reversed_days_are_told_as_such() -> None:
    with pytest.raises(UserError, match="is after"):
        chosen_span("2026-03-02", "2026-03-01", TODAY)
