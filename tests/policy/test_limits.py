"""Periods are those of UTC, whatever zone a moment is told in, and limits are compared the way the database does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.limits import Need, Span, Used, exceeded

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - naive here
zones = st.builds(lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-12 * 60, 14 * 60))


@given(moments, zones)
def test_a_period_is_the_same_in_every_zone(moment: datetime, zone: timezone) -> None:
    for span in Span:
        assert span.period(moment.astimezone(zone)) == span.period(moment)
        assert span.ends(moment.astimezone(zone)) == span.ends(moment)


@given(moments)
def test_a_period_ends_where_the_next_one_begins(moment: datetime) -> None:
    for span in (Span.DAY, Span.MONTH):
        end = span.ends(moment)
        assert end
        assert end > moment
        assert span.period(end) != span.period(moment)
        assert span.period(end - timedelta(microseconds=1)) == span.period(moment)


@pytest.mark.parametrize(
    ("moment", "day", "month"),
    [
        (datetime(2028, 2, 29, 12, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        (datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)),
    ],
)
def test_leap_days_and_turns_of_the_year(moment: datetime, day: datetime, month: datetime) -> None:
    assert (Span.DAY.ends(moment), Span.MONTH.ends(moment), Span.NOW.ends(moment)) == (day, month, None)


@given(st.integers(0, 5), st.integers(1, 3), st.integers(0, 6), st.integers(0, 500), st.integers(0, 900))
def test_a_need_is_exceeded_exactly_when_the_sum_is(stands: int, more: int, most: int, spent: int, budget: int) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    need = Need(1, 2, Span.DAY, "2026-03-01", at, more, 100, most_videos=most, most_cost=budget)
    denied = exceeded(need, Used(stands, spent)) is not None
    assert denied == (stands + more > most or spent + 100 > budget)
