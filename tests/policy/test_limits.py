"""Periods are those of UTC, whatever zone a moment is told in, and limits are compared the way the database does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.limit_kinds import DAY, MONTH, NOW, windows
from bot.policy.limit_usage import CounterValue
from bot.policy.limits import Reservation, exceeded_limit
from bot.policy.policy import Allowance

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - naive here
zones = st.builds(lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-12 * 60, 14 * 60))


@given(moments, zones)
def test_a_period_is_the_same_in_every_zone(moment: datetime, zone: timezone) -> None:
    for span in windows():
        assert span.key(moment.astimezone(zone)) == span.key(moment)
        assert span.resets_at(moment.astimezone(zone)) == span.resets_at(moment)


@given(moments)
def test_a_period_ends_where_the_next_one_begins(moment: datetime) -> None:
    for span in (DAY, MONTH):
        end = span.resets_at(moment)
        assert end
        assert end > moment
        assert span.key(end) != span.key(moment)
        assert span.key(end - timedelta(microseconds=1)) == span.key(moment)


@pytest.mark.parametrize(
    ("moment", "day", "month"),
    [
        (datetime(2028, 2, 29, 12, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        (datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)),
    ],
)
def test_leap_days_and_turns_of_the_year(moment: datetime, day: datetime, month: datetime) -> None:
    assert (DAY.resets_at(moment), MONTH.resets_at(moment), NOW.resets_at(moment)) == (
        day,
        month,
        None,
    )


@given(st.integers(0, 5), st.integers(1, 3), st.integers(0, 6), st.integers(0, 500), st.integers(0, 900))
def test_a_need_is_exceeded_exactly_when_the_sum_is(stands: int, more: int, most: int, spent: int, budget: int) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    need = Reservation(1, 2, DAY, at, more, 100, Allowance(videos_day=most, money_day=budget))
    denied = exceeded_limit(need, CounterValue(stands, spent)) is not None
    assert denied == (stands + more > most or spent + 100 > budget)
